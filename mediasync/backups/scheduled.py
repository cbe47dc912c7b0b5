"""The daily backup: a job of the upkeep."""

from __future__ import annotations

from datetime import time, timedelta

from jobs import clock, running
from jobs.errors import RetryLater
from jobs.models import Priority
from jobs.queue import Work, enqueue
from jobs.registry import handles
from jobs.schedules import declare
from mediasync.backups import catalogue, keeping, making, place
from mediasync.backups.errors import BackupError
from mediasync.supervisor import locks

KIND, SCHEDULE = "mediasync.backup", "daily backup"
AT = time(2, 30)
WAIT = timedelta(minutes=5)


def register() -> None:
    """Bring along the schedule; a person may give its row another time."""
    declare(SCHEDULE, kind=KIND, key=place.DAILY, daily_at=AT, priority=Priority.LOW)


def ask(*, actor: str) -> None:
    """Queue a backup because a person asked; a second one joins it."""
    enqueue(Work(KIND, place.BY_HAND, Priority.CRITICAL, f"backup, asked for by {actor}"))


@handles(KIND, pool="upkeep", base=600, cap=6 * 3600, attempts=4)
def back_up(key: str) -> None:
    """Make a backup, remember how it went, and remove those that have had their time."""
    try:
        backup = making.make(kind=key if key == place.DAILY else place.BY_HAND, patience=0)
    except locks.Taken as error:
        raise RetryLater(until=clock.now() + WAIT, reason=str(error)) from error
    except BackupError as error:
        catalogue.failed(key, str(error))
        raise RetryLater(reason=str(error)) from error
    with running.ending():
        catalogue.made(backup)
    catalogue.sync()
    keeping.prune(catalogue.good())
