"""Two titles that turn out to be one: nothing of either is lost, and it takes no longer for a long show."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from scanner.models import Artwork, Episode, EpisodeFile, FormerTitle, MediaFile, TitleId
from scanner.services import titles
from tests.factories import make_file, make_match, make_title

pytestmark = [pytest.mark.django_db, pytest.mark.repeats]


def show(library, key, seasons):
    """A show with an episode and a file for each address."""
    title = make_title(key, kind="show")
    match = make_match(library, key, kind="show", title=title, state="matched")
    episodes = Episode.objects.bulk_create(
        [Episode(title=title, season=season, number=number) for season, number in seasons]
    )
    files = MediaFile.objects.bulk_create(
        MediaFile(library=library, match=match, path=f"{key}/{one}.mkv", size_bytes=1, mtime_ns=1) for one in episodes
    )
    EpisodeFile.objects.bulk_create(
        EpisodeFile(file=file, episode=one) for file, one in zip(files, episodes, strict=True)
    )
    return title


def test_files_go_over_to_the_episodes_of_the_title_that_stays(library):
    stays = show(library, "One", [(1, 1), (1, 2)])
    goes = show(library, "Two", [(1, 2), (2, 1)])
    gone = goes.pk

    titles.merge(goes, into=stays)

    held = EpisodeFile.objects.filter(episode__title=stays).order_by("episode__season", "episode__number", "file__path")
    assert [(str(link.episode), link.file.path) for link in held.select_related("episode", "file")] == [
        ("S01E01", "One/S01E01.mkv"),
        ("S01E02", "One/S01E02.mkv"),
        ("S01E02", "Two/S01E02.mkv"),
        ("S02E01", "Two/S02E01.mkv"),
    ]
    assert Episode.objects.count() == 3
    assert FormerTitle.objects.get(former_id=gone).title == stays


def test_a_file_that_holds_the_episode_of_both_is_linked_once(library):
    stays, goes = make_title("One", kind="show"), make_title("Two", kind="show")
    file = make_file(library, "a.mkv")
    for title in (stays, goes):
        EpisodeFile.objects.create(file=file, episode=Episode.objects.create(title=title, season=1, number=1))

    titles.merge(goes, into=stays)

    assert EpisodeFile.objects.get().episode.title == stays


def test_a_long_show_takes_no_more_queries_than_a_short_one(library):
    counts = []
    for number, length in enumerate((2, 400)):
        stays = show(library, f"One {number}", [(1, episode) for episode in range(length)])
        goes = show(library, f"Two {number}", [(1, episode) for episode in range(length // 2, 2 * length)])
        with CaptureQueriesContext(connection) as queries:
            titles.merge(goes, into=stays)
        counts.append(len(queries))

    assert counts[1] <= counts[0] + 10  # deleting and inserting come in batches of some hundred rows


def test_what_the_title_that_stays_has_not_got_comes_over_and_nothing_else(db):
    stays, goes = make_title("One"), make_title("Two")
    for title in (stays, goes):
        TitleId.objects.create(title=title, source="imdb", value=f"tt{title.pk:07}")
    TitleId.objects.create(title=goes, source="tvdb", value="7")
    Artwork.objects.create(title=goes, role="poster", sha256="1")

    titles.merge(goes, into=stays)

    assert dict(TitleId.objects.values_list("source", "value")) == {"imdb": f"tt{stays.pk:07}", "tvdb": "7"}
    assert Artwork.objects.get().title == stays


@pytest.mark.parametrize(
    ("goes_by", "stays_by", "state"),
    [
        ("tmdb", "names", "stale"),
        ("names", "tmdb", "indexed"),
        ("tmdb", "tmdb", "indexed"),
        ("nfo", "names", "indexed"),
    ],
    ids=["better goes", "worse goes", "both from TMDB", "neither from TMDB"],
)
def test_a_title_that_swallows_a_better_described_one_is_described_again(db, goes_by, stays_by, state):
    stays = make_title("One", state="indexed", described_by=stays_by)
    goes = make_title("Two", state="indexed", described_by=goes_by)

    titles.merge(goes, into=stays)

    assert stays.state == state
    stays.refresh_from_db()
    assert stays.state == state
