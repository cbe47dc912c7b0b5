"""A closer look at files that are new or have changed: their fingerprint, and whether they can be read."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils import timezone

from jobs import queue, running
from jobs.errors import RetryLater
from journal.moves import move
from scanner import bulk, paths
from scanner.fingerprint import fingerprint
from scanner.models import Match, MediaFile
from scanner.services import causes

State = MediaFile.State
DISC = "disc"
AT_ONCE = 25
LOOK_AGAIN = dt.timedelta(hours=1)


def inspect(match: Match) -> None:
    """Fingerprint the new and changed files of a match; what was CHANGED has been looked at then.

    Raises RetryLater where files cannot be read or are not there: their disk may be away for a while.
    """
    files = list(MediaFile.objects.unread().filter(match=match).select_related("library"))
    troubles: list[str] = []
    for at, chunk in enumerate(bulk.slices(files, AT_ONCE)):
        running.beat(done=at * AT_ONCE, total=len(files), unit="files")
        marks = [(file, mark) for file in chunk if (mark := _mark(file, troubles))]
        _keep(match, marks)
    if troubles:
        reason = f"{len(troubles)} of {len(files)} files could not be looked at: {troubles[0]}"
        raise RetryLater(reason, until=timezone.now() + LOOK_AGAIN)


def _mark(file: MediaFile, troubles: list[str]) -> str:
    """Return the fingerprint of a file; "" where it cannot be read, which is noted."""
    running.check()
    running.beat()
    try:
        return fingerprint(paths.resolve(file.library, file.path)) or DISC
    except IsADirectoryError:
        return DISC
    except OSError as error:
        troubles.append(f"{file.path}: {error.strerror}")
        _unreadable(file, error)
        return ""


def _keep(match: Match, marks: list[tuple[MediaFile, str]]) -> None:
    """Store what was learned of files that are still what was looked at."""
    with transaction.atomic():
        stored = [file for file, mark in marks if _store(file, mark)]
        changed = [file for file in stored if file.state in (State.CHANGED, State.ERROR)]
        for file in changed:
            move(file, State.INDEXED, reason="its content changed and was looked at", last_error="")
        if changed and match.title_id:
            queue.enqueue(causes.writing(match.pk, reason="its content changed"))


def _store(file: MediaFile, mark: str) -> bool:
    """Keep a fingerprint unless a scan saw another content in the meantime: that is looked at anew."""
    same = MediaFile.objects.filter(pk=file.pk, state=file.state, size_bytes=file.size_bytes, mtime_ns=file.mtime_ns)
    return bool(same.update(fingerprint=mark))


def _unreadable(file: MediaFile, error: OSError) -> None:
    """A file that cannot be read is an ERROR of its own; one that has gone is the next scan's matter."""
    if isinstance(error, FileNotFoundError):
        return
    reason = f"the file cannot be read: {error.strerror}"
    if file.state != State.ERROR:
        move(file, State.ERROR, reason=reason, last_error=f"{timezone.localtime():%Y-%m-%d %H:%M} {reason}")
