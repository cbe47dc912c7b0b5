"""What a person does with a source: look at it, test it, reset it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from django.db import transaction
from django.db.models import Count, Q

from jobs.errors import GiveUp, RetryLater
from jobs.models import Job, Priority
from jobs.queue import Work, enqueue
from journal.moves import record
from journal.redaction import keep_secret
from outbound import breaker, budget, pacing, pauses
from outbound.client import Client, asked_by_a_person
from outbound.errors import NotConfigured, NotFound
from outbound.models import Grant, Source, SourceHour
from outbound.sources import SourceSpec, ready, spec_of

TEST = "outbound.test"
TEST_SECONDS = 8.0  # a person waits


def reset(source: Source, *, actor: str) -> None:
    """Close the circuit and end every pause: the next request shows how things are."""
    with transaction.atomic():
        row = Source.objects.locked(source.name)
        pauses.lift(row)
        breaker.close(row)
        record(row, reason="Reset by hand: circuit closed, pauses ended.", actor=actor)


def test(name: str) -> tuple[bool, str]:
    """Send one request to the source's `check_path`; returns whether it answered well, and a sentence.

    A 404 is an answer too: the way there and the credentials are fine. An open circuit is tried ahead of its time and
    closed by an answer; a failure is told and counts for nothing. A pause that the source asked for is kept.
    """
    try:
        spec = spec_of(name)
    except LookupError:
        return False, f"Nothing asks {name} any more."
    well, said = _asked(spec)
    Source.objects.filter(pk=name).update(tested_at=budget.now().wall, tested_well=well, tested_said=said)
    return well, said


def test_all(*, actor: str) -> int:
    """Queue a test of every source, before everything else; returns how many."""
    names = Source.objects.order_by("name").values_list("name", flat=True)
    return enqueue(*(Work(TEST, f"source:{name}", Priority.CRITICAL, f"asked by {actor}") for name in names))


def _asked(spec: SourceSpec) -> tuple[bool, str]:
    name = spec.name
    if not spec.base_url:
        return True, f"{name} has no address of its own: another source names it when it is needed."
    try:
        with asked_by_a_person(within=TEST_SECONDS, is_test=True):
            Client(name, headers=spec.headers()).get_bytes(spec.check_path, params=spec.parameters(), accept=())
    except NotFound:
        return True, f"{name} answers, though not at {spec.check_path}."
    except (RetryLater, GiveUp) as failure:
        return False, str(failure)
    return True, f"{name} answers."


class Trial(StrEnum):
    """How credentials did."""

    TAKEN = "taken"
    REFUSED = "refused"
    UNKNOWN = "unknown"  # the source could not be asked


def try_credentials(
    spec: SourceSpec, credentials: str, *, headers: Mapping[str, str], parameters: Mapping[str, str | int]
) -> tuple[Trial, str]:
    """Ask the source's `check_path` with credentials that are not ours yet; returns how they did, and a sentence.

    A refusal is the answer sought: it stops nobody, and what the source knows of our own stays.
    """
    name = spec.name
    ready(spec_of(name))
    keep_secret(credentials)
    trial = replace(spec, credentials=lambda: credentials, on_trial=True)
    try:
        with asked_by_a_person(within=TEST_SECONDS):
            Client(trial, headers=headers).get_bytes(trial.check_path, params=parameters, accept=())
    except NotConfigured as failure:
        return Trial.REFUSED, str(failure)
    except NotFound:
        return Trial.TAKEN, f"{name} answers, though not at {trial.check_path}."
    except (RetryLater, GiveUp) as failure:
        return Trial.UNKNOWN, str(failure)
    return Trial.TAKEN, f"{name} takes the key."


def facts(source: Source) -> dict[str, Any]:
    """Return what `sources --json` shows of a source (DESIGN.md §6)."""
    return facts_of([source])[0]


def facts_of(sources: Collection[Source]) -> list[dict[str, Any]]:
    """Return the facts of several sources in four queries, however many there are."""
    moment = budget.now()
    stamps, lately = _grants(sources, moment.budget)
    leased = Job.objects.filter(state=Job.State.LEASED).order_by().values_list("needs").annotate(n=Count("pk"))
    workers, day = dict(leased), _days(sources, moment.wall - timedelta(hours=24))
    return [
        {
            "name": source.name,
            "base_url": source.base_url,
            "circuit": source.circuit,
            "open_until": source.open_until,
            "paused_until": source.paused_until,
            "paused_reason": source.paused_reason,
            "key_refused": bool(source.settings_key),
            "failures": source.failures,
            "rules": [{"requests": rule.requests, "seconds": rule.seconds} for rule in budget.rules_of(source)],
            "budget_free": _free(source, stamps.get(source.name, []), moment.budget),
            "workers": workers.get(source.name, 0),
            "max_workers": None,
            "rate": round(lately[source.name] / 60, 3),
            "last_error": source.last_error or None,
            "last_24h": _sums(day.get(source.name, [])),
        }
        for source in sources
    ]


def _grants(sources: Collection[Source], now: float) -> tuple[dict[str, list[pacing.Stamp]], Counter[str]]:
    """Return the requests that a rule still counts, latest first, and how many were sent in the last minute."""
    windows = [rule.seconds for source in sources for rule in budget.rules_of(source)]
    counted = Q(arrived_by__gt=now - max(windows, default=0.0)) | Q(taken_at__gt=now - 60)
    rows = Grant.objects.filter(counted, source__in=[source.name for source in sources]).order_by("-arrived_by")
    stamps: dict[str, list[pacing.Stamp]] = {}
    lately: Counter[str] = Counter()
    for name, arrived_by, taken_at in rows.values_list("source_id", "arrived_by", "taken_at"):
        stamps.setdefault(name, []).append(pacing.Stamp(arrived_by, taken_at))
        lately[name] += taken_at > now - 60
    return stamps, lately


def _free(source: Source, stamps: list[pacing.Stamp], now: float) -> int:
    """Return how many requests the tightest rule would let through at this moment."""
    rules = budget.rules_of(source)
    return min((max(0, rule.requests - pacing.used(rule, stamps, now)) for rule in rules), default=0)


def _days(sources: Collection[Source], since: datetime) -> dict[str, list[SourceHour]]:
    """Return the counters of whole hours that end after `since`."""
    found: dict[str, list[SourceHour]] = {}
    for hour in SourceHour.objects.filter(source__in=list(sources), hour__gt=since - timedelta(hours=1)):
        found.setdefault(hour.source_id, []).append(hour)
    return found


def _sums(hours: Collection[SourceHour]) -> dict[str, Any]:
    return {
        "attempts": sum(hour.attempts for hour in hours),
        "successes": sum(hour.successes for hour in hours),
        "failures": dict(sum((Counter(hour.failures) for hour in hours), Counter())),
        "bytes": sum(hour.bytes for hour in hours),
    }
