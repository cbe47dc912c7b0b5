"""Work that comes back by itself: rows a person can see, change and run now."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction

from jobs import clock
from jobs.models import Priority, Schedule
from jobs.works import Work, enqueue
from journal.moves import record

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Default:
    """A schedule the application brings along; a person may change its row afterwards."""

    name: str
    kind: str
    key: str
    every_s: int | None
    daily_at: time | None
    priority: int
    at_once: bool = True


defaults: dict[str, Default] = {}


def declare(
    name: str,
    *,
    kind: str,
    key: str = "",
    every_s: int | None = None,
    daily_at: time | None = None,
    priority: int = Priority.MEDIUM,
    at_once: bool = True,
) -> None:
    """Bring along a schedule: every so many seconds, or daily at a local time; its row is made at start.

    Without `at_once` its first run comes after the first interval.
    """
    if (every_s is None) == (daily_at is None):
        raise ValueError(f"the schedule {name} needs either an interval or a time of day")
    defaults[name] = Default(name, kind, key, every_s, daily_at, priority, at_once)


def ensure() -> None:
    """Make the rows that are missing; a row that a person changed stays as it is."""
    there = set(Schedule.objects.values_list("name", flat=True))
    missing = [default for name, default in defaults.items() if name not in there]
    Schedule.objects.bulk_create([_row(default) for default in missing], ignore_conflicts=True)


def take_due() -> int:
    """Enqueue the work of every due schedule, each in its own transaction; returns how many were taken."""
    now = clock.now()
    due = Schedule.objects.filter(enabled=True, next_run_at__lte=now)
    return sum(_take(schedule, now) for schedule in list(due))


def run_now(schedule: Schedule, *, actor: str) -> None:
    """Enqueue a schedule's work because a person asked; its next run stays where it is."""
    with transaction.atomic():
        record(schedule, reason="run now", actor=actor)
        enqueue(Work(schedule.kind, schedule.key, Priority.CRITICAL, f"{schedule.name}, asked for by {actor}"))


def change(
    schedule: Schedule,
    *,
    actor: str,
    every_s: int | None = None,
    daily_at: time | None = None,
    enabled: bool = True,
) -> None:
    """Give a schedule another time, and plan its next run accordingly."""
    schedule.every_s, schedule.daily_at, schedule.enabled = every_s, daily_at, enabled
    schedule.next_run_at = next_run(schedule, clock.now())
    with transaction.atomic():
        schedule.save(update_fields=["every_s", "daily_at", "enabled", "next_run_at"])
        record(schedule, reason="changed" if enabled else "switched off", actor=actor)


def next_run(schedule: Schedule, now: datetime) -> datetime:
    """Return the first run after `now`; runs that were missed are not caught up."""
    if schedule.daily_at is not None:
        return next_daily(schedule.daily_at, now, ZoneInfo(settings.TIME_ZONE))
    period = timedelta(seconds=max(schedule.every_s or 0, 1))
    planned = schedule.next_run_at + period
    return planned if now < planned <= now + period else now + period


def next_daily(at: time, now: datetime, zone: ZoneInfo) -> datetime:
    """Return the next moment at which clocks in `zone` show `at`: UTC, once a day.

    A time that the change to summer time skips comes as much later; one that comes twice counts once.
    """
    day = now.astimezone(zone).date()
    while True:
        moment = datetime.combine(day, at.replace(fold=0), zone).astimezone(UTC)
        if moment > now:
            return moment
        day += timedelta(days=1)


def _take(schedule: Schedule, now: datetime) -> bool:
    try:
        with transaction.atomic():
            if not _advance(schedule, now, last_error=""):
                return False
            enqueue(Work(schedule.kind, schedule.key, schedule.priority, f"schedule {schedule.name}"))
    except Exception as error:
        log.exception("schedule %s", schedule.name)
        _advance(schedule, now, last_error=f"{type(error).__name__}: {error}")
        return False
    return True


def _advance(schedule: Schedule, now: datetime, *, last_error: str) -> int:
    """Plan the next run, if no other drain has done so."""
    ours = Schedule.objects.filter(pk=schedule.pk, next_run_at=schedule.next_run_at, enabled=True)
    return ours.update(next_run_at=next_run(schedule, now), last_run_at=now, last_error=last_error)


def _row(default: Default) -> Schedule:
    row = Schedule(
        name=default.name,
        kind=default.kind,
        key=default.key,
        every_s=default.every_s,
        daily_at=default.daily_at,
        priority=default.priority,
        next_run_at=clock.now(),
    )
    if default.daily_at is not None or not default.at_once:
        row.next_run_at = next_run(row, clock.now())
    return row
