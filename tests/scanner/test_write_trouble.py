"""Disks that are full, read-only or gone, and jobs that are no longer ours."""

from __future__ import annotations

import errno
import json
import os

import pytest

from jobs import running
from jobs.errors import Interrupted
from jobs.models import Job
from journal.models import Event
from scanner.models import Library, Match, MediaFile
from scanner.services import beside
from scanner.services import write as writing
from tests.jobs_in_tests import lease_job, run_job


def described(match):
    run_job("scanner.title", f"title:{match.title_id}")
    return match


def write(match, **options) -> Job:
    job = run_job("scanner.write", f"match:{match.pk}", **options)
    match.refresh_from_db()
    return job


def names(folder) -> list[str]:
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


def test_a_folder_that_has_gone_is_no_trouble(service, film, folder, library):
    match = described(film(tmdb_id=107))
    film("1893 (2016)", tmdb_id=108)
    (folder(match) / "Moss (2019).mkv").unlink()
    folder(match).rmdir()

    assert write(match).state == Job.State.DONE
    assert match.written_at
    library.refresh_from_db()
    assert library.problem == ""


@pytest.fixture
def unmount(library, tmp_path):
    """A function that takes the library's disk away and returns one that brings it back."""
    root, elsewhere = tmp_path / "films", tmp_path / "disk"

    def bring_back():
        if root.exists():
            root.rmdir()
        elsewhere.rename(root)

    def take_away(*, mount_point):
        root.rename(elsewhere)
        if mount_point:
            root.mkdir()
        return bring_back

    return take_away


@pytest.mark.parametrize("mount_point", [True, False])
def test_a_lock_made_while_the_disk_is_away_is_kept_once_it_is_back(service, film, folder, unmount, mount_point):
    match = described(film(tmdb_id=107))
    write(match)
    before = dict(match.sidecars)
    bring_back = unmount(mount_point=mount_point)
    Match.objects.filter(pk=match.pk).update(locked=True)

    job = write(match)

    assert (job.state, job.attempts) == (Job.State.READY, 0)
    assert "its disk may be away" in job.last_error
    assert match.sidecars == before
    bring_back()
    assert write(match).state == Job.State.DONE
    assert json.loads((folder(match) / "metadata.json").read_text())["match"]["locked"]


def test_a_library_that_was_really_emptied_is_not_waited_for(service, film, unmount):
    match = described(film(tmdb_id=107))
    write(match)
    before, written = dict(match.sidecars), match.written_at
    bring_back = unmount(mount_point=True)
    MediaFile.objects.update(state="missing")

    assert write(match).state == Job.State.DONE

    assert match.written_at > written
    bring_back()
    assert match.sidecars == before
    assert beside.kept_decision(match) is None, "our own document is nobody's decision"


def failing(monkeypatch, code):
    def fail(_handle):
        raise OSError(code, os.strerror(code))

    monkeypatch.setattr(os, "fsync", fail)


def test_a_read_only_library_is_told_once_and_fails_nothing(service, film, folder, library, monkeypatch):
    match = described(film(tmdb_id=107))
    failing(monkeypatch, errno.EROFS)

    jobs = [write(match), write(match)]

    library.refresh_from_db()
    assert [job.state for job in jobs] == [Job.State.DONE, Job.State.DONE]
    assert "Read-only file system" in library.problem
    assert Event.objects.filter(subject=f"scanner.library:{library.pk}").count() == 1
    assert names(folder(match)) == ["Moss (2019).mkv"]


def test_a_full_disk_is_waited_for(service, film, folder, library, monkeypatch):
    match = described(film(tmdb_id=107))
    failing(monkeypatch, errno.ENOSPC)

    job = write(match)

    library.refresh_from_db()
    assert (job.state, job.attempts) == (Job.State.READY, 0)
    assert "No space left" in job.last_error
    assert "No space left" in library.problem
    assert names(folder(match)) == ["Moss (2019).mkv"]


def test_the_first_file_written_lifts_the_trouble_and_wakes_the_others(service, film, library):
    Library.objects.update(problem=f"{writing.TROUBLE}: Read-only file system")
    first = described(film(tmdb_id=107))
    second = described(film("1893 (2016)", tmdb_id=108))
    Job.objects.filter(kind="scanner.write").delete()

    write(first)

    library.refresh_from_db()
    assert library.problem == ""
    assert Job.objects.filter(kind="scanner.write", key=f"match:{second.pk}", state="ready").exists()


def test_nothing_appears_once_the_job_is_no_longer_ours(service, film, folder):
    match = described(film(tmdb_id=107))
    job = lease_job("scanner.write", f"match:{match.pk}")
    Job.objects.filter(pk=job.job_id).update(leased_by="another/1")

    with running.bound(job), pytest.raises(Interrupted):
        writing.write(match)

    assert names(folder(match)) == ["Moss (2019).mkv"]


def test_writing_for_a_match_that_has_gone_is_no_matter(db):
    assert run_job("scanner.write", "match:4711").state == Job.State.DONE
