"""Describing titles: from TMDB, from the files beside the media, from names."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from jobs.models import Job
from journal.models import Event
from scanner.demo.series import SERIES
from scanner.models import Episode, FormerTitle, Match, MediaFile, Season, Title, TitleId
from scanner.services import titles
from tests.factories import make_file, make_library, make_title
from tests.jobs_in_tests import run_job

State = Title.State
NIGHT_POST = {"Season 01/The Night Post S01E01-E02.mkv": (1, [1, 2]), "Specials/The Night Post S00E01.mkv": (0, [1])}


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


def test_a_show_gets_its_seasons_and_the_episodes_of_those_on_disk(service, show):
    match = show("The Night Post", NIGHT_POST, tmdb_id=201)

    describe(match.title)

    assert service.asked == ["/3/tv/201"]
    assert list(Season.objects.values_list("number", "name")) == [(0, "Specials"), (1, "Season 1"), (2, "Season 2")]
    assert Episode.objects.filter(season=1).count() == 6
    assert not Episode.objects.filter(season=2).exists()
    assert Episode.objects.get(season=1, number=2).details["crew"] == [
        {"name": "Ines Quill", "job": "Writer", "id": 5201}
    ]


def test_a_file_with_two_episodes_holds_both(service, show):
    match = show("The Night Post", NIGHT_POST, tmdb_id=201)

    describe(match.title)

    held = match.files.get(path__contains="E01-E02").episodes.order_by("number")
    assert [episode.name for episode in held] == ["Dead Letters", "Insufficient Address"]


def test_a_file_known_by_its_date_finds_its_episode(service, show, library):
    match = show("Good Morning, Little Wick", {"Good Morning 2026-01-07.mkv": (None, [])}, tmdb_id=207)
    match.files.update(air_date="2026-01-07")

    describe(match.title)

    assert match.files.get().episodes.get().number == 3


def test_an_episode_on_disk_that_tmdb_does_not_know_stays(service, show):
    match = show("The Night Post", {"Season 01/S01E99.mkv": (1, [99])}, tmdb_id=201)

    describe(match.title)
    describe(match.title)

    assert match.files.get().episodes.get().number == 99


def test_an_episode_that_tmdb_has_dropped_goes(service, show):
    match = show("The Night Post", NIGHT_POST, tmdb_id=201)
    Episode.objects.create(title=match.title, season=1, number=50, name="Never made")

    describe(match.title)

    assert not Episode.objects.filter(number=50).exists()


def test_the_number_of_queries_does_not_grow_with_the_episodes(service, show):
    small = show("Weather for Beginners", {"Season 01/S01E01.mkv": (1, [1])}, tmdb_id=203)
    large = show("Good Morning, Little Wick", {"Season 01/S01E01.mkv": (1, [1])}, tmdb_id=207)

    counts = []
    for match in (small, large):
        with CaptureQueriesContext(
            connection,
        ) as queries:
            describe(match.title)
        counts.append(
            len([q for q in queries.captured_queries if "outbound" not in q["sql"] and "SAVEPOINT" not in q["sql"]])
        )

    assert large.title.episodes.count() == 60
    assert abs(counts[0] - counts[1]) <= 2


def test_the_seasons_asked_for_are_remembered(service, show):
    match = show("The Night Post", NIGHT_POST, tmdb_id=201)

    describe(match.title)

    assert match.title.details["seasons_asked"] == [0, 1]


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


def test_without_a_key_names_will_do(no_key, film):
    match = film("Moss (2019)", tmdb_id=107)

    describe(match.title)

    assert no_key.asked == []
    assert (match.title.state, match.title.described_by, match.title.name) == (State.INDEXED, "names", "Moss")
    assert match.title.refresh_at is None


def test_without_a_key_an_nfo_tells(no_key, film, folder):
    match = film("Moss (2019)")
    (folder(match) / "movie.nfo").write_text(
        "<movie><title>Moss &amp; Stone</title><plot>Grows.</plot><year>2018</year><genre>Nature</genre>"
        "<mpaa>U</mpaa><uniqueid type='imdb'>tt0000107</uniqueid><director>U. Tern</director></movie>"
    )

    describe(match.title)

    title = match.title
    assert (title.name, title.described_by, title.overview) == ("Moss & Stone", "nfo", "Grows.")
    assert (title.genres, title.certification, title.year) == (["Nature"], "U", 2018)
    assert TitleId.objects.get().value == "tt0000107"


def test_without_a_key_the_metadata_json_of_another_day_tells_most(service, film, settings, folder):
    match = film(tmdb_id=107)
    describe(match.title)
    run_job("scanner.write", f"match:{match.pk}")
    Match.objects.update(title=None, sidecars={})
    Title.objects.all().delete()
    settings.TMDB = type(settings.TMDB)(
        **{**{n: getattr(settings.TMDB, n) for n in settings.TMDB.__slots__}, "api_key": ""}
    )
    again = make_title("Moss")
    Match.objects.update(title=again)

    describe(again)

    assert (again.described_by, again.runtime_min) == ("nfo", 83)
    assert again.overview.startswith("Nothing happens in a forest")


def test_without_a_key_episodes_come_from_names_and_their_nfos(no_key, show, folder):
    match = show("The Night Post", {"Season 01/a S01E01.mkv": (1, [1]), "Season 01/b S01E02.mkv": (1, [2])})
    (folder(match) / "Season 01/a S01E01.nfo").write_text(
        "<episodedetails><title>Dead Letters</title><season>1</season><episode>1</episode>"
        "<aired>2018-09-14</aired></episodedetails>"
    )

    describe(match.title)

    assert list(Episode.objects.values_list("season", "number", "name")) == [(1, 1, "Dead Letters"), (1, 2, "")]
    assert match.files.exclude(episodes=None).count() == 2


def test_a_broken_nfo_beside_a_film_stops_nothing(no_key, film, folder):
    match = film("Moss (2019)")
    (folder(match) / "movie.nfo").write_bytes(b"\xdb\xb2\xb1\x00<movie><title>")

    describe(match.title)

    assert match.title.state == State.INDEXED


def test_a_title_that_was_merged_away_is_no_matter(service, film):
    match = film(tmdb_id=107)
    gone = make_title("Moss")
    titles.merge(gone, into=match.title)

    assert run_job("scanner.title", "title:999999").state == Job.State.DONE


def test_two_hundred_files_of_a_show_cost_one_request(service, show, library, tmp_path):
    match = show("The Night Post", NIGHT_POST, tmdb_id=201)
    for number in range(3, 203):
        make_file(library, f"The Night Post/Season 01/e{number}.mkv", match=match, season=1, episode_numbers=[number])

    describe(match.title)

    assert service.asked == ["/3/tv/201"]
    assert Episode.objects.filter(season=1).count() == 202


def test_a_series_of_the_fake_has_more_than_one_request_holds():
    assert max(len(series.seasons) for series in SERIES) > 13
