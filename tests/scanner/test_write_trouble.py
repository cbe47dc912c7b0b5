"""Disks that are full, read-only or gone, and jobs that are no longer ours."""

from __future__ import annotations

import errno
import os

import pytest

from jobs import running
from jobs.errors import Interrupted
from jobs.models import Job
from journal.models import Event
from scanner.models import Library
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
    (folder(match) / "Moss (2019).mkv").unlink()
    folder(match).rmdir()

    assert write(match).state == Job.State.DONE
    library.refresh_from_db()
    assert library.problem == ""


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
