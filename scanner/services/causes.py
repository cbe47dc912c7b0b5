"""Which job does what about which thing: one function each, in the name of what caused it.

Without an origin and a priority of its own a job takes those of the job at work.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

from jobs import running
from jobs.models import Priority
from jobs.queue import Work


def identification(match_id: int, *, reason: str, origin: str | None = None, priority: int | None = None) -> Work:
    """Return the job that finds out what a match is."""
    return _work("scanner.match", f"match:{match_id}", reason, origin, priority)


def description(
    title_id: int,
    *,
    reason: str,
    origin: str | None = None,
    priority: int | None = None,
    due_at: dt.datetime | None = None,
) -> Work:
    """Return the job that describes a title."""
    return _work("scanner.title", f"title:{title_id}", reason, origin, priority, due_at)


def refreshment(title_id: int, *, origin: str, due_at: dt.datetime) -> Work:
    """Return the job that describes a STALE title again; of these one runs at a time."""
    reason = "its description is older than its refresh date"
    return _work("scanner.refresh_title", f"title:{title_id}", reason, origin, Priority.LOW, due_at)


def writing(match_id: int, *, reason: str, origin: str | None = None, priority: int | None = None) -> Work:
    """Return the job that writes the files beside the media of a match."""
    return _work("scanner.write", f"match:{match_id}", reason, origin, priority)


def artwork(title_id: int, *, reason: str, origin: str | None = None, priority: int | None = None) -> Work:
    """Return the job that brings the pictures of a title."""
    return _work("scanner.artwork", f"title:{title_id}", reason, origin, priority)


def stills(title_id: int, *, reason: str, origin: str | None = None, priority: int | None = None) -> Work:
    """Return the job that brings the stills of a show's episodes: many small pictures, which let others go first."""
    work = _work("scanner.stills", f"title:{title_id}", reason, origin, priority)
    return replace(work, priority=max(work.priority, Priority.LOW))


def pictures(title_id: int, kind: str, *, reason: str) -> list[Work]:
    """Return the jobs that bring all pictures of a title."""
    works = [artwork(title_id, reason=reason)]
    return [*works, stills(title_id, reason=reason)] if kind == "show" else works


def inspection(
    match_id: int,
    *,
    reason: str = "files are new or have changed",
    origin: str | None = None,
    priority: int | None = None,
) -> Work:
    """Return the job that looks closer at the new and changed files of a match."""
    return _work("scanner.inspect", f"match:{match_id}", reason, origin, priority)


def _work(
    kind: str,
    key: str,
    reason: str,
    origin: str | None,
    priority: int | None,
    due_at: dt.datetime | None = None,
) -> Work:
    job = running.current()
    if origin is None:
        origin = job.origin if job else ""
    if priority is None:
        priority = job.priority if job else Priority.MEDIUM
    return Work(kind, key, priority, reason, origin, due_at)
