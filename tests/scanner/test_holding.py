"""A disk that is away empties no library: losses are held until they are back or a person says so."""

from __future__ import annotations

import os

import pytest

from scanner.models import MediaFile, Scan
from scanner.services import scanning, scans
from tests.factories import make_library, put, scan

pytestmark = pytest.mark.django_db
FILM = "The Quiet Orchard (2019)/The Quiet Orchard (2019).mkv"


@pytest.fixture
def root(tmp_path):
    (tmp_path / "media").mkdir()
    return tmp_path / "media"


@pytest.fixture
def library(root):
    return make_library(root, kind="mixed")


def states(library) -> dict[str, str]:
    return dict(MediaFile.objects.filter(library=library).values_list("path", "state"))


def test_an_emptied_root_marks_nothing_missing_and_holds(root, library):
    put(root, FILM)
    scan(library)
    (root / FILM).unlink()
    (root / "The Quiet Orchard (2019)").rmdir()

    held = scan(library)

    assert held.state == "held"
    assert "Nothing was marked missing" in held.reason
    assert states(library) == {FILM: "new"}


def many(count: int) -> list[str]:
    return [f"Film {number:03} ({1950 + number})/Film {number:03} ({1950 + number}).mkv" for number in range(count)]


def lose_a_fifth(root, library, *, of: int) -> list[str]:
    """Scan a library of so many films and take 25 of them away; returns the names of all."""
    names = many(of)
    put(root, *names)
    scan(library)
    for name in names[:25]:
        (root / name).unlink()
    return names


def test_losing_a_fifth_at_once_is_held_until_confirmed(root, library):
    names = lose_a_fifth(root, library, of=60)

    held = scan(library)
    (root / names[30]).unlink()
    scans.confirm(held, actor="eve")
    scanning.run(Scan.objects.get(pk=held.pk))

    held.refresh_from_db()
    assert (held.state, held.missing) == ("done", 26)
    assert sum(state == "missing" for state in states(library).values()) == 26


def test_a_confirmed_scan_is_not_called_done_before_it_has_walked_again(root, library):
    lose_a_fifth(root, library, of=60)
    held = scan(library)

    scans.confirm(held, actor="eve")

    assert scans.progress(held).phase == "looking through folders"


def test_a_confirmation_covers_only_what_was_shown(root, library):
    names = lose_a_fifth(root, library, of=90)
    held = scan(library)
    for name in names[25:60]:
        (root / name).unlink()

    scans.confirm(held, actor="eve")
    again = scan(library)

    assert (again.pk, again.state) == (held.pk, "held")
    assert (again.missing, len(again.losses)) == (25, 35)


def test_a_held_scan_lifts_itself_when_the_files_are_back(root, library, tmp_path):
    names = many(40)
    put(root, *names)
    scan(library)
    root.rename(tmp_path / "unmounted")
    root.mkdir()
    held = scan(library)
    root.rmdir()
    (tmp_path / "unmounted").rename(root)

    again = scan(library)

    assert held.state == "held"
    assert (again.pk, again.state, again.missing) == (held.pk, "done", 0)


def test_a_missing_root_holds_and_says_so_on_the_library(root, library, tmp_path):
    put(root, FILM)
    scan(library)
    root.rename(tmp_path / "away")

    held = scan(library)
    library.refresh_from_db()

    assert held.state == "held"
    assert "No such file or directory" in library.problem
    assert states(library) == {FILM: "new"}


def test_an_unreadable_subtree_keeps_its_states(root, library, monkeypatch):
    put(root, FILM, "Another One (2001)/Another One (2001).mkv")
    scan(library)
    real = os.open

    def refuse(path, *args, **kwargs):
        if str(path).endswith("The Quiet Orchard (2019)"):
            raise PermissionError(13, "Permission denied")
        return real(path, *args, **kwargs)

    monkeypatch.setattr(os, "open", refuse)
    done = scan(library)

    assert (done.state, done.missing, done.errors) == ("done", 0, 1)
    assert done.troubles == ["The Quiet Orchard (2019): Permission denied"]
    assert set(states(library).values()) == {"new"}


def test_a_held_full_scan_stays_full_when_the_schedule_renews_it(root, library):
    put(root, FILM)
    scan(library)
    (root / FILM).unlink()
    (root / "The Quiet Orchard (2019)").rmdir()
    held = scan(library, mode="full", actor="eve")

    again = scans.start([library])[0]

    assert (held.state, again.pk, again.mode) == ("held", held.pk, "full")
