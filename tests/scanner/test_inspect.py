"""The closer look: nothing that changes meanwhile is lost, and a disk that is away is waited for."""

from __future__ import annotations

import datetime as dt

import pytest
from django.utils import timezone

from jobs import queue
from jobs.errors import Interrupted
from jobs.models import Job
from scanner import bulk
from scanner.fingerprint import fingerprint
from scanner.models import Match, MediaFile
from scanner.services import inspect, keeping, reseeding
from tests.factories import make_file, make_title, put, scan
from tests.jobs_in_tests import run_job

pytestmark = [pytest.mark.django_db, pytest.mark.repeats]

FILM = "The Quiet Orchard (2019)/The Quiet Orchard (2019).mkv"


@pytest.fixture
def root(tmp_path):
    return tmp_path / "films"


@pytest.fixture
def look(root, library):
    """A function that runs the job of the one match, after a first scan."""
    put(root, FILM)
    scan(library)
    return lambda: run_job("scanner.inspect", f"match:{Match.objects.get().pk}")


def refuse(_path):
    raise PermissionError(13, "Permission denied")


def test_a_change_during_the_look_is_looked_at_again(root, library, look, monkeypatch):
    match = Match.objects.get()
    put(root, FILM, size=2_000)
    scan(library)

    def slow(path):
        mark = fingerprint(path)
        put(root, FILM, size=3_000)
        scan(library)
        return mark

    with monkeypatch.context() as patch:
        patch.setattr(inspect, "fingerprint", slow)
        inspect.inspect(match)
    changed = MediaFile.objects.get()
    inspect.inspect(match)

    assert (changed.state, changed.fingerprint) == ("changed", "")
    assert MediaFile.objects.get().fingerprint == fingerprint(str(root / FILM))


def test_a_file_whose_disk_is_away_is_waited_for(root, library, look):
    root.rename(root.with_name("away"))

    job = look()
    again = list(reseeding.reseed())
    root.with_name("away").rename(root)
    look()

    assert (job.state, job.error_class) == ("ready", "RetryLater")
    assert job.due_at > timezone.now() + dt.timedelta(minutes=50)
    assert not [work for work in again if work.kind == "scanner.inspect"]
    assert MediaFile.objects.get().fingerprint


def test_any_file_without_a_fingerprint_is_looked_at(look):
    MediaFile.objects.update(state="indexed")
    Job.objects.all().delete()

    queue.seed(list(reseeding.reseed()))

    assert Job.objects.filter(kind="scanner.inspect").count() == 1


def test_a_file_that_can_be_read_again_leaves_error(look, monkeypatch):
    look()
    MediaFile.objects.update(state="changed")
    with monkeypatch.context() as patch:
        patch.setattr(inspect, "fingerprint", refuse)
        job = look()
    broken = MediaFile.objects.get()

    look()

    assert (broken.state, job.state) == ("error", "ready")
    assert "Permission denied" in broken.last_error
    assert (MediaFile.objects.get().state, MediaFile.objects.get().last_error) == ("indexed", "")


def test_what_was_looked_at_before_a_stop_is_kept(root, library, monkeypatch):
    put(root, *[f"Post/Season 01/Post S01E{number:02}.mkv" for number in range(1, 31)])
    scan(library)
    Match.objects.update(title=make_title(), state="matched")
    MediaFile.objects.update(state="changed")
    count = 0

    def stops(path):
        nonlocal count
        count += 1
        if count > 27:
            raise Interrupted("the job was told to stop")
        return fingerprint(path)

    monkeypatch.setattr(inspect, "fingerprint", stops)
    with pytest.raises(Interrupted):
        inspect.inspect(Match.objects.get())

    assert MediaFile.objects.filter(state="indexed").exclude(fingerprint="").count() == inspect.AT_ONCE
    assert Job.objects.filter(kind="scanner.write").exists()


def test_a_file_that_came_back_is_not_forgotten(library, monkeypatch):
    long_ago = timezone.now() - 2 * keeping.KEPT_MISSING
    make_file(library, "back.mkv", state="missing", missing_since=long_ago)
    gone = make_file(library, "gone.mkv", state="missing", missing_since=long_ago)
    real = bulk.slices

    def late(items, size):
        MediaFile.objects.filter(path="back.mkv").update(state="indexed", missing_since=None)
        return real(items, size)

    monkeypatch.setattr(keeping.bulk, "slices", late)
    forgotten = keeping.forget_long_missing()

    assert forgotten == 1
    assert not MediaFile.objects.filter(pk=gone.pk).exists()
    assert MediaFile.objects.get().path == "back.mkv"
