"""Pauses of a whole source: Retry-After, walls and refused credentials stop all workers at once."""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction

from jobs.errors import RetryLater
from journal.moves import record
from outbound import errors, holds
from outbound.budget import now
from outbound.clock import Moment
from outbound.models import Source
from outbound.waits import Wait

DAY = 86_400.0


def obstacle(source: Source, moment: Moment, credentials: str) -> Wait | None:
    """Return why nothing may be sent at this moment: credentials (their hash) refused, or a pause."""
    left = _left(source, moment)
    if source.settings_key and source.settings_key == credentials:
        if left <= 0:  # a day has passed and nothing changed: hold the jobs for another
            refuse_credentials(source.name, credentials, source.paused_reason)
            left = DAY
        return Wait(left, moment, errors.NotConfigured, source.paused_reason)
    if left <= 0 or source.paused_as == errors.NotConfigured.__name__:
        return None
    return Wait(left, moment, getattr(errors, source.paused_as, errors.RateLimited), source.paused_reason)


def pause(name: str, failure: type[RetryLater], reason: str, *, asked: float | None, first: float) -> float:
    """Stop all workers and return for how many seconds: as `asked`, at most a day.

    Where nobody asked: `first`, and twice the last pause when that ended only just now. A pause that
    ends later stays.
    """
    moment = now()
    with transaction.atomic(durable=True):
        source = Source.objects.locked(name)
        seconds = _growing(source, moment, first) if asked is None else min(max(1.0, asked), DAY)
        until = moment.wall + timedelta(seconds=seconds)
        source.last_error, source.last_error_at = reason, moment.wall
        if not (source.paused_until and source.paused_until >= until):
            _write(source, moment, seconds, failure, reason)
        else:
            source.save(update_fields=["last_error", "last_error_at", "updated_at"])
    return seconds


def refuse_credentials(name: str, credentials: str, reason: str) -> None:
    """Stop the source until the credentials' hash differs or a person resets it."""
    moment = now()
    with transaction.atomic():
        source = Source.objects.locked(name)
        source.settings_key, source.last_error, source.last_error_at = credentials, reason, moment.wall
        _write(source, moment, DAY, errors.NotConfigured, reason)


def lift(source: Source) -> None:
    """End every pause, also that of refused credentials; belongs in the transaction that locked `source`."""
    source.paused_at = source.paused_until = None
    source.paused_reason = source.paused_as = source.settings_key = ""
    source.save()
    holds.renew(source, now())


def _write(source: Source, moment: Moment, seconds: float, failure: type[RetryLater], reason: str) -> None:
    source.paused_at, source.paused_until = moment.wall, moment.wall + timedelta(seconds=seconds)
    source.paused_reason, source.paused_as = reason, failure.__name__
    source.save()
    record(source, reason=reason, facts={"seconds": round(seconds, 1)})
    holds.renew(source, moment)


def _growing(source: Source, moment: Moment, first: float) -> float:
    if not (source.paused_at and source.paused_until):
        return first
    last = source.paused_until - source.paused_at
    recent = moment.wall - source.paused_until < max(last, timedelta(seconds=60))
    return min(DAY, max(first, 2 * last.total_seconds())) if recent else first


def _left(source: Source, moment: Moment) -> float:
    """Return the seconds left; a clock that went back must not make a pause longer than it was set for."""
    if not (source.paused_at and source.paused_until):
        return 0.0
    if moment.wall < source.paused_at - timedelta(seconds=1):
        whole = source.paused_until - source.paused_at
        same = Source.objects.filter(pk=source.pk, paused_at=source.paused_at)
        same.update(paused_at=moment.wall, paused_until=moment.wall + whole)
        return whole.total_seconds()
    return (source.paused_until - moment.wall).total_seconds()
