"""What a person does with a source: look at it, test it, reset it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from django.db import transaction

from jobs.errors import GiveUp, RetryLater
from jobs.models import Job
from journal.moves import record
from journal.redaction import keep_secret
from outbound import breaker, budget, pauses
from outbound.client import Client, asked_by_a_person
from outbound.errors import NotConfigured, NotFound
from outbound.models import Grant, Source, SourceHour
from outbound.sources import ready, spec_of


def reset(source: Source, *, actor: str) -> None:
    """Close the circuit and end every pause: the next request shows how things are."""
    with transaction.atomic():
        row = Source.objects.locked(source.name)
        pauses.lift(row)
        breaker.close(row)
        record(row, reason="Reset by hand: circuit closed, pauses ended.", actor=actor)


def test(name: str) -> tuple[bool, str]:
    """Send one request to the source's `check_path`; returns whether it answered well, and a sentence.

    A 404 is an answer too: the way there and the credentials are fine.
    """
    spec = spec_of(name)
    if not spec.base_url:
        return True, f"{name} has no address of its own: another source names it when it is needed."
    try:
        with asked_by_a_person():
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
    name: str, credentials: str, *, headers: Mapping[str, str], parameters: Mapping[str, str | int]
) -> tuple[Trial, str]:
    """Ask the source's `check_path` with credentials that are not ours yet; returns how they did, and a sentence.

    A refusal is the answer sought: it stops nobody, and what the source knows of our own stays.
    """
    ready(spec_of(name))
    keep_secret(credentials)
    trial = replace(spec_of(name), credentials=lambda: credentials, on_trial=True)
    try:
        with asked_by_a_person():
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
    moment = budget.now()
    recent = Grant.objects.filter(source=source, taken_at__gt=moment.budget - 60).count()
    return {
        "name": source.name,
        "base_url": source.base_url,
        "circuit": source.circuit,
        "open_until": source.open_until,
        "paused_until": source.paused_until,
        "paused_reason": source.paused_reason,
        "key_refused": bool(source.settings_key),
        "failures": source.failures,
        "rules": [{"requests": rule.requests, "seconds": rule.seconds} for rule in budget.rules_of(source)],
        "budget_free": budget.free_places(source),
        "workers": Job.objects.filter(needs=source.name, state=Job.State.LEASED).count(),
        "max_workers": None,
        "rate": round(recent / 60, 3),
        "last_error": source.last_error or None,
        "last_24h": _sums_since(source, moment.wall - timedelta(hours=24)),
    }


def _sums_since(source: Source, since: datetime) -> dict[str, Any]:
    """Return the counters of whole hours that end after `since`."""
    hours = list(SourceHour.objects.filter(source=source, hour__gt=since - timedelta(hours=1)))
    return {
        "attempts": sum(hour.attempts for hour in hours),
        "successes": sum(hour.successes for hour in hours),
        "failures": dict(sum((Counter(hour.failures) for hour in hours), Counter())),
        "bytes": sum(hour.bytes for hour in hours),
    }
