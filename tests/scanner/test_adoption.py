"""Libraries that another program has kept are taken over: nothing is searched for, nothing is overwritten."""

from __future__ import annotations

import dataclasses
import os

import pytest

from jobs import drain
from jobs.models import Job
from scanner.models import Episode, Match, MediaFile, Season, Title
from scanner.services import keeping
from tests import adopted
from tests.factories import LONG_AGO, put, scan

pytestmark = [pytest.mark.django_db, pytest.mark.repeats]

KEY = "0" * 32


@pytest.fixture
def root(library, tmp_path):
    return tmp_path / "films"


@pytest.fixture
def adopt(library, root):
    """A function that lays out a library, scans it and works until nothing is left to do."""

    def take(build=None) -> dict[str, bytes]:
        foreign = build(root) if build else {}
        scan(library)
        drain.run_until_idle(threads=0)
        return foreign

    return take


def unchanged(root, foreign) -> bool:
    return {name: (root / name).read_bytes() for name in foreign} == foreign


def asked(service) -> list[str]:
    return sorted(path for path in service.api() if not path.startswith("/3/configuration"))


@pytest.mark.parametrize("name", adopted.LAYOUTS)
def test_a_kept_library_is_taken_over_without_a_search(service, adopt, root, name):
    foreign = adopt(adopted.LAYOUTS[name])

    films = {"/3/movie/107", "/3/movie/108"} if name == "ours" else {"/3/movie/107"}
    assert asked(service) == sorted({*films, "/3/tv/201"})
    assert unchanged(root, foreign)
    assert set(Title.objects.values_list("state", "described_by")) == {("indexed", "tmdb")}
    assert set(MediaFile.objects.values_list("state", flat=True)) == {"indexed"}


@pytest.mark.parametrize("name", ["kodi", "jellyfin", "tmm"])
def test_without_a_key_it_is_described_from_its_nfos(no_key, adopt, root, name):
    foreign = adopt(adopted.LAYOUTS[name])

    film, show = Title.objects.order_by("kind")
    assert no_key.asked == []
    assert (film.name, film.year, film.overview, film.rating) == ("Moss", 2019, "It grows, says its owner.", 7.4)
    assert (film.tmdb_id, film.described_by, film.runtime_min) == (107, "nfo", 83)
    assert film.genres[0] == "Nature"
    assert (show.tmdb_id, show.described_by, show.overview) == (201, "nfo", "Letters, as its owner tells it.")
    assert list(Episode.objects.values_list("season", "number", "name", "overview")) == [
        (1, 1, "Owner's name 1", "Plot 1."),
        (1, 2, "Owner's name 2", "Plot 2."),
    ]
    assert Season.objects.get().name == ("" if name == "tmm" else "The Winter Mail")
    assert unchanged(root, foreign)


@pytest.mark.parametrize("name", ["plex", "ours"])
def test_without_a_key_hints_name_the_titles(no_key, adopt, root, name):
    foreign = adopt(adopted.LAYOUTS[name])

    assert no_key.asked == []
    assert {"Moss", "The Night Post"} <= set(Title.objects.values_list("name", flat=True))
    assert unchanged(root, foreign)


def test_a_key_that_comes_later_describes_it_by_its_ids(no_key, adopt, root, settings):
    foreign = adopt(adopted.kodi)

    settings.TMDB = dataclasses.replace(settings.TMDB, api_key=KEY)
    keeping.ask_again_with_a_key()
    adopt()

    assert asked(no_key) == ["/3/movie/107", "/3/tv/201"]
    assert set(Title.objects.values_list("described_by", flat=True)) == {"tmdb"}
    assert unchanged(root, foreign)


def test_a_second_scan_of_a_kept_library_asks_and_writes_nothing(service, adopt, root):
    adopt(adopted.kodi)
    service.forget()
    before = {path: path.stat().st_mtime_ns for path in root.rglob("*")}

    adopt()

    assert service.asked == []
    assert {path: path.stat().st_mtime_ns for path in root.rglob("*")} == before


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        ("Moss (2019)/Moss (2019).nfo", b"It grows, says its owner.", b"It grew."),
        ("The Night Post (2018)/Season 01/The Night Post - S01E01.nfo", b"Owner's name 1", b"Another name"),
    ],
)
def test_without_a_key_an_edited_nfo_is_read_again_once(no_key, adopt, root, name, old, new):
    adopt(adopted.kodi)
    (root / name).write_bytes((root / name).read_bytes().replace(old, new))

    adopt()
    told = {*Title.objects.values_list("overview", flat=True), *Episode.objects.values_list("name", flat=True)}
    described = Job.objects.filter(kind="scanner.title").count()
    adopt()

    assert new.decode() in told
    assert Job.objects.filter(kind="scanner.title").count() == described


@pytest.mark.parametrize("name", adopted.LAYOUTS)
def test_without_a_key_what_we_wrote_is_no_edit(no_key, adopt, name):
    adopt(adopted.LAYOUTS[name])

    adopt()

    assert not Job.objects.filter(reason__contains="has changed", kind="scanner.title").exists()


def test_hints_say_which_file_is_which_episode(service, adopt):
    adopt(adopted.plex)

    held = MediaFile.objects.filter(path__contains="Some Show").order_by("path")
    assert [[(one.season, one.number) for one in file.episodes.all()] for file in held] == [[(1, 1)], [(1, 2)]]


CONFLICTS = {
    "a tag beats .plexmatch and NFO": ("Whatever {tmdb-107}", "tmdbid: 108", 101, 107),
    ".plexmatch beats an NFO": ("Whatever", "tmdbid: 108", 107, 108),
    "an NFO beats the name": ("1893 (2016)", "", 107, 107),
}


@pytest.mark.parametrize(("folder", "hint", "nfo", "wanted"), CONFLICTS.values(), ids=CONFLICTS)
def test_who_is_believed_when_they_disagree(service, adopt, root, folder, hint, nfo, wanted):
    put(root, f"{folder}/{folder}.mkv")
    (root / folder / ".plexmatch").write_text(hint)
    (root / folder / "movie.nfo").write_text(f"<movie><tmdbid>{nfo}</tmdbid></movie>")

    adopt()

    assert Title.objects.get().tmdb_id == wanted


FOREIGN_KIND = {
    "a show's link beside a film": ("movie.nfo", "https://www.themoviedb.org/tv/107"),
    "an episode's NFO beside a film": (
        "Moss (2019).nfo",
        "<episodedetails><title>X</title><uniqueid type='tmdb'>108</uniqueid></episodedetails>",
    ),
    "a show's NFO beside a film": ("Moss (2019).nfo", "<tvshow><tmdbid>108</tmdbid></tvshow>"),
}


@pytest.mark.parametrize(("name", "body"), FOREIGN_KIND.values(), ids=FOREIGN_KIND)
def test_ids_of_another_kind_are_not_taken_for_its_own(service, adopt, root, name, body):
    put(root, "Moss (2019)/Moss (2019).mkv")
    (root / "Moss (2019)" / name).write_text(body)

    adopt()

    assert (Title.objects.get().tmdb_id, Match.objects.get().by) == (107, "search")


def test_an_nfo_without_ids_names_what_is_searched_for(service, adopt, root):
    put(root, "IMG_2031/IMG_2031.mkv")
    (root / "IMG_2031/movie.nfo").write_text("<movie><title>Moss</title><year>2019</year></movie>")

    adopt()

    assert Title.objects.get().tmdb_id == 107
    assert len(service.api()) - service.counts()["/3/configuration"] == 2


def test_a_film_that_only_its_nfo_knows_is_what_the_nfo_says(service, adopt, root):
    put(root, "Summer 1994/Summer 1994.mkv")
    nfo = "<movie><title>Our Summer at Lake Eldrith</title><plot>Aunt Hedda swims.</plot><year>1994</year></movie>"
    (root / "Summer 1994/movie.nfo").write_text(nfo)

    adopt()

    title = Title.objects.get()
    assert (title.name, title.overview, title.described_by) == (
        "Our Summer at Lake Eldrith",
        "Aunt Hedda swims.",
        "nfo",
    )
    assert Match.objects.get().state == "matched"
    assert (root / "Summer 1994/movie.nfo").read_text() == nfo


@pytest.mark.parametrize("place", ["VIDEO_TS/VIDEO_TS.nfo", "BDMV/index.nfo"])
def test_a_disc_has_its_nfo_inside(service, adopt, root, place):
    disc = place.partition("/")[0]
    put(root, f"Whatever/{disc}/STREAM/00001.m2ts", f"Whatever/{disc}/VTS_01_1.VOB")
    (root / "Whatever" / place).write_text("<movie><tmdbid>107</tmdbid></movie>")
    os.utime(root / "Whatever" / place, (LONG_AGO, LONG_AGO))

    adopt()

    assert Title.objects.get().tmdb_id == 107
    assert not [path for path in service.asked if "search" in path]


HOSTILE = {
    "a bomb": b'<!DOCTYPE m [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]><movie><title>&b;&b;</title></movie>',
    "fifty megabytes": b"<movie>" + b"<a>" * 17_000_000,
    "art": "█▀▀ ░▒▓ NFO ▓▒░".encode("cp437") * 2_000,
    "zeros": b"\0" * 100_000,
    "half a UTF-16": "<movie><tmdbid>107</tmdbid>".encode("utf-16")[:-1],
    "deep": b"<movie>" + b"<a>" * 50_000 + b"</a>" * 50_000 + b"</movie>",
}


@pytest.mark.parametrize("name", ["movie.nfo", ".plexmatch", "metadata.json", "Moss (2019).nfo"])
@pytest.mark.parametrize("body", HOSTILE.values(), ids=HOSTILE)
def test_hostile_files_beside_a_film_stop_nothing(no_key, adopt, root, name, body):
    put(root, "Moss (2019)/Moss (2019).mkv")
    (root / "Moss (2019)" / name).write_bytes(body)

    adopt()

    assert MediaFile.objects.get().state == "indexed"
    assert (root / "Moss (2019)" / name).read_bytes() == body or name == "metadata.json"


@pytest.mark.parametrize("name", [".plexmatch", "movie.nfo", "metadata.json"])
def test_what_is_no_file_is_not_read(no_key, adopt, root, name):
    put(root, "Moss (2019)/Moss (2019).mkv")
    os.mkfifo(root / "Moss (2019)" / name)

    adopt()

    assert MediaFile.objects.get().state == "indexed"
