"""Schedules: rows that come due once, in local time, each for itself."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from jobs import schedules
from jobs.models import Job, Schedule
from journal.models import Event

BERLIN = ZoneInfo("Europe/Berlin")


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("at", "now", "expected"),
    [
        pytest.param(time(3), "2026-01-10 01:00", "2026-01-10 02:00", id="later today"),
        pytest.param(time(3), "2026-01-10 02:00", "2026-01-11 02:00", id="now is over"),
        pytest.param(time(3), "2026-07-10 00:30", "2026-07-10 01:00", id="summer time"),
        pytest.param(time(2, 30), "2026-03-29 00:00", "2026-03-29 01:30", id="the hour that is skipped"),
        pytest.param(time(2, 30), "2026-10-24 23:00", "2026-10-25 00:30", id="the hour that comes twice"),
        pytest.param(time(2, 30), "2026-10-25 00:30", "2026-10-26 01:30", id="and counts once"),
    ],
)
def test_a_daily_time_is_local_and_comes_once_a_day(at, now, expected):
    assert schedules.next_daily(at, utc(now), BERLIN) == utc(expected)


@pytest.mark.django_db
class TestRows:
    def make(self, **fields):
        fields = {"name": "plain", "kind": "test.plain", "every_s": 60} | fields
        return Schedule.objects.create(next_run_at=timezone.now() - timedelta(seconds=1), **fields)

    def test_a_due_one_enqueues_and_plans_its_next_run(self):
        schedule = self.make(key="all")

        assert schedules.take_due() == 1
        assert schedules.take_due() == 0

        assert Job.objects.get().key == "all"
        schedule.refresh_from_db()
        assert schedule.next_run_at > timezone.now()

    def test_missed_runs_are_not_caught_up(self):
        schedule = self.make()
        Schedule.objects.update(next_run_at=timezone.now() - timedelta(days=2))

        schedules.take_due()

        schedule.refresh_from_db()
        assert schedule.next_run_at > timezone.now() + timedelta(seconds=50)

    def test_a_bad_one_keeps_its_error_and_stops_no_other(self):
        bad = self.make(name="bad", kind="no.such")
        self.make(name="good")

        assert schedules.take_due() == 1

        bad.refresh_from_db()
        assert "nobody handles no.such" in bad.last_error
        assert bad.next_run_at > timezone.now()

    def test_one_that_is_switched_off_waits(self):
        self.make(enabled=False)

        assert schedules.take_due() == 0

    def test_two_drains_take_it_once(self):
        first = self.make()
        second = Schedule.objects.get(pk=first.pk)

        assert schedules._take(first, timezone.now())
        assert not schedules._take(second, timezone.now())

    def test_a_person_runs_it_now_and_its_plan_stays(self):
        schedule = self.make()
        before = schedule.next_run_at

        schedules.run_now(schedule, actor="ada")

        schedule.refresh_from_db()
        assert schedule.next_run_at == before
        assert Job.objects.get().priority == 0
        assert Event.objects.get().actor == "ada"

    def test_a_change_plans_the_next_run_anew(self):
        schedule = self.make()

        schedules.change(schedule, daily_at=time(3), actor="ada")

        schedule.refresh_from_db()
        assert schedule.every_s is None
        assert timezone.now() < schedule.next_run_at <= timezone.now() + timedelta(days=1)

    def test_rows_are_made_once_and_keep_what_a_person_changed(self):
        schedules.ensure()
        Schedule.objects.filter(name="reseed").update(every_s=300)

        schedules.ensure()

        assert Schedule.objects.get(name="reseed").every_s == 300
