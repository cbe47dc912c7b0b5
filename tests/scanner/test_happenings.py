"""The history of a title lists the going and coming back of its files: one event a scan, not one a file."""

from __future__ import annotations

import os

import pytest

from journal.models import Event
from journal.moves import subject_of
from scanner.models import Match
from tests.factories import put, scan

pytestmark = [pytest.mark.django_db, pytest.mark.repeats]
NAMES = [f"Kiln (1999)/Season 01/Kiln - S01E0{n}.mkv" for n in range(1, 5)]


@pytest.fixture
def root(library, tmp_path):
    put(tmp_path / "films", *NAMES, "Moss (2019)/Moss (2019).mkv")
    scan(library)
    return tmp_path / "films"


def told(name="Kiln"):
    match = Match.objects.get(name=name)
    events = Event.objects.filter(subject=subject_of(match), facts__has_key="what").order_by("pk")
    return [(event.reason, event.name) for event in events]


def test_files_that_go_and_come_back_are_one_event_each_time(library, root):
    for name in NAMES[:3]:
        (root / name).rename(root.parent / name.rpartition("/")[2])
    scan(library)
    for name in NAMES[:3]:
        (root.parent / name.rpartition("/")[2]).rename(root / name)
    scan(library)

    assert told() == [("3 files are gone from disk", "Kiln"), ("3 files are back", "Kiln")]
    assert told("Moss") == []


def test_a_file_that_changes_or_moves_is_told(library, root):
    (root / NAMES[0]).write_bytes(b"another")
    os.utime(root / NAMES[0], (1_600_000_500, 1_600_000_500))
    (root / NAMES[1]).rename(root / NAMES[1].replace("E02", "E07"))
    scan(library)

    assert sorted(told()) == [("1 file has changed on disk", "Kiln"), ("1 file has moved", "Kiln")]


def test_an_unchanged_scan_tells_nothing(library, root):
    before = Event.objects.count()
    scan(library)

    assert Event.objects.count() == before
