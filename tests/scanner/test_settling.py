"""A file that is still being written waits, ever longer."""

from __future__ import annotations

import datetime as dt
import os

import pytest
from django.utils import timezone

from jobs.models import Job
from scanner.services import settling
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


def test_a_file_that_is_still_being_written_waits_for_the_next_look(root, library, monkeypatch):
    put(root, FILM)
    os.utime(root / FILM)

    def grow(_seconds):
        with (root / FILM).open("ab") as file:
            file.write(b"more")

    monkeypatch.setattr(settling.running, "wait", grow)
    done = scan(library)

    assert done.new == 0
    assert Job.objects.filter(kind="scanner.look_again").exists()


def test_looks_at_a_growing_file_come_ever_later():
    seconds = [settling.pause(looks).total_seconds() for looks in (0, 1, 2, 5, 100)]

    assert seconds == [10, 20, 40, 300, 300]


def test_a_file_that_keeps_growing_is_looked_at_less_often(root, library, monkeypatch):
    put(root, FILM)
    os.utime(root / FILM)

    def grow(_seconds):
        with (root / FILM).open("ab") as file:
            file.write(b"more")

    monkeypatch.setattr(settling.running, "wait", grow)
    scan(library)
    Job.objects.all().delete()
    os.utime(root / FILM)
    scan(library)

    again = Job.objects.get(kind="scanner.look_again")
    assert again.due_at > timezone.now() + dt.timedelta(seconds=15)
