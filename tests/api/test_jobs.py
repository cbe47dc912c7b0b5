"""Jobs and pools through the API."""

from __future__ import annotations

import pytest

from jobs.models import Job, Pool
from journal.models import Event
from tests.web.rows import make_job, make_pool, make_title

pytestmark = pytest.mark.django_db


def test_a_job_says_what_it_is_about_and_why_it_waits(reader):
    title = make_title("Harbour Lights")
    make_pool("metadata", paused_at="2026-01-01T00:00:00Z")
    job = make_job(f"title:{title.pk}", reason="it has new files")

    told = reader.get(f"/jobs/{job.pk}").json()

    assert told["subject"] == "Harbour Lights"
    assert (told["state"], told["shown"]) == ("ready", "paused")
    assert "paused" in told["why"]


def test_a_list_holds_what_has_not_ended(reader):
    make_job("title:1")
    make_job("title:2", state="done")

    found = reader.get("/jobs").json()

    assert [job["key"] for job in found["items"]] == ["title:1"]
    assert (found["total"], found["next"]) == (1, None)


def test_lists_are_filtered_as_on_the_queue_page(reader):
    make_job("title:1", attempts=2)
    make_job("title:2", state="failed")
    make_job("title:3", origin="scan:1", pool="artwork", kind="scanner.artwork")
    make_job("title:4", state="done")

    def keys(**asked):
        return {job["key"] for job in reader.get("/jobs", **asked).json()["items"]}

    assert keys(state="waiting") == {"title:1"}
    assert keys(state="failed") == {"title:2"}
    assert keys(origin="scan:1") == keys(pool="artwork") == keys(kind="scanner.artwork") == {"title:3"}
    assert keys(state="done") == {"title:4"}


def test_a_failed_job_is_tried_again_and_so_it_is_a_second_time(program):
    job = make_job(state="failed", attempts=5)

    answers = [program.post(f"/jobs/{job.pk}/retry") for _time in range(2)]

    assert [answer.status_code for answer in answers] == [202, 202]
    assert answers[0].json()["state"] == "ready"
    assert Job.objects.get().attempts == 0


def test_an_ended_job_is_queued_anew(program):
    job = make_job(state="cancelled")

    told = program.post(f"/jobs/{job.pk}/retry").json()

    assert told["state"] == "ready"
    assert told["id"] != job.pk


def test_what_runs_is_not_tried_again(program):
    job = make_job(state="leased")

    answer = program.post(f"/jobs/{job.pk}/retry")

    assert answer.status_code == 409
    assert answer.json()["type"] == "urn:mediasync:problem:moved-on"


def test_cancelling_twice_writes_one_event(program):
    job = make_job()

    answers = [program.post(f"/jobs/{job.pk}/cancel") for _time in range(2)]

    assert [answer.json()["state"] for answer in answers] == ["cancelled", "cancelled"]
    assert Event.objects.filter(subject=f"jobs.job:{job.pk}", actor="Test (API key)").count() == 1


def test_what_is_done_is_not_cancelled(program):
    assert program.post(f"/jobs/{make_job(state='done').pk}/cancel").status_code == 409


def test_a_priority_is_changed_once_however_often_it_is_asked(program):
    job = make_job()

    answers = [program.post(f"/jobs/{job.pk}/priority", {"priority": 1}) for _time in range(2)]

    assert [answer.json()["priority"] for answer in answers] == [1, 1]
    assert Event.objects.count() == 2  # the key, and the priority
    assert program.post(f"/jobs/{job.pk}/priority", '{"priority": 1.0}').json()["priority"] == 1
    assert program.post(f"/jobs/{make_job('title:2', state='done').pk}/priority", {"priority": 1}).status_code == 409


def test_several_jobs_are_changed_together_and_those_that_moved_on_are_left_out(program):
    jobs = [make_job("title:1"), make_job("title:2", state="failed"), make_job("title:3", state="done")]
    ids = [*(job.pk for job in jobs), 4711]

    def told(do, **more):
        return program.post("/jobs/bulk", {"do": do, "ids": ids, **more}).json()

    assert told("priority", priority=0) == {"jobs": 2}
    assert told("cancel") == {"jobs": 2}
    assert told("cancel") == {"jobs": 0}
    assert told("retry") == {"jobs": 3}
    assert program.post("/jobs/bulk", {"do": "retry", "ids": []}).status_code == 422


def test_a_pool_is_paused_and_resumed_once(program):
    make_pool("metadata")

    paused = [program.post("/pools/metadata/pause", {"reason": "tonight"}).json() for _time in range(2)]
    resumed = [program.post("/pools/metadata/resume").json() for _time in range(2)]

    assert paused[0]["paused_at"] == paused[1]["paused_at"] is not None
    assert paused[0]["paused_reason"] == "tonight"
    assert [pool["paused_at"] for pool in resumed] == [None, None]
    assert Event.objects.filter(subject="jobs.pool:metadata").count() == 2


def test_an_unknown_pool_is_not_made(program):
    assert program.post("/pools/nonsense/pause").status_code == 404
    assert not Pool.objects.filter(pk="nonsense").exists()


def test_pools_count_their_open_jobs(reader):
    make_pool("metadata")
    make_job("title:1")
    make_job("title:2", state="failed")

    pools = {pool["name"]: pool for pool in reader.get("/pools").json()}

    assert (pools["metadata"]["ready"], pools["metadata"]["failed"]) == (1, 1)
