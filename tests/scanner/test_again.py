"""What a scan looks at again: what changed behind its back, and what could not be read the last time."""

from __future__ import annotations

import errno
import os

import pytest

from jobs.models import Job
from scanner.models import Match, MediaFile, Scan
from scanner.services import inspect, leveling, scans
from tests.factories import make_title, put, scan
from tests.jobs_in_tests import run_job

pytestmark = [pytest.mark.django_db, pytest.mark.repeats]

FILM = "Moss (2019)/Moss (2019).mkv"
OTHER = "1893 (2016)/1893 (2016).mkv"


@pytest.fixture
def root(tmp_path):
    return tmp_path / "films"


def while_walking(monkeypatch, happening) -> None:
    """Have something happen once, right after a walk has listed everything."""
    real = leveling.compare

    def then(*args):
        monkeypatch.setattr(leveling, "compare", real)
        happening()
        return real(*args)

    monkeypatch.setattr(leveling, "compare", then)


def test_who_asks_for_a_scan_that_has_listed_everything_gets_another_walk(root, library, monkeypatch):
    put(root, FILM)
    pressed = []

    def arrives():
        put(root, OTHER)
        pressed.extend(scans.start([library], actor="eve"))

    while_walking(monkeypatch, arrives)
    begun = scans.start([library], actor="adam")[0]
    first = run_job("scanner.walk", f"scan:{begun.pk}")
    second = run_job("scanner.walk", f"scan:{begun.pk}")

    done = Scan.objects.get()
    assert (pressed, first.state, second.state) == ([begun], "ready", "done")
    assert (done.state, done.new, done.files) == ("done", 2, 2)
    assert MediaFile.objects.filter(path=OTHER).exists()


def test_the_schedule_that_meets_a_running_scan_walks_no_second_time(root, library, monkeypatch):
    put(root, FILM)
    while_walking(monkeypatch, lambda: scans.start([library]))
    begun = scans.start([library], actor="adam")[0]

    assert run_job("scanner.walk", f"scan:{begun.pk}").state == "done"


def test_a_full_scan_asked_for_during_a_quick_one_describes_everything(root, library, monkeypatch):
    put(root, FILM)
    while_walking(monkeypatch, lambda: scans.start([library], mode="full", actor="eve"))
    begun = scans.start([library], actor="adam")[0]
    run_job("scanner.walk", f"scan:{begun.pk}")
    Job.objects.filter(kind="scanner.match").delete()

    run_job("scanner.walk", f"scan:{begun.pk}")

    assert Job.objects.get(kind="scanner.match").reason == "full scan"


def test_a_full_scan_that_walks_once_more_fetches_nothing_twice(root, library, monkeypatch):
    put(root, FILM)
    scan(library)
    Match.objects.update(state="matched", title=make_title())
    while_walking(monkeypatch, lambda: scans.start([library], actor="eve"))
    begun = scans.start([library], mode="full", actor="adam")[0]
    run_job("scanner.walk", f"scan:{begun.pk}")
    Job.objects.filter(kind="scanner.title").update(state="done")

    run_job("scanner.walk", f"scan:{begun.pk}")

    assert Job.objects.filter(kind="scanner.title").count() == 1


def test_a_scan_that_was_stopped_does_not_walk_again(root, library):
    put(root, FILM)
    begun = scans.start([library], actor="adam")[0]
    scans.stop(begun, actor="eve")

    run_job("scanner.walk", f"scan:{begun.pk}")

    assert not MediaFile.objects.exists()


@pytest.fixture
def unreadable(root, library, monkeypatch):
    """A file that cannot be read until the returned function is called."""
    put(root, FILM)
    scan(library)
    Match.objects.update(state="matched")
    MediaFile.objects.update(state="indexed")
    with monkeypatch.context() as patch:

        def refuse(_path):
            raise OSError(errno.EIO, os.strerror(errno.EIO))

        patch.setattr(inspect, "fingerprint", refuse)
        job = run_job("scanner.inspect", f"match:{Match.objects.get().pk}")
    assert (MediaFile.objects.get().state, job.state) == ("error", "ready")
    return job


def test_a_file_that_can_be_read_again_comes_back_with_the_next_scan(library, unreadable):
    before = unreadable.due_at

    scan(library)

    again = Job.objects.get(kind="scanner.inspect")
    assert again.due_at < before
    run_job("scanner.inspect", again.key)
    assert MediaFile.objects.get().state == "indexed"


def test_a_file_that_nobody_could_identify_waits_for_a_person(root, library):
    put(root, FILM)
    scan(library)
    MediaFile.objects.update(state="error")
    Job.objects.all().delete()

    scan(library)

    assert not Job.objects.exclude(kind="scanner.walk").exists()
