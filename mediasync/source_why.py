"""Why a source is asked, rests or waits: circuit, pauses, budget, and what was learnt of it."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _

from journal.models import Event
from mediasync import words
from mediasync.standing import shown
from outbound import budget
from outbound.models import Source
from pages.stored import translated
from pages.why import Why

EVENTS = 30


def of_source(name: str) -> tuple[Source, Why] | None:
    """Return a source and why it is as it is; None where nobody has asked it."""
    source = Source.objects.filter(pk=name).first()
    return (source, why_of(source)) if source else None


def why_of(source: Source) -> Why:
    """Return why a source is as it is."""
    word, until, reason = shown(source, timezone.now())
    reason = translated(reason)
    return Why(
        state=("circuit", word),
        rule=rule_of(source, word, reason),
        next=_next(word),
        next_at=until,
        inputs=list(_inputs(source)),
        events=list(Event.objects.filter(subject=f"outbound.source:{source.pk}")[:EVENTS]),
    )


def rule_of(source: Source, word: str, reason: str) -> str:
    """Return the sentence that led to the circuit word of a source."""
    if word == "no_key":
        return _("It refused our key, so nothing is sent until the key is another one. %s") % reason
    if word == "keyless":
        return _("There is no key to ask it with: titles are described from file names and NFO files.")
    if word == "paused":
        return _("It asked for a pause, which holds for all workers. %s") % reason
    if word in ("open", "due"):
        named = {"n": source.failures, "why": reason}
        return _("It failed %(n)d times in a row, so nothing is sent for a while. %(why)s") % named
    if word == "half_open":
        return _("One request is on its way to see whether it answers again.")
    if source.failures:
        named = {"n": source.failures, "limit": settings.CIRCUIT_BREAKER_THRESHOLD}
        return _("It answers; of late it failed %(n)d times in a row, and rests at %(limit)d.") % named
    return _("It answers.")


def _next(word: str) -> str:
    said = {
        "keyless": _("A key is optional, and free: Settings → Metadata says how to get one."),
        "no_key": _("Requests go again when the key is corrected in the settings, or after a reset."),
        "paused": _("Requests go again when the pause is over; no test gets around it."),
        "open": _("Then one request is let through as a trial. A test is such a trial, ahead of its time."),
        "due": _("The next request is let through as a trial."),
        "half_open": _("An answer closes the circuit; a failure keeps it open for longer."),
    }
    return said.get(word, _("Requests go as the budget allows."))


def _inputs(source: Source) -> Any:
    yield _("Address"), source.base_url or _("none of its own: another source names it")
    yield _("Rules"), rules_of(source)
    yield _("Failures in a row"), f"{source.failures} / {settings.CIRCUIT_BREAKER_THRESHOLD}"
    look = words.look("circuit", source.circuit)
    yield _("Circuit"), f"{look.word} ({look.term})"
    if source.last_error:
        yield _("Last error"), translated(source.last_error)
    if source.tested_said:
        yield _("Last test"), translated(source.tested_said)


def rules_of(source: Source) -> str:
    """Return the rules in words: "35 in 10 s"."""
    rules = [_("%(n)d in %(s)g s") % {"n": rule.requests, "s": rule.seconds} for rule in budget.rules_of(source)]
    return ", ".join(rules) or _("none")
