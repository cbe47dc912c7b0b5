"""What a match is: the cases of a household, from files on disk to titles, through the real service fake."""

from __future__ import annotations

import dataclasses
from datetime import timedelta

import pytest
from django.utils import timezone

from jobs import drain
from jobs.models import Job
from scanner.models import FormerTitle, Match, MediaFile, Title
from scanner.services import keeping, scans
from tests.factories import put, scan

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


@pytest.mark.parametrize(
    ("path", "title"),
    [
        ("Moss (2019)/Moss (2019).mkv", ("Moss", 107)),
        ("A.Teaspoon.of.Thunder.1987.1080p.BluRay.x264-GRP.mkv", ("A Teaspoon of Thunder", 102)),
        ("Moss (2018)/Moss (2018).mkv", ("Moss", 107)),
        ("Whatever (2001) [tmdbid-107]/video.mkv", ("Moss", 107)),
        ("Whatever {imdb-tt90000107}/whatever.mkv", ("Moss", 107)),
        ("Ein Teelöffel Donner (1987)/Ein Teelöffel Donner.mkv", ("A Teaspoon of Thunder", 102)),
        ("The Last Tram to Brindlemoor (1955)/a.mkv", ("The Last Tram to Brindlemoor", 109)),
        ("The Last Tram to Brindlemoor (2020)/a.mkv", ("The Last Tram to Brindlemoor", 110)),
        ("The Last Tram to Brindlemoor/The Last Tram to Brindlemoor.mkv", ("The Last Tram to Brindlemoor", None)),
        ("IMG_2031/IMG_2031.mkv", ("IMG", None)),
        (NIGHT.format(1), ("The Night Post", 201)),
        ("Whatever {tvdb-700201}/Whatever S01E01.mkv", ("The Night Post", 201)),
    ],
    ids=[
        "by name and year", "a scene name in the root", "a year beside the truth", "a TMDB tag beats the name",
        "an IMDb tag", "a translated name", "the older of two", "the newer of two", "unclear without a year",
        "nothing like it", "a show", "a show by its TVDB tag",
    ],
)  # fmt: skip
def test_a_path_leads_to_its_title(service, library, root, path, title):
    put(root, path)

    assert list(described(library).values()) == [title]


def test_two_folders_of_one_film_share_a_title(service, library, root):
    put(root, "Moss (2019)/Moss (2019).mkv", "4K/Moss (2019)/Moss (2019) 2160p.mkv")

    described(library)

    assert Title.objects.count() == 1
    assert Match.objects.filter(title=Title.objects.get()).count() == 2
    assert (root / "Moss (2019)/movie.nfo").exists()
    assert (root / "4K/Moss (2019)/movie.nfo").exists()


def test_versions_and_parts_in_one_folder_are_one_match(service, library, root):
    put(root, *(f"Moss (2019)/Moss (2019){rest}.mkv" for rest in ("", " - 4K", " - cd1", " - cd2")))

    described(library)

    assert Match.objects.count() == 1
    assert set(MediaFile.objects.values_list("version", "part")) == {("", None), ("4K", None), ("", 1), ("", 2)}


def test_films_that_share_a_folder_keep_their_files_apart(service, library, root):
    put(root, "All/Moss (2019).mkv", "All/1893 (2016).mkv", "All/The Night Post S01E01.mkv")

    found = described(library)

    assert set(found.values()) == {("Moss", 107), ("1893", 108), ("The Night Post", 201)}
    assert (root / "All/Moss (2019).nfo").exists()
    assert (root / "All/Moss (2019).metadata.json").exists()
    assert not (root / "All/movie.nfo").exists()
    assert not (root / "All/tvshow.nfo").exists()


def test_nothing_is_written_into_the_root_of_a_library(service, library, root):
    put(root, "Moss (2019).mkv", "1893 (2016).mkv")

    described(library)

    assert sorted(path.name for path in root.iterdir()) == ["1893 (2016).mkv", "Moss (2019).mkv"]


def test_a_film_among_shows_is_a_film(service, library, root):
    library.kind = "shows"
    library.save(update_fields=["kind"])
    put(root, NIGHT.format(1), "Moss (2019)/Moss (2019).mkv")

    described(library)

    assert dict(Title.objects.values_list("name", "kind")) == {"The Night Post": "show", "Moss": "movie"}


def test_a_file_with_two_episodes_holds_both(service, library, root):
    put(root, "The Night Post (2018)/Season 01/The Night Post - S01E01-E02.mkv")

    described(library)

    held = MediaFile.objects.get().episodes.order_by("number")
    assert [(one.season, one.number, one.name) for one in held] == [
        (1, 1, "Dead Letters"),
        (1, 2, "Insufficient Address"),
    ]


def test_an_nfo_beats_the_name(service, library, root):
    put(root, "1893 (2016)/1893 (2016).mkv")
    (root / "1893 (2016)/movie.nfo").write_text("<movie><uniqueid type='tmdb'>107</uniqueid></movie>")

    assert list(described(library).values()) == [("Moss", 107)]
    assert not [path for path in service.asked if "search" in path]


def test_an_nfo_that_comes_later_settles_what_was_unclear(service, library, root):
    put(root, "IMG_2031/IMG_2031.mkv")
    described(library)
    (root / "IMG_2031/movie.nfo").write_text("https://www.themoviedb.org/movie/107")

    assert list(described(library).values()) == [("Moss", 107)]


def test_in_a_shared_folder_only_its_own_nfo_has_an_unclear_film_looked_at_again(service, library, root):
    def asked() -> int:
        scans.start([library])
        work()
        return len(service.api())

    put(root, "All/Moss (2019).mkv", "All/Homespun Holiday.mkv")
    searched = asked()

    assert asked() == searched

    (root / "All/Homespun Holiday.nfo").write_text("https://www.themoviedb.org/movie/108")
    assert asked() > searched
    assert Match.objects.get(stem="Homespun Holiday").title.tmdb_id == 108


def test_without_a_key_names_are_titles_and_a_key_merges_them(no_key, library, root, settings):
    put(root, "Moss (2019)/Moss (2019).mkv", "4K/Moss (2019)/Moss (2019).mkv")
    described(library)
    older, younger = Title.objects.order_by("pk")
    assert {older.described_by, younger.described_by} == {"names"}

    settings.TMDB = dataclasses.replace(settings.TMDB, api_key="0" * 32)
    keeping.ask_again_with_a_key()
    work()

    title = Title.objects.get()
    assert (title.pk, title.tmdb_id, title.described_by) == (older.pk, 107, "tmdb")
    assert FormerTitle.objects.get().former_id == younger.pk


def test_new_episodes_of_a_described_season_cost_no_request(service, library, root):
    put(root, NIGHT.format(1))
    described(library)
    service.asked.clear()
    put(root, NIGHT.format(2), NIGHT.format(3))

    described(library)

    assert service.api() == []
    assert MediaFile.objects.filter(state="indexed", episodes__isnull=False).count() == 3


def test_a_new_season_costs_one_request(service, library, root):
    put(root, NIGHT.format(1))
    described(library)
    service.asked.clear()
    put(root, "The Night Post (2018)/Season 02/The Night Post - S02E01.mkv")

    described(library)

    assert service.api() == ["/3/tv/201"]


def test_a_tag_added_to_a_folder_settles_what_was_unclear(service, library, root):
    put(root, "IMG_2031/IMG_2031.mkv")
    described(library)
    (root / "IMG_2031").rename(root / "IMG_2031 [tmdbid-107]")

    assert list(described(library).values()) == [("Moss", 107)]


def test_another_year_in_a_renamed_folder_is_another_film(service, library, root):
    put(root, "The Last Tram to Brindlemoor (1955)/a.mkv")
    described(library)
    (root / "The Last Tram to Brindlemoor (1955)").rename(root / "The Last Tram to Brindlemoor (2020)")

    assert list(described(library).values()) == [("The Last Tram to Brindlemoor", 110)]


def test_a_folder_that_becomes_shared_leaves_no_ghost(service, library, root):
    put(root, "All/Moss (2019).mkv")
    described(library)
    put(root, "All/1893 (2016).mkv")

    described(library)

    assert Match.objects.filter(files=None).count() == 0
    assert set(Title.objects.values_list("tmdb_id", flat=True)) == {107, 108}


def test_a_renamed_show_of_many_files_stays_one_match(service, library, root):
    put(root, *(f"Small Hours (2004)/Season 01/Small Hours - S01E{number:03}.mkv" for number in range(1, 602)))
    described(library)
    before = Match.objects.get()
    (root / "Small Hours (2004)").rename(root / "Small Hours")
    service.asked.clear()

    described(library)

    assert Match.objects.get().pk == before.pk
    assert service.asked == []


def test_an_id_that_nobody_knows_is_asked_once(service, library, root, settings):
    settings.HOUSEHOLD_SECONDS = 0  # every process knows of the key at once
    put(root, "Whatever {tvdb-999999}/Whatever S01E01.mkv")
    described(library)
    keeping.ask_again_with_a_key()
    work()
    service.asked.clear()

    keeping.ask_again_with_a_key()
    work()

    assert service.asked == []


def test_what_others_match_before_they_know_of_a_new_key_is_asked_again_when_all_know(service, settings):
    settings.HOUSEHOLD_SECONDS = 60

    keeping.ask_again_with_a_key()

    job = Job.objects.get(kind="scanner.upkeep", state="ready")
    assert timedelta(seconds=30) < job.due_at - timezone.now() <= timedelta(seconds=60)


def test_two_folders_of_a_new_film_cost_one_description(service, library, root):
    put(root, "Moss (2019) [tmdbid-107]/Moss.mkv", "4K/Moss (2019) [tmdbid-107]/Moss.mkv")

    described(library)

    assert [path for path in service.asked if path.startswith("/3/movie")] == ["/3/movie/107"]
