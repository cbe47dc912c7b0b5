"""The jobs that follow from describing a title, in the name of what caused the current job."""

from __future__ import annotations

from jobs import running
from jobs.models import Priority
from jobs.queue import Work


def writing(match_id: int, *, reason: str) -> Work:
    """Return the job that writes the files beside the media of a match."""
    return _work("scanner.write", f"match:{match_id}", reason)


def artwork(title_id: int, *, reason: str) -> Work:
    """Return the job that brings the pictures of a title."""
    return _work("scanner.artwork", f"title:{title_id}", reason)


def identification(match_id: int, *, reason: str) -> Work:
    """Return the job that finds out anew what a match is."""
    return _work("scanner.match", f"match:{match_id}", reason)


def _work(kind: str, key: str, reason: str) -> Work:
    job = running.current()
    if job is None:
        return Work(kind, key, Priority.MEDIUM, reason)
    return Work(kind, key, job.priority, reason, job.origin)
