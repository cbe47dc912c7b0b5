"""What looks after the household: schedules, backups, tests of everything."""

from __future__ import annotations

import datetime

import pytest

from jobs.models import Job, Schedule
from journal.models import Event
from mediasync.models import Backup
from tests.api.household import furnish

pytestmark = pytest.mark.django_db


def test_schedules_are_listed_and_run_now(program, reader):
    Schedule.objects.create(name="daily backup", kind="mediasync.backup", key="daily", daily_at=datetime.time(2, 30))
    off = Schedule.objects.create(name="stale", kind="scanner.stale", every_s=3600, enabled=False)

    rows = reader.get("/schedules").json()
    answers = [program.post(f"/schedules/{rows[0]['id']}/run") for _time in range(2)]
    on = [program.post(f"/schedules/{off.pk}/switch-on").json() for _time in range(2)]

    assert [(row["daily_at"], row["every_seconds"]) for row in rows] == [("02:30", None), (None, 3600)]
    assert rows[1]["next_run_at"] is None
    assert [answer.status_code for answer in answers] == [202, 202]
    assert answers[0].json()["id"] == answers[1].json()["id"]
    assert (answers[0].json()["kind"], answers[0].json()["priority"]) == ("mediasync.backup", 0)
    assert [row["enabled"] for row in on] == [True, True]
    assert Event.objects.filter(subject=f"jobs.schedule:{off.pk}").count() == 1
    assert program.post("/schedules/4711/run").status_code == 404


def test_backups_are_listed_newest_first_and_one_more_is_made(program, reader):
    for day in (1, 2):
        at = datetime.datetime(2026, 1, day, tzinfo=datetime.UTC)
        Backup.objects.create(at=at, kind="daily", file=f"/data/{day}.zip", bytes=5, ok=True)

    rows = reader.get("/backups", limit=1).json()
    answers = [program.post("/backups") for _time in range(2)]

    assert ([row["file"] for row in rows["items"]], rows["total"]) == (["/data/2.zip"], 2)
    assert reader.get("/backups", limit=1, cursor=rows["next"]).json()["items"][0]["size_bytes"] == 5
    assert [answer.status_code for answer in answers] == [202, 202]
    assert Job.objects.get(kind="mediasync.backup").key == "by-hand"
    assert reader.post("/backups").status_code == 403


def test_all_sources_are_tested(program):
    furnish()

    assert program.post("/sources/test").json() == {"sources": 1}
    assert Job.objects.filter(kind="outbound.test").exists()


def test_everything_is_tested_anew_when_a_program_asks(program):
    assert program.post("/health/look").json()["key"] == "everything"


def test_a_finding_is_hidden_until_it_changes_and_shown_again(program):
    def hidden():
        return [row["check"] for row in program.get("/health").json()["findings"] if row["hidden"]]

    wrong = [row for row in program.get("/health").json()["findings"] if row["level"] in ("notice", "warning")]
    asked = {"check": wrong[0]["check"], "subject": wrong[0]["subject"]}

    assert program.post("/health/hide", asked).json() == {"hidden": True}
    assert hidden() == [asked["check"]]
    assert program.post("/health/show", asked).json() == {"hidden": False}
    assert hidden() == []
    assert program.post("/health/hide", {"check": "nonsense"}).status_code == 404
