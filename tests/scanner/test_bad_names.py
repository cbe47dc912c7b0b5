"""Every name, date and ignore file that a disk can hold is taken as it is."""

from __future__ import annotations

import os
import unicodedata

import pytest

from scanner.models import MediaFile
from scanner.stats import MAX_INTEGER
from scanner.walk import walk
from tests.factories import make_library, put, scan

FILM = "The Quiet Orchard (2019)/The Quiet Orchard (2019).mkv"
OTHER = "Another One (2001)/Another One (2001).mkv"


@pytest.fixture
def root(tmp_path):
    (tmp_path / "media").mkdir()
    return tmp_path / "media"


def found(root) -> set[str]:
    return set(walk(str(root)).files)


def states(library) -> dict[str, str]:
    return dict(MediaFile.objects.filter(library=library).values_list("path", "state"))


@pytest.mark.django_db
@pytest.mark.parametrize(
    "when",
    [0, -10 * 365 * 86_400, 7_258_118_400, 13_569_465_600],
    ids=["1970", "1960", "2200", "2400, beyond 64 bits of nanoseconds"],
)
def test_any_date_can_be_stored_and_is_no_change_the_next_time(root, when):
    put(root, FILM, mtime=when)
    library = make_library(root)

    first, second = scan(library), scan(library)

    assert (first.new, second.unchanged, second.changed) == (1, 1, 0)
    assert abs(MediaFile.objects.get().mtime_ns) <= MAX_INTEGER


HOSTILE = {
    "not UTF-8": b"Caf\xe9 (2001)",
    "255 bytes": b"L" * 251,
    "255 bytes of two-byte letters": ("é" * 125).encode(),
    "a newline": b"New\nLine (2004)",
    "control characters": b"Ctl\x01\x1b[31mRed (2005)",
    "written from right to left": "Bidi \u202egnp (2006)".encode(),
    "a backslash that reads like an escape": rb"Back\x41slash (2007)",
    "markup and quotes": b"Quote ' \" <b>&amp; (2008)",
    "like an option": b"--help (2001)",
    "only spaces": b"   ",
    "only dots": b"....",
    "per cent and traversal": b"%00%2e%2e (2001)",
    "enormous numbers": b"Show S99999999999999999999E99999999999999999999",
    "an enormous id": b"Film (2001) {tmdb-99999999999999999999999}",
}


@pytest.mark.django_db
@pytest.mark.parametrize("name", HOSTILE.values(), ids=HOSTILE)
def test_every_name_a_disk_can_hold_is_taken_in_and_known_again(root, name):
    where = os.fsencode(root) + b"/" + name
    os.mkdir(where)
    with open(where + b"/" + name[:251] + b".mkv", "wb") as file:
        file.write(b"x" * 100)
    os.utime(where + b"/" + name[:251] + b".mkv", (1_600_000_000, 1_600_000_000))
    library = make_library(root, kind="mixed")

    first, second = scan(library), scan(library)

    assert (first.state, second.unchanged, second.reason) == ("done", first.new, "nothing has changed")
    assert all(path.encode() for path in states(library))


@pytest.mark.django_db
def test_composed_and_decomposed_names_are_two_folders_but_one_film(root):
    composed, decomposed = (unicodedata.normalize(form, "Amélie (2002)") for form in ("NFC", "NFD"))
    put(root, f"{composed}/{composed}.mkv", f"{decomposed}/{decomposed}.mkv")
    library = make_library(root, kind="movies")

    scan(library)

    names = {match.name for match in library.matches.all()}
    assert len(states(library)) == 2
    assert {unicodedata.normalize("NFC", name) for name in names} == {"Amélie"}


@pytest.mark.parametrize("name", [".ignore", ".plexignore"])
def test_an_ignore_file_that_is_a_folder_or_a_pipe_ignores_nothing(root, name):
    put(root, FILM, OTHER)
    (root / FILM).parent.joinpath(name).mkdir()
    os.mkfifo((root / OTHER).parent / name)

    listing = walk(str(root))

    assert (set(listing.files), listing.unreadable) == ({FILM, OTHER}, {})


def test_ignore_files_leave_out_what_they_name(root):
    put(root, "Empty/A (2001).mkv", "Media/B (2001).mkv", "Plex/Keep (2001).mkv", "Plex/Bad (2001).mkv")
    put(root, "Some/Keep (2001).mkv", "Some/drop (2001).mkv", "Some/sub/C (2001).mkv", "None/Keep (2001).mkv")
    (root / "Empty/.ignore").touch()
    (root / "Media/.nomedia").touch()
    (root / "Plex/.plexignore").write_text("Bad*\n")
    (root / "Some/.ignore").write_text("# no\n\ndrop*\nsub/\n")
    (root / "None/.plexignore").touch()

    assert found(root) == {"Plex/Keep (2001).mkv", "Some/Keep (2001).mkv", "None/Keep (2001).mkv"}
