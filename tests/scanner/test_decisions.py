"""What a person decides about a match holds, through rescans, renames and a new database."""

from __future__ import annotations

import dataclasses
import json

import pytest

from jobs import drain
from scanner.models import FormerTitle, Household, Match, MediaFile, Title
from scanner.providers import tmdb
from scanner.services import identify, keeping, libraries, matches
from tests.factories import make_library, put, scan

pytestmark = [pytest.mark.django_db, pytest.mark.repeats]
NIGHT = "The Night Post (2018)/Season 01/The Night Post - S01E0{}.mkv"


@pytest.fixture
def root(library, tmp_path):
    return tmp_path / "films"


def work() -> None:
    drain.run_until_idle(threads=0)


def described(library) -> dict[str, tuple[str, int | None]]:
    """Scan, work, and tell of each file which title it belongs to."""
    scan(library)
    work()
    files = MediaFile.objects.filter(library=library).select_related("match__title")
    return {
        file.path: (file.match.title.name, file.match.title.tmdb_id) if file.match.title else (file.match.state, None)
        for file in files
    }


def test_a_pick_is_locked_and_survives_a_new_database(service, library, root):
    put(root, "IMG_2031/IMG_2031.mkv")
    described(library)
    matches.pick(Match.objects.get(), "movie", 107, actor="eve")
    work()
    kept = json.loads((root / "IMG_2031/metadata.json").read_text())
    assert kept["match"]["locked"] is True

    libraries.remove(library, actor="eve")
    again = make_library(root)

    assert list(described(again).values()) == [("Moss", 107)]
    match = Match.objects.get()
    assert (match.locked, match.by) == (True, "hand")


def test_an_ignored_match_stays_ignored_in_a_new_database(service, library, root):
    put(root, "IMG_2031/IMG_2031.mkv")
    described(library)
    matches.ignore(Match.objects.get(), actor="eve")
    work()
    libraries.remove(library, actor="eve")
    service.asked.clear()

    assert list(described(make_library(root)).values()) == [("ignored", None)]
    assert service.asked == []


def test_a_locked_match_stays_when_its_folder_is_renamed(service, library, root):
    put(root, "IMG_2031/IMG_2031.mkv")
    described(library)
    matches.pick(Match.objects.get(), "movie", 107, actor="eve")
    work()
    service.asked.clear()
    (root / "IMG_2031").rename(root / "1893 (2016)")

    assert list(described(library).values()) == [("Moss", 107)]
    assert not [path for path in service.asked if "search" in path or "/movie/" in path]


def test_an_unclear_match_keeps_the_best_three_for_a_person(service, library, root):
    put(root, "The Last Tram to Brindlemoor/The Last Tram to Brindlemoor.mkv")

    described(library)

    match = Match.objects.get()
    assert match.state == "unmatched"
    assert {one["id"] for one in match.candidates} == {109, 110}
    assert "none is clearly ahead" in match.reason


def test_a_film_that_is_unclear_after_a_rename_is_no_longer_what_it_was(service, library, root):
    put(root, "Moss (2019)/Moss (2019).mkv")
    described(library)
    (root / "Moss (2019)/Moss (2019).mkv").rename(root / "Moss (2019)/The Last Tram to Brindlemoor (1987).mkv")
    (root / "Moss (2019)").rename(root / "The Last Tram to Brindlemoor (1987)")

    found = described(library)

    assert list(found.values()) == [("The Last Tram to Brindlemoor", None)]
    match = Match.objects.get()
    assert (match.state, match.by, match.score, len(match.candidates)) == ("unmatched", "", None, 2)
    title = Title.objects.get()
    assert (title.state, title.described_by, title.overview) == ("indexed", "names", "")
    beside = (root / "The Last Tram to Brindlemoor (1987)").iterdir()
    assert [path.name for path in beside] == ["The Last Tram to Brindlemoor (1987).mkv"]


def test_episodes_of_a_show_that_became_unclear_no_longer_count_as_the_other_folders(service, library, root):
    put(root, NIGHT.format(1), "4K/The Night Post (2018)/Season 01/The Night Post - S01E02.mkv")
    described(library)
    (root / NIGHT.format(1)).rename(root / "The Night Post (2018)/Season 01/The Silent Reach - S01E01.mkv")
    (root / "The Night Post (2018)").rename(root / "The Silent Reach (1999)")

    described(library)

    title = Title.objects.get(tmdb_id=201)
    assert [str(one) for one in title.episodes.filter(files__isnull=False)] == ["S01E02"]


def test_episodes_of_an_ignored_folder_do_not_count_as_the_other_ones(service, library, root):
    put(root, NIGHT.format(1), "4K/The Night Post (2018)/Season 01/The Night Post - S01E02.mkv")
    described(library)

    matches.ignore(Match.objects.get(key="The Night Post (2018)"), actor="eve")

    title = Title.objects.get()
    assert [str(one) for one in title.episodes.filter(files__isnull=False)] == ["S01E02"]


def test_a_title_from_names_stays_when_a_key_finds_nothing(no_key, library, root, settings):
    put(root, "IMG_2031/IMG_2031.mkv")
    described(library)
    settings.TMDB = dataclasses.replace(settings.TMDB, api_key="0" * 32)

    keeping.ask_again_with_a_key()
    work()

    match = Match.objects.select_related("title").get()
    assert (match.state, match.title.described_by) == ("unmatched", "names")


def test_a_key_that_another_process_was_just_given_is_used_at_once(no_key, library, root, settings):
    put(root, "IMG_2031/IMG_2031.mkv")
    described(library)
    settings.HOUSEHOLD_SECONDS = 60
    settings.TMDB_WITHOUT_DEMO = settings.TMDB
    assert not tmdb.configured()
    Household.objects.update_or_create(pk=1, defaults={"tmdb_api_key": "0" * 32})

    assert keeping.ask_again_with_a_key() == 1


def test_a_pick_shows_under_its_own_name_before_it_is_described(no_key, library, root):
    put(root, "IMG_2031/IMG_2031.mkv")
    described(library)

    matches.pick(Match.objects.get(), "movie", 110, actor="eve", name="The Night Post", year=2018)

    assert str(Match.objects.select_related("title").get().title) == "The Night Post (2018)"


def test_a_pick_takes_the_wrong_title_away_and_its_address_leads_to_the_right_one(service, library, root):
    put(root, "The Last Tram to Brindlemoor (1955)/a.mkv")
    described(library)
    wrong = Title.objects.get()

    matches.pick(Match.objects.get(), "movie", 110, actor="eve")
    work()

    right = Title.objects.get()
    former = FormerTitle.objects.get()
    assert (right.tmdb_id, former.former_id, former.title) == (110, wrong.pk, right)


def test_an_ignored_match_takes_its_title_away(service, library, root):
    put(root, "Moss (2019)/Moss (2019).mkv")
    described(library)

    matches.ignore(Match.objects.get(), actor="eve")

    assert not Title.objects.exists()


def test_a_film_picked_among_shows_is_still_one_in_a_new_database(service, library, root):
    put(root, "Whatever/Whatever S01E01.mkv")
    described(library)
    matches.pick(Match.objects.get(), "movie", 107, actor="eve")
    work()
    libraries.remove(library, actor="eve")

    assert list(described(make_library(root)).values()) == [("Moss", 107)]


def test_a_pick_that_nobody_knows_is_a_persons_matter_again(service, library, root):
    put(root, "IMG_2031/IMG_2031.mkv")
    described(library)

    matches.pick(Match.objects.get(), "movie", 999_999, actor="eve")
    work()

    match = Match.objects.get()
    assert (match.state, match.locked) == ("unmatched", False)
    assert "knows no movie 999999" in match.reason


@pytest.mark.parametrize(
    "late",
    [identify.identify, lambda match: matches.pick(match, "movie", 107, actor="bob")],
    ids=["a job", "another person"],
)
def test_who_is_too_late_with_a_match_leaves_no_title_without_files(no_key, library, root, late):
    put(root, "Moss (2019)/Moss (2019).mkv")
    scan(library)
    theirs = Match.objects.get()
    matches.ignore(Match.objects.get(), actor="eve")

    late(theirs)

    assert Match.objects.get().state == "ignored"
    assert not Title.objects.exists()
