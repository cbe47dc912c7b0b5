"""What pages and health checks say of backups."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.utils import timezone

from jobs.models import Job, Schedule
from mediasync.backups import scheduled
from mediasync.models import Backup

LATE = timedelta(hours=36)  # a daily one and a night's grace


@dataclass(frozen=True, slots=True)
class State:
    """How it stands with backups; `ok` is False where the last good one is too old or the last try failed.

    `next_at` is None where the schedule is switched off.
    """

    ok: bool
    message: str
    cure: str
    latest: Backup | None
    failed: Backup | None
    next_at: datetime | None
    running: bool
    folder: Path
    count: int
    bytes: int


def latest() -> Backup | None:
    """Return the newest backup that is good."""
    return Backup.objects.filter(ok=True).exclude(file="").first()


def listing(most: int = 50) -> list[Backup]:
    """Return what there is, newest first, failed tries too."""
    return list(Backup.objects.all()[:most])


def state() -> State:
    """Return how it stands with backups, in three queries."""
    rows = listing(200)
    good = next((row for row in rows if row.ok and row.file), None)
    failure = rows[0] if rows and not rows[0].ok else None
    schedule = Schedule.objects.filter(name=scheduled.SCHEDULE).first()
    running = Job.objects.filter(kind=scheduled.KIND, state=Job.State.LEASED).exists()
    ok, message, cure = _judged(good, failure, schedule)
    return State(
        ok=ok,
        message=message,
        cure=cure,
        latest=good,
        failed=failure,
        next_at=schedule.next_run_at if schedule and schedule.enabled else None,
        running=running,
        folder=Path(settings.BACKUP_DIR),
        count=sum(bool(row.file) for row in rows),
        bytes=sum(row.bytes for row in rows),
    )


def _judged(good: Backup | None, failure: Backup | None, schedule: Schedule | None) -> tuple[bool, str, str]:
    if failure:
        return False, f"the last one failed: {failure.message}", "Make one now with ./run backup; it says what is wrong"
    if good is None:
        fresh = schedule is not None and schedule.enabled and schedule.last_run_at is None
        return fresh, "none yet" + ("; the first is made tonight" if fresh else ""), "" if fresh else "./run backup"
    if timezone.now() - good.at > LATE:
        message = f"the newest is {(timezone.now() - good.at).days} days old"
        if schedule is not None and not schedule.enabled:
            return True, f"{message}, and the daily one is switched off", ""
        return False, message, "Look whether background work runs, or make one now with ./run backup"
    return True, "the newest is less than two days old and was tried out", ""
