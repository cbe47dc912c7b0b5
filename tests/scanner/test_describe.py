"""Describing titles: from TMDB, from the files beside the media, from names."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from jobs.models import Job
from journal.models import Event
from scanner.demo.series import SERIES
from scanner.models import FormerTitle, Match, MediaFile, Title, TitleId
from scanner.services import titles
from tests.factories import make_library, make_title
from tests.jobs_in_tests import run_job

State = Title.State


def describe(title, **options) -> Job:
    job = run_job("scanner.title", f"title:{title.pk}", **options)
    if Title.objects.filter(pk=title.pk).exists():
        title.refresh_from_db()
    return job


def waiting() -> set[tuple[str, str]]:
    return set(Job.objects.filter(state="ready").values_list("kind", "key"))


def test_a_movie_is_described_in_one_request(service, film):
    match = film(tmdb_id=107)

    describe(match.title)

    title = match.title
    assert service.asked == ["/3/movie/107"]
    assert (title.state, title.described_by, title.year, title.runtime_min) == (State.INDEXED, "tmdb", 2019, 83)
    assert (title.genres, title.certification, title.rating) == (["Documentary"], "U", 8.1)
    assert title.details["keywords"] == []
    assert TitleId.objects.get(title=title, source="imdb").value == "tt90000107"


def test_what_follows_is_queued_with_the_end_of_the_job(service, film):
    match = film(tmdb_id=107)

    job = describe(match.title)

    assert job.state == Job.State.DONE
    assert waiting() >= {("scanner.write", f"match:{match.pk}"), ("scanner.artwork", f"title:{match.title_id}")}


def test_every_match_of_a_title_gets_its_files(service, film, tmp_path):
    first = film(tmdb_id=107)
    (tmp_path / "uhd").mkdir()
    second = film("Moss (2019)", title=first.title, where=make_library(tmp_path / "uhd"))

    describe(first.title)

    assert {("scanner.write", f"match:{first.pk}"), ("scanner.write", f"match:{second.pk}")} <= waiting()
    assert service.asked == ["/3/movie/107"]


def test_a_described_match_makes_its_new_files_indexed(service, film):
    match = film(tmdb_id=107)

    describe(match.title)

    assert match.files.get().state == MediaFile.State.INDEXED


def test_a_film_known_by_its_imdb_id_learns_the_other_one(service, film):
    match = film()
    TitleId.objects.create(title=match.title, source="imdb", value="tt90000107")

    describe(match.title)

    assert service.asked == ["/3/movie/tt90000107"]
    assert match.title.tmdb_id == 107


def test_learning_the_id_of_another_title_merges_the_two(service, film):
    older = film(tmdb_id=107)
    younger = film("Moss again")
    TitleId.objects.create(title=younger.title, source="imdb", value="tt90000107")

    describe(younger.title)

    younger.refresh_from_db()
    assert younger.title == older.title
    assert FormerTitle.objects.get().title == older.title
    assert Title.objects.get().state == State.INDEXED


def test_an_unchanged_description_queues_and_rewrites_nothing(service, film):
    match = film(tmdb_id=107)
    describe(match.title)
    Job.objects.all().delete()
    Match.objects.update(sidecars={"movie.nfo": {"sha256": "x"}})
    Title.objects.update(poster="a" * 64, etag="")
    before = Title.objects.values("details", "content_sha256", "name").get()

    describe(match.title)

    assert Title.objects.values("details", "content_sha256", "name").get() == before
    assert waiting() == set()


def test_not_modified_moves_the_refresh_date_on(service, film):
    match = film(tmdb_id=107)
    describe(match.title)
    Title.objects.update(refresh_at=timezone.now(), state=State.STALE)
    match.title.refresh_from_db()

    describe(match.title)

    assert match.title.state == State.INDEXED
    assert match.title.refresh_at > timezone.now() + timedelta(days=100)


def test_a_key_that_is_refused_is_nobodys_fault_but_the_settings(service, film):
    service._service.key = "another"
    match = film(tmdb_id=107)

    job = describe(match.title)

    assert job.state == Job.State.READY
    assert match.title.state == State.NEW


def test_a_service_in_trouble_puts_the_title_off(service, film):
    service.fail("/movie/", status=503)
    match = film(tmdb_id=107)

    job = describe(match.title)

    assert job.state == Job.State.READY
    assert job.due_at > timezone.now()


@pytest.mark.parametrize("attempt", ["wall", "cut"])
def test_what_is_no_json_never_becomes_a_description(service, film, attempt):
    if attempt == "wall":
        service.wall("/movie/")
    else:
        service.fail("/movie/", body=b'{"id": 107, "title": "Mo')
    match = film(tmdb_id=107)

    describe(match.title)

    assert match.title.details == {}


def test_a_title_whose_job_came_to_rest_is_an_error(service, film):
    service.fail("/movie/", status=422, body={"success": False})
    match = film(tmdb_id=107)

    job = describe(match.title)

    assert job.state == Job.State.FAILED
    assert match.title.state == State.ERROR


# an id that TMDB does not know any more


def test_a_lost_id_sends_the_match_back_to_be_identified(service, film):
    match = film("Gone (2001)", tmdb_id=999, by="tag", ids={"tmdb": 999, "tvdb": 5})

    job = describe(match.title)

    match.refresh_from_db()
    assert job.state == Job.State.DONE
    assert (match.state, match.ids) == (Match.State.NEW, {"tvdb": 5})
    assert ("scanner.match", f"match:{match.pk}") in waiting()
    assert Event.objects.filter(reason__contains="TMDB does not know movie 999").count() == 2


def test_a_lost_id_that_comes_back_is_a_persons_matter(service, film):
    match = film("Gone (2001)", tmdb_id=999)
    describe(match.title)
    Match.objects.update(state="matched")

    describe(match.title)

    match.refresh_from_db()
    assert match.state == Match.State.UNMATCHED


def test_a_locked_match_keeps_its_lost_title(service, film):
    match = film("Gone (2001)", tmdb_id=999, locked=True)

    describe(match.title)

    match.refresh_from_db()
    assert (match.state, match.title.state) == (Match.State.MATCHED, State.INDEXED)


def test_a_lost_title_keeps_what_was_known_of_it(service, film):
    match = film(tmdb_id=107)
    describe(match.title)
    del service.films[107]
    Title.objects.update(state=State.STALE)
    match.title.refresh_from_db()

    describe(match.title)

    assert match.title.overview.startswith("Nothing happens in a forest")
    assert match.title.refresh_at is None


# without a key


def test_a_title_that_was_merged_away_is_no_matter(service, film):
    match = film(tmdb_id=107)
    gone = make_title("Moss")
    titles.merge(gone, into=match.title)

    assert run_job("scanner.title", "title:999999").state == Job.State.DONE


def test_a_series_of_the_fake_has_more_than_one_request_holds():
    assert max(len(series.seasons) for series in SERIES) > 13
