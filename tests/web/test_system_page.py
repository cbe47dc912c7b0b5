"""The System page: what is amiss and what helps, who works, what comes back by itself."""

from __future__ import annotations

import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from jobs import queue, schedules
from jobs.models import Drain, Job, Pool, Schedule
from mediasync.health import looking
from mediasync.health.models import Result
from outbound.models import Source
from tests.factories import make_library
from tests.web.rows import make_job, make_pool, make_scan, make_worker

FRAME, PAGE = 6 if connection.vendor == "postgresql" else 5, 10  # there the database has the clock
PARTIAL = {"HX-Request": "true", "HX-Request-Type": "partial"}


def test_what_is_amiss_stands_first_with_what_helps_and_a_button(visit):
    make_worker()
    make_pool("artwork", paused_at=timezone.now(), paused_reason="paused by ben")

    html = visit.get("/system/").content.decode()

    assert "The pool “Artwork” rests (paused by ben): its work waits." in html
    assert "<code>./run queue resume artwork</code>" in html
    assert 'name="do" value="resume@artwork"' in html
    assert html.index("Paused pools") < html.index("Schedules</h2>")


def test_the_button_does_what_it_says_and_leads_back(visit):
    pool = make_pool("artwork", paused_at=timezone.now(), paused_reason="x")

    answer = visit.post("/system/act/", {"do": "resume@artwork"})
    pool.refresh_from_db()

    assert (answer.status_code, answer.headers["Location"], pool.paused_at) == (303, "/system/", None)


@pytest.mark.parametrize(
    ("verb", "thing"),
    [("resume", "nope"), ("scan", "999"), ("scan", "x"), ("test", "nope"), ("reset", ""), ("run", "0"), ("run", "٣")],
)
def test_what_has_just_gone_is_told(visit, verb, thing):
    html = visit.post("/system/act/", {"do": f"{verb}@{thing}"}, follow=True).content.decode()

    assert "That is not there any more." in html


@pytest.mark.parametrize("do", ["", "burn@x", "hide@nope:", "hide@", "show", "resume"])
def test_what_does_not_exist_is_not_found_and_changes_nothing(visit, do):
    make_pool("artwork", paused_at=timezone.now())

    assert visit.post("/system/act/", {"do": do}).status_code == (303 if do == "resume" else 404)
    assert Pool.objects.get(pk="artwork").paused_at


def test_a_schedule_runs_now(visit):
    schedules.ensure()
    row = Schedule.objects.get(name="library upkeep")

    html = visit.post("/system/act/", {"do": f"run@{row.pk}"}, follow=True).content.decode()

    assert "“library upkeep” runs now." in html
    assert Job.objects.get(kind="scanner.upkeep").priority == 0


def test_everything_is_tested_now_by_a_worker(visit):
    visit.post("/system/act/", {"do": "test-everything@"})
    visit.post("/system/act/", {"do": "test-everything@"})  # a double click

    assert [(job.key, job.priority) for job in Job.objects.filter(kind="health.look")] == [("everything", 0)]


def test_a_notice_is_hidden_for_the_household_and_shown_again(visit, visit_as_guest):
    make_library(created_at=timezone.now() - datetime.timedelta(days=3))
    visit.post("/system/act/", {"do": "hide@time-zone:"})

    hidden = visit_as_guest.get("/system/").content.decode()
    visit.post("/system/act/", {"do": "show@time-zone:"})
    shown = visit_as_guest.get("/system/").content.decode()

    assert "Time zone: hidden by anna" in hidden
    assert 'id="check-time-zone"' not in hidden
    assert 'id="check-time-zone"' in shown


def test_what_needs_somebody_cannot_be_hidden(visit):
    html = visit.post("/system/act/", {"do": "hide@workers:"}, follow=True).content.decode()

    assert "What needs somebody cannot be hidden." in html
    assert not Result.objects.exclude(hidden_as="").exists()


def test_workers_say_what_they_do(visit):
    make_worker()
    make_job(state="leased", leased_by="d1/4", kind="scanner.title")
    make_job("title:2", state="leased", leased_by="d1/5", kind="scanner.title")
    long_ago = timezone.now() - datetime.timedelta(hours=1)
    Drain.objects.create(name="d2", node="home", pid=2, pid_started=1.0, beat_at=long_ago)

    html = visit.get("/system/").content.decode()

    assert "Describe ×2" in html
    assert "Silent" in html


def test_it_shows_schedules_disks_database_and_versions(visit, settings):
    schedules.ensure()

    html = visit.get("/system/").content.decode()

    for text in ("every 5 min", "daily at 04:00", str(settings.DATA_DIR), "django-q2", connection.vendor):
        assert text.lower() in html.lower()
    assert " style=" not in html


@pytest.mark.repeats
def test_its_poll_is_304_while_nothing_changed(visit, django_assert_max_num_queries):
    make_worker()
    make_pool("artwork")
    Source.objects.create(name="tmdb", rules=[[35, 10]])
    looking.look(deep=False)
    revision = visit.get("/system/").context["revision"]

    with django_assert_max_num_queries(2 + 3):  # session and user besides
        same = visit.get("/system/", headers={**PARTIAL, "If-None-Match": revision})
    queue.pause("artwork", "x", actor="ben")
    changed = visit.get("/system/", headers={**PARTIAL, "If-None-Match": revision})

    assert same.status_code == 304
    assert changed.content.decode().lstrip().startswith('<div id="live"')
    assert len(changed.content) < 12_000


@pytest.mark.repeats
def test_the_queries_are_the_same_for_2_and_60_of_everything(visit):
    counts = []
    for upto in (2, 60):
        for number in range(upto):
            make_job(f"title:{upto}-{number}", state="failed")
            make_scan(library=make_library(f"/media/{upto}-{number}"))
            Source.objects.create(name=f"s{upto}-{number}", rules=[[35, 10]], circuit="open")
            Schedule.objects.create(name=f"x{upto}-{number}", kind="y", every_s=60, last_error="x")
            Drain.objects.create(name=f"d{upto}-{number}", node="home", pid=number, pid_started=1.0)
            make_pool(f"p{upto}-{number}", paused_at=timezone.now())
        looking.look(deep=False)
        with CaptureQueriesContext(connection) as seen:
            visit.get("/system/")
        counts.append(len(seen))

    assert counts[0] == counts[1] <= FRAME + PAGE


@pytest.mark.repeats
def test_who_is_no_staff_reads_it_and_changes_nothing(visit_as_guest):
    schedules.ensure()
    make_pool("artwork", paused_at=timezone.now(), paused_reason="x")

    html = visit_as_guest.get("/system/").content.decode()

    assert "The pool “Artwork” rests" in html
    assert "/system/act/" not in html
    assert 'form="system"' not in html
    for do in ("resume@artwork", "test-everything@", "hide@time-zone:"):
        assert visit_as_guest.post("/system/act/", {"do": do}).status_code == 403


def test_hostile_names_are_text(visit):
    make_worker()
    make_library("/media/x", name="<script>alert(1)</script>`rm`", problem="<b>x</b>")

    html = visit.get("/system/").content.decode()

    assert "<script>alert" not in html
    assert "<b>x</b>" not in html
