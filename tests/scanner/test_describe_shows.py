"""A show's seasons, episodes and the files that hold them."""

from __future__ import annotations

from django.db import connection
from django.test.utils import CaptureQueriesContext

from jobs.models import Job
from scanner.models import Episode, Season, Title
from tests.factories import make_file
from tests.jobs_in_tests import run_job

NIGHT_POST = {"Season 01/The Night Post S01E01-E02.mkv": (1, [1, 2]), "Specials/The Night Post S00E01.mkv": (0, [1])}


def describe(title, **options) -> Job:
    job = run_job("scanner.title", f"title:{title.pk}", **options)
    if Title.objects.filter(pk=title.pk).exists():
        title.refresh_from_db()
    return job


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
    assert abs(counts[0] - counts[1]) <= 3  # a genre or two that only one of them has


def test_the_seasons_asked_for_are_remembered(service, show):
    match = show("The Night Post", NIGHT_POST, tmdb_id=201)

    describe(match.title)

    assert match.title.details["seasons_asked"] == [0, 1]


def test_two_hundred_files_of_a_show_cost_one_request(service, show, library, tmp_path):
    match = show("The Night Post", NIGHT_POST, tmdb_id=201)
    for number in range(3, 203):
        make_file(library, f"The Night Post/Season 01/e{number}.mkv", match=match, season=1, episode_numbers=[number])

    describe(match.title)

    assert service.asked == ["/3/tv/201"]
    assert Episode.objects.filter(season=1).count() == 202
