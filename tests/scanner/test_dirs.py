"""A scan by the dates of folders sees what a full listing sees, but for what dates do not show."""

from __future__ import annotations

import os
from datetime import timedelta

import pytest
from django.utils import timezone

from scanner.models import Folder, Match, MediaFile, Scan
from scanner.scope import Scope
from scanner.services import methods, scans
from scanner.walk import Walker
from tests.factories import LONG_AGO, make_library, put, scan

pytestmark = [pytest.mark.django_db, pytest.mark.repeats]

FILM = "Films/The Quiet Orchard (2019)/The Quiet Orchard (2019).mkv"
OTHER = "Films/Iron Lantern (2007)/Iron Lantern (2007).mkv"
EPISODE = "Shows/The Night Post (2011)/Season 01/The Night Post - S01E01.mkv"
SECOND = "Shows/The Night Post (2011)/Season 01/The Night Post - S01E02.mkv"


@pytest.fixture
def root(tmp_path):
    (tmp_path / "media").mkdir()
    return tmp_path / "media"


@pytest.fixture
def library(root):
    return make_library(root, kind="mixed")


def age(root) -> None:
    """Give all folders an old date, as those of a library at rest have."""
    for number, (where, _folders, _files) in enumerate(os.walk(root)):
        os.utime(where, (LONG_AGO + number, LONG_AGO + number))


@pytest.fixture
def at_rest(root, library):
    """A library of which all dates are known."""
    put(root, FILM, OTHER, EPISODE)
    age(root)
    scan(library, mode="dirs")
    return library


@pytest.fixture
def listed(monkeypatch):
    """The folders that walks have opened."""
    seen = []
    step = Walker.step

    def noted(walker):
        step(walker)
        seen.append(walker.at)

    monkeypatch.setattr(Walker, "step", noted)
    return seen


def paths(library) -> dict[str, str]:
    return dict(MediaFile.objects.filter(library=library).values_list("path", "state"))


def dates(library) -> dict[str, int]:
    return dict(Folder.objects.filter(library=library).values_list("path", "mtime_ns"))


def test_the_first_one_lists_everything_and_says_why(root, library):
    put(root, FILM, OTHER)

    done = scan(library, mode="dirs")

    assert (done.state, done.new, done.whole) == ("done", 2, True)
    assert done.method == "All 4 folders were listed: nothing was known of their dates yet."


def test_where_no_date_has_changed_nothing_is_listed_and_nothing_written(at_rest, listed):
    before = dates(at_rest)

    done = scan(at_rest, mode="dirs")

    assert listed == []
    assert (done.reason, done.files, done.unchanged, done.whole) == ("nothing has changed", 3, 3, False)
    assert done.method == "0 folders were listed, only those of 7 whose date had changed: as asked."
    assert dates(at_rest) == before


def test_a_new_file_is_found_by_the_date_of_its_folder(root, at_rest, listed):
    put(root, SECOND, size=5_000)

    done = scan(at_rest, mode="dirs")

    assert listed == ["Shows/The Night Post (2011)/Season 01"]
    assert (done.new, done.files, done.unchanged) == (1, 4, 3)
    assert MediaFile.objects.get(path=SECOND).match == MediaFile.objects.get(path=EPISODE).match


def test_a_new_folder_is_walked_with_all_below_it(root, at_rest):
    put(root, "Shows/Open Sea/Season 02/Open Sea - S02E01.mkv", size=5_000)

    done = scan(at_rest, mode="dirs")

    assert done.new == 1
    assert "Shows/Open Sea/Season 02" in dates(at_rest)


def test_a_folder_that_is_gone_takes_its_files_along(root, at_rest):
    (root / OTHER).unlink()
    (root / OTHER).parent.rmdir()

    done = scan(at_rest, mode="dirs")

    assert (done.missing, done.files) == (1, 2)
    assert paths(at_rest)[OTHER] == "missing"
    assert "Films/Iron Lantern (2007)" not in dates(at_rest)


def test_a_renamed_folder_keeps_its_files(root, at_rest):
    file = MediaFile.objects.get(path=EPISODE)
    (root / "Shows/The Night Post (2011)").rename(root / "Shows/The Night Post")

    done = scan(at_rest, mode="dirs")

    moved = MediaFile.objects.get(pk=file.pk)
    assert (done.moved, done.missing, done.new) == (1, 0, 0)
    assert moved.path == EPISODE.replace(" (2011)", "", 1)
    assert moved.match_id == file.match_id
    assert {"Shows/The Night Post", "Shows/The Night Post/Season 01"} <= dates(at_rest).keys()
    assert not any("(2011)" in path for path in dates(at_rest))


def test_a_file_that_went_missing_long_ago_comes_back_elsewhere_as_itself(root, at_rest):
    (root / OTHER).rename(root / "kept.bin")
    scan(at_rest, mode="dirs")
    back = "Films/Lantern/Iron Lantern (2007).mkv"
    (root / back).parent.mkdir()
    (root / "kept.bin").rename(root / back)

    done = scan(at_rest, mode="dirs")

    assert (done.moved, done.new) == (1, 0)
    assert paths(at_rest).keys() == {FILM, EPISODE, back}


def test_a_change_just_before_the_listing_is_looked_at_again(root, library, listed):
    put(root, FILM)
    age(root)
    os.utime((root / FILM).parent)
    scan(library, mode="dirs")
    listed.clear()

    scan(library, mode="dirs")

    assert listed == ["Films/The Quiet Orchard (2019)"]


def test_what_was_still_being_written_is_looked_at_again(root, at_rest, monkeypatch):
    put(root, SECOND)
    os.utime(root / SECOND)
    season = (root / SECOND).parent
    os.utime(season, (LONG_AGO + 50, LONG_AGO + 50))

    def grow(_seconds):
        with (root / SECOND).open("ab") as file:
            file.write(b"more")

    with monkeypatch.context() as context:
        context.setattr("scanner.services.settling.running.wait", grow)
        first = scan(at_rest, mode="dirs")
    os.utime(root / SECOND, (LONG_AGO, LONG_AGO))
    second = scan(at_rest, mode="dirs")

    assert (first.new, second.new) == (0, 1)


def test_losses_that_are_held_are_seen_by_the_next_one_too(root, library):
    many = [f"Films/Film {number:03}/Film {number:03} (1990).mkv" for number in range(30)]
    put(root, *many, OTHER)
    age(root)
    scan(library, mode="dirs")
    (root / "Films").rename(root.parent / "aside")
    (root / "Films").mkdir()

    held = scan(library, mode="dirs")
    again = scan(library, mode="dirs")
    (root / "Films").rmdir()
    (root.parent / "aside").rename(root / "Films")
    lifted = scan(library, mode="dirs")

    assert (held.state, again.state, again.pk) == ("held", "held", held.pk)
    assert len(again.losses) == 31
    assert (lifted.pk, lifted.state, lifted.missing) == (held.pk, "done", 0)
    assert set(paths(library).values()) == {"new"}


def test_an_emptied_root_holds(root, at_rest):
    (root / "Films").rename(root.parent / "films aside")
    (root / "Shows").rename(root.parent / "shows aside")

    assert scan(at_rest, mode="dirs").state == "held"


def test_a_root_that_is_not_there_holds(root, at_rest):
    root.rename(root.parent / "elsewhere")

    held = scan(at_rest, mode="dirs")

    assert held.state == "held"
    assert "cannot be read" in held.reason


def test_an_ignore_file_in_a_known_folder_holds_for_all_below_it(root, at_rest):
    (root / "Shows" / ".nomedia").touch()

    done = scan(at_rest, mode="dirs")

    assert (done.missing, paths(at_rest)[EPISODE]) == (1, "missing")
    (root / "Shows" / ".nomedia").unlink()
    assert scan(at_rest, mode="dirs").files == 3
    assert paths(at_rest)[EPISODE] == "indexed"


def test_a_second_film_makes_a_folder_shared_though_only_its_own_files_are_listed(root, at_rest):
    put(root, "Films/The Quiet Orchard (2019)/Winter Signal (1994).mkv", size=9_000)

    scan(at_rest, mode="dirs")

    held = {match.name for match in Match.objects.filter(files__path__contains="Quiet Orchard (2019)/")}
    assert held == {"The Quiet Orchard", "Winter Signal"}


def test_names_that_are_not_utf8_are_known_folders_too(root, library, listed):
    raw = os.fsencode(root) + b"/Caf\xe9 (2001)"
    os.makedirs(raw)
    with open(raw + b"/Caf\xe9 (2001).mkv", "wb") as file:
        file.write(b"x" * 100)
    os.utime(raw + b"/Caf\xe9 (2001).mkv", (LONG_AGO, LONG_AGO))
    for where in (raw, os.fsencode(root)):
        os.utime(where, (LONG_AGO, LONG_AGO))
    scan(library, mode="dirs")
    listed.clear()

    done = scan(library, mode="dirs")

    assert (done.unchanged, listed) == (1, [])


@pytest.mark.parametrize(("seconds", "mode"), [(5.0, "quick"), (75.0, "dirs")])
def test_the_schedule_takes_dates_where_a_listing_takes_over_a_minute(library, seconds, mode):
    Scan.objects.create(library=library, state="done", walk_seconds=seconds, started_at=timezone.now())

    assert methods.suited(library) == mode


def test_a_scan_of_our_own_lists_everything_once_an_hour(root, at_rest):
    Scan.objects.update(walk_seconds=75.0)
    soon = scan(at_rest, mode="dirs")
    Scan.objects.filter(whole=True).update(started_at=timezone.now() - timedelta(hours=1, minutes=1))

    later = scan(at_rest, mode="dirs")

    assert (soon.whole, later.whole) == (False, True)
    assert soon.method == "0 folders were listed, only those of 7 whose date had changed: listing all takes 75 s."
    assert later.method == "All 7 folders were listed: as at least once an hour."


def test_a_quick_scan_of_a_slow_library_keeps_the_dates(root, library, listed):
    put(root, FILM)
    age(root)
    Scan.objects.create(library=library, state="done", walk_seconds=75.0, started_at=timezone.now())
    scan(library, mode="quick")
    listed.clear()

    scan(library, mode="dirs")

    assert listed == []


def test_a_quick_scan_asked_for_while_one_by_dates_waits_takes_its_place(library):
    first = scans.start([library], mode="dirs")[0]
    second = scans.start([library], mode="quick", actor="eve")[0]

    assert (second.pk, second.mode) == (first.pk, "quick")


def test_a_part_covers_its_folders_alone_or_with_all_below():
    scope = Scope({"Films"}, {"Shows/Open Sea"})

    covered = [
        path for path in ("Films/a.mkv", "Films/x/b.mkv", "Shows/Open Sea/1/c.mkv", "d.mkv") if scope.covers(path)
    ]
    assert covered == ["Films/a.mkv", "Shows/Open Sea/1/c.mkv"]
