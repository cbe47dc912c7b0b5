"""The Queue page: what is open, why, and what a person does about it."""

from __future__ import annotations

import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from jobs.models import Hold, Job, Pool, Priority
from tests.web.rows import make_job, make_movie, make_pool, make_scan

FRAME, PAGE = 5, 5
PARTIAL = {"HX-Request": "true", "HX-Request-Type": "partial"}


def test_a_job_says_what_it_is_about_and_why_it_waits(visit):
    title = make_movie("Harbour Lights")
    later = timezone.now() + datetime.timedelta(minutes=4, seconds=30)
    make_job(f"title:{title.pk}", attempts=3, due_at=later, last_error="HTTP 503 from mirror-c", reason="new")

    html = visit.get("/queue/").content.decode()

    for text in ("Harbour Lights", "Describe", "Waiting to retry", "HTTP 503 from mirror-c", "in 4 min"):
        assert text in html


def told(visit, **fields):
    """Return the one sentence of a job's row, and when it is tried next."""
    make_job(**fields)
    return visit.get("/queue/").context["rows"][0]["told"]


def test_a_row_says_one_sentence_and_no_name_of_an_exception(visit):
    until = timezone.now() + datetime.timedelta(seconds=49)
    reason = "It failed 5 times in a row. Last: 127.0.0.1 cannot be reached (Connection refused)."
    Hold.objects.create(source="tmdb", until=until, reason=reason)
    waits = "tmdb waits: it failed 5 times in a row, so nothing is sent for a while."

    found = told(visit, needs="tmdb", reason="asked by anna", last_error=waits, error_class="CircuitOpen")
    html = visit.get("/queue/").content.decode()

    assert (found.why, found.next_at) == ("tmdb is resting. It failed 5 times in a row.", until)
    assert "CircuitOpen" not in html
    assert "asked by anna" not in html
    assert "next try <time" in html


def test_a_fault_of_ours_is_said_to_be_one(visit):
    found = told(visit, state="failed", last_error="KeyError: 'name'", error_class="KeyError")

    assert found.why == "mediasync made a mistake here; the log says more. (KeyError: 'name')"
    assert found.next_at is None


def test_a_job_of_a_paused_pool_says_so_before_everything(visit):
    make_pool("guide", paused_at=timezone.now(), paused_reason="paused by anna")

    found = told(visit, pool="guide", last_error="HTTP 503", reason="new")

    assert found.why == "The pool “Broadcasts” is paused: it goes on when somebody resumes it."


@pytest.mark.parametrize(
    ("needs", "pool", "said"),
    [
        ("", "metadata", "It is tried again now."),
        ("", "guide", "the pool “Broadcasts” is paused: it runs when you resume"),
        ("tmdb", "metadata", "tmdb is resting: it runs when that answers again, in 59 min"),
    ],
)
def test_a_retry_says_what_it_brings(visit, needs, pool, said):
    make_pool("guide", paused_at=timezone.now())
    soon = timezone.now() + datetime.timedelta(minutes=59, seconds=50)
    Hold.objects.create(source="tmdb", until=soon, reason="It failed 5 times in a row.")
    job = make_job(state="failed", needs=needs, pool=pool)

    assert said in visit.post(f"/queue/{job.pk}/retry/", follow=True).content.decode()


def test_scans_are_named_after_their_folder(visit):
    scan = make_scan(state="open")
    make_job(
        f"scan:{scan.pk}", kind="scanner.walk", pool="scan", state="leased", done_units=4, total_units=9, unit="files"
    )

    html = visit.get("/queue/").content.decode()

    assert "Films" in html
    assert "4/9 files" in html


@pytest.mark.parametrize(
    ("fields", "word"),
    [
        ({"state": "leased"}, "Running"),
        ({"state": "failed"}, "Needs you"),
        ({"state": "ready"}, "Queued"),
        ({"state": "ready", "needs": "tmdb"}, "Source resting"),
        ({"state": "ready", "pool": "guide"}, "Paused"),
    ],
)
def test_the_word_says_why_it_is_not_running(visit, fields, word):
    make_pool("guide", paused_at=timezone.now())
    Hold.objects.create(source="tmdb", until=timezone.now() + datetime.timedelta(hours=1), reason="circuit open")
    make_job(**fields)

    assert word in visit.get("/queue/").content.decode()


@pytest.mark.parametrize(
    ("query", "keys"),
    [
        ("?pool=artwork", ["a"]),
        ("?state=failed", ["f"]),
        ("?state=waiting", ["w"]),
        ("?state=done", ["d"]),
        ("?pool=nope&state=nope&page=x&per=3", ["f", "a", "r", "w"]),
    ],
)
def test_it_is_filtered_by_pool_and_state(visit, query, keys):
    make_pool()
    make_job("a", pool="artwork", rank=1)
    make_job("r", rank=2)
    make_job("w", attempts=1, rank=3)
    make_job("f", state="failed")
    make_job("d", state="done", ended_at=timezone.now())

    rows = visit.get(f"/queue/{query}").context["rows"]

    assert [row["job"].key for row in rows] == keys


def test_its_poll_is_304_while_nothing_changed(visit, django_assert_max_num_queries):
    make_pool()
    job = make_job()
    revision = visit.get("/queue/").context["revision"]

    with django_assert_max_num_queries(3 + 3):  # session, user and what rests besides
        same = visit.get("/queue/", headers={**PARTIAL, "If-None-Match": revision})
    visit.post(f"/queue/{job.pk}/cancel/")

    assert same.status_code == 304
    changed = visit.get("/queue/", headers={**PARTIAL, "If-None-Match": revision})
    assert changed.content.decode().lstrip().startswith('<div id="live"')


def test_a_failed_job_is_retried_and_the_list_stays_filtered(visit):
    make_pool()
    job = make_job(state="failed", attempts=5)

    answer = visit.post(f"/queue/{job.pk}/retry/", {"state": "failed", "pool": "metadata"})

    job.refresh_from_db()
    assert job.state == "ready"
    assert (answer.status_code, answer.headers["Location"]) == (303, "/queue/?pool=metadata&state=failed")


def test_a_job_is_cancelled_and_moved_to_the_front(visit):
    gone, first = make_job("a"), make_job("b")

    visit.post(f"/queue/{gone.pk}/cancel/")
    visit.post(f"/queue/{first.pk}/first/")

    gone.refresh_from_db()
    first.refresh_from_db()
    assert (gone.state, first.priority) == ("cancelled", Priority.CRITICAL)


@pytest.mark.parametrize("path", ["/queue/999/retry/", "/queue/pools/nope/pause/", "/queue/pools/metadata/burn/"])
def test_what_is_not_there_is_not_found(visit, path):
    make_pool()

    assert visit.post(path).status_code == 404


@pytest.mark.parametrize(
    ("verb", "state", "priority"),
    [("cancel", "cancelled", 2), ("first", "ready", 0), ("later", "ready", 4), ("retry", "ready", 1)],
)
def test_ticked_jobs_are_changed_together(visit, verb, state, priority):
    ticked, other = [make_job("a"), make_job("b")], make_job("c")

    answer = visit.post("/queue/act/", {"do": verb, "pick": [job.pk for job in ticked], "state": "ready"}, follow=True)

    found = {(job.state, job.priority) for job in Job.objects.filter(pk__in=[job.pk for job in ticked])}
    assert found == {(state, priority)}
    assert "2 jobs" in answer.content.decode()
    other.refresh_from_db()
    assert (other.state, other.priority) == ("ready", 2)


def test_everything_that_the_filter_finds_is_changed_at_once(visit):
    make_pool()
    for number in range(60):
        make_job(f"title:{number}", state="failed", attempts=5)
    other = make_job("elsewhere")

    visit.post("/queue/act/", {"do": "cancel", "everything": "1", "state": "failed"})

    other.refresh_from_db()
    assert Job.objects.filter(state="cancelled").count() == 60
    assert other.state == "ready"


@pytest.mark.parametrize("do", ["", "burn", "burn:1", "burn@metadata", "retry:x", "cancel:99999999999999999999"])
def test_an_action_that_does_not_exist_changes_nothing(visit, do):
    make_pool()
    job = make_job()

    assert visit.post("/queue/act/", {"do": do, "pick": job.pk}).status_code == 404
    job.refresh_from_db()
    assert job.state == "ready"


def test_an_action_that_does_not_exist_is_none_where_the_filter_finds_nothing(visit):
    make_pool()

    assert visit.post("/queue/act/", {"do": "burn", "everything": "1", "state": "failed"}).status_code == 404


def test_nothing_ticked_is_said(visit):
    assert "Nothing is ticked" in visit.post("/queue/act/", {"do": "cancel"}, follow=True).content.decode()


def test_a_running_job_says_how_long_it_takes(visit):
    make_job(state="leased", done_units=30, total_units=90, speed=0.5, unit="files")

    assert "2 min" in visit.get("/queue/").content.decode()


def test_a_fragment_of_a_full_page_is_small(visit):
    for number in range(60):
        make_job(f"title:{number}", attempts=2, last_error="Nobody answered at the service. It is asked again.")

    assert len(visit.get("/queue/", headers=PARTIAL).content) < 24_000


def test_a_pool_is_paused_and_resumed(visit):
    pool = make_pool()

    visit.post("/queue/pools/metadata/pause/")
    pool.refresh_from_db()
    paused, why = pool.paused_at, pool.paused_reason
    visit.post("/queue/pools/metadata/resume/")
    pool.refresh_from_db()

    assert paused is not None
    assert why == "paused by anna"
    assert pool.paused_at is None


def test_an_empty_queue_says_where_work_comes_from(visit):
    assert b"Work arrives from scans" in visit.get("/queue/").content


def test_the_queries_are_the_same_for_20_and_400_jobs(visit):
    make_pool()
    title = make_movie("Kiln")
    counts = []
    for upto in (20, 400):
        for number in range(upto):
            make_job(f"title:{title.pk + upto * 1000 + number}")
        with CaptureQueriesContext(connection) as seen:
            visit.get("/queue/?per=96")
        counts.append(len(seen))

    assert counts[0] == counts[1] <= FRAME + PAGE


def test_hostile_errors_are_text(visit):
    make_job(last_error="<script>alert(1)</script>", reason="<b>x</b>")

    html = visit.get("/queue/").content.decode()

    assert "<script>alert" not in html
    assert "<b>x</b>" not in html


@pytest.mark.repeats
def test_who_is_no_staff_reads_the_queue_and_changes_nothing(visit_as_guest):
    make_pool()
    job = make_job("a")

    html = visit_as_guest.get("/queue/").content.decode()

    assert f'id="job-{job.pk}"' in html
    assert 'action="/queue/' not in html.replace('method="get" action="/queue/"', "")
    for path in (f"/queue/{job.pk}/cancel/", f"/queue/{job.pk}/retry/", "/queue/pools/metadata/pause/"):
        assert visit_as_guest.post(path).status_code == 403
    job.refresh_from_db()
    assert job.state == "ready"


@pytest.mark.parametrize("do", ["burn", "burn:1", "burn@metadata", "", ":", "@"])
def test_a_verb_that_is_none_is_not_found(visit, do):
    make_pool("metadata")

    assert visit.post("/queue/act/", {"do": do, "pick": ["4711"]}).status_code == 404


def test_the_size_of_the_page_survives_an_action(visit):
    job = make_job()

    answer = visit.post("/queue/act/", {"do": "first", "pick": [job.pk], "per": "96"})

    assert answer.headers["Location"] == "/queue/?per=96"
    assert 'name="per" value="96"' in visit.get("/queue/?per=96").content.decode()


def test_why_a_pool_is_paused_is_stored_in_english(visit, anna):
    make_pool("metadata")

    visit.post("/queue/pools/metadata/pause/", headers={"Accept-Language": "de"})

    assert Pool.objects.get(pk="metadata").paused_reason == "paused by anna"
