"""A refresh asks politely; and what waits for a job that was lost gets another within a minute."""

from __future__ import annotations

import datetime as dt

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from jobs import claim, pools, queue
from jobs.models import Job
from scanner.models import Library, Match, Title
from scanner.services import reseeding, scanning, scans, write
from tests.factories import make_title
from tests.jobs_in_tests import run_job

pytestmark = [pytest.mark.django_db, pytest.mark.repeats]

NOON = dt.datetime(2026, 6, 1, 12, tzinfo=dt.UTC)


def stale(count) -> list[Title]:
    day = timezone.now() - dt.timedelta(days=1)
    return [make_title(f"Film {number}", state="stale", tmdb_id=number + 1, refresh_at=day) for number in range(count)]


def refresh() -> None:
    scanning.refresh(scans.start([], mode="refresh")[0])


def works(kind) -> list[str]:
    return sorted(work.key for work in reseeding.reseed() if work.kind == kind)


@time_machine.travel(NOON, tick=False)
def test_stale_titles_are_asked_for_in_batches_a_pause_apart(settings):
    settings.REFRESH_BATCH, settings.REFRESH_PAUSE = 3, 20
    stale(7)

    refresh()

    due = Job.objects.filter(kind="scanner.refresh_title").order_by("due_at").values_list("due_at", flat=True)
    assert [(at - NOON).total_seconds() for at in due] == [0, 0, 0, 20, 20, 20, 40]


def test_of_a_refresh_one_title_is_asked_for_at_a_time(db):
    stale(5)
    refresh()
    pools.ensure()

    first = claim.claim("refresh", 5, token="one/1")
    second = claim.claim("refresh", 5, token="two/1")

    assert (len(first), len(second)) == (1, 0)


def test_a_refresh_describes_and_asks_nothing_of_what_somebody_has_described_since(service, film):
    match = film(tmdb_id=107)
    Title.objects.update(state="stale", refresh_at=timezone.now())
    refresh()

    run_job("scanner.refresh_title", f"title:{match.title_id}")
    asked = list(service.asked)
    Title.objects.update(described_at=timezone.now() - dt.timedelta(hours=1), etag="")
    run_job("scanner.refresh_title", f"title:{match.title_id}")

    assert Title.objects.get().state == "indexed"
    assert [path for path in asked if "/movie/" in path] == ["/3/movie/107"]
    assert service.asked == asked


def test_a_refresh_whose_job_was_lost_is_queued_again(db):
    lost, _kept = stale(2)
    refresh()
    Job.objects.filter(key=f"title:{lost.pk}").delete()

    assert works("scanner.refresh_title") == [f"title:{lost.pk}"]


def test_what_grew_stale_since_the_last_refresh_waits_for_the_next(db):
    refresh()
    make_title("New", state="stale", tmdb_id=1, refresh_at=timezone.now())

    assert works("scanner.refresh_title") == []


def test_what_a_person_marked_and_lost_its_job_is_queued_again(db):
    title = make_title("Marked", state="stale", tmdb_id=1, refresh_at=timezone.now() + dt.timedelta(days=9))

    assert works("scanner.refresh_title") == [f"title:{title.pk}"]

    queue.seed([queue.Work("scanner.title", f"title:{title.pk}")])
    assert works("scanner.refresh_title") == []


def test_a_title_that_waits_for_its_match_is_not_described_before(film):
    film()
    Title.objects.update(state="stale")
    Match.objects.update(state="new")

    assert works("scanner.refresh_title") == []


@pytest.fixture
def described(service, film):
    """A film that is described, and whose jobs to write and to fetch are lost."""
    match = film(tmdb_id=107)
    run_job("scanner.title", f"title:{match.title_id}")
    Job.objects.all().delete()
    return match


def test_lost_jobs_for_files_and_pictures_are_queued_again_and_then_not(described):
    assert works("scanner.write") == [f"match:{described.pk}"]
    assert works("scanner.artwork") == [f"title:{described.title_id}"]

    run_job("scanner.artwork", f"title:{described.title_id}")
    run_job("scanner.write", f"match:{described.pk}")
    Job.objects.all().delete()

    assert (works("scanner.write"), works("scanner.artwork")) == ([], [])


def test_a_film_without_a_picture_is_looked_for_once(described):
    title = Title.objects.get()
    title.details["art"] = {}
    title.save(update_fields=["details"])

    run_job("scanner.artwork", f"title:{title.pk}")
    Job.objects.all().delete()

    assert works("scanner.artwork") == []


def test_a_place_that_takes_no_files_is_tried_once(described, folder):
    (folder(described) / "Moss (2019).mkv").unlink()
    folder(described).rename(folder(described).with_name("Elsewhere"))  # nothing at all would be a disk that is away

    run_job("scanner.write", f"match:{described.pk}")
    Job.objects.all().delete()

    assert works("scanner.write") == []


@pytest.mark.parametrize(
    "fields",
    [{"sidecars": "off"}, {"sidecars": "artwork"}, {"problem": f"{write.TROUBLE}: Read-only file system"}],
    ids=["off", "artwork only", "read-only"],
)
def test_nothing_is_queued_for_a_library_that_takes_no_files(described, fields):
    Library.objects.update(**fields)

    assert works("scanner.write") == []


@pytest.mark.sqlite
def test_the_look_for_lost_jobs_reads_no_whole_table_of_titles_or_matches(db):
    with CaptureQueriesContext(connection) as queries:
        list(reseeding.reseed())

    with connection.cursor() as cursor:
        for query in queries:
            cursor.execute(f"EXPLAIN QUERY PLAN {query['sql']}")
            steps = [row[3] for row in cursor.fetchall()]
            assert not [step for step in steps if step in ("SCAN scanner_title", "SCAN scanner_match")], query["sql"]
