"""A clock that was set back: what was due already must not wait until it is due once more."""

from __future__ import annotations

import logging
from datetime import timedelta

from django.db.models import Value

from jobs import clock
from jobs.models import Job, Schedule
from jobs.ranking import patience

ROOM = timedelta(seconds=10)  # by which clocks of several nodes may differ

log = logging.getLogger(__name__)


def mend() -> int:
    """Make jobs that were made in what is now the future due at once, and schedules no later than their period.

    Returns how many rows that were. A second call finds nothing, so any number of nodes may do it.
    """
    now = clock.now()
    jobs = Job.objects.filter(state=Job.State.READY, created_at__gt=now + ROOM, due_at__gt=now)
    mended = jobs.update(due_at=now, created_at=now, rank=Value(now.timestamp()) + patience())
    for schedule in Schedule.objects.filter(daily_at=None, every_s__isnull=False, next_run_at__gt=now):
        if schedule.next_run_at > now + timedelta(seconds=schedule.every_s or 0) + ROOM:
            same = Schedule.objects.filter(pk=schedule.pk, next_run_at=schedule.next_run_at)
            mended += same.update(next_run_at=now)
    if mended:
        log.warning("The clock was set back: %d jobs and schedules that were due go on now.", mended)
    return mended
