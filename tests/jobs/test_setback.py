"""A clock that is set back does not make the household wait for an hour."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from jobs import look, queue, schedules, setback
from jobs.models import Job, Pool, Schedule

pytestmark = pytest.mark.django_db
BEFORE = datetime(2026, 1, 1, 12, tzinfo=UTC)


def has_work() -> bool:
    return any(pool.has_work for pool in look.look())


@pytest.fixture
def waiting():
    """A job that was due, and a schedule, both from before the clock went back."""
    Pool.objects.get_or_create(name="metadata")
    with time_machine.travel(BEFORE, tick=False):
        schedules.ensure()
        queue.enqueue(queue.Work("test.plain", "a"))


def test_what_was_due_before_the_clock_went_back_is_due_now(waiting):
    with time_machine.travel(BEFORE - timedelta(hours=1), tick=False):
        assert not has_work()
        assert setback.mend()
        assert has_work()
        assert setback.mend() == 0
        assert Schedule.objects.get(name="reseed").next_run_at <= BEFORE - timedelta(minutes=59)


def test_what_waits_for_its_time_goes_on_waiting_while_clocks_agree(waiting):
    with time_machine.travel(BEFORE, tick=False):
        Job.objects.update(due_at=BEFORE + timedelta(hours=5))

        assert setback.mend() == 0
