"""A closer look at files that are new or have changed: their fingerprint, and whether they can be read."""

from __future__ import annotations

from django.utils import timezone

from jobs import queue, running
from journal.moves import move
from scanner import paths
from scanner.fingerprint import fingerprint
from scanner.models import Match, MediaFile
from scanner.services import causes

State = MediaFile.State
DISC = "disc"


def inspect(match: Match) -> None:
    """Fingerprint the new and changed files of a match; what was CHANGED has been looked at then."""
    files = match.files.filter(fingerprint="") | match.files.filter(state=State.CHANGED)
    done: list[tuple[MediaFile, str]] = []
    changed: list[tuple[MediaFile, str]] = []
    for file in files.exclude(state=State.MISSING).select_related("library").distinct():
        running.check()
        try:
            mark = fingerprint(paths.resolve(file.library, file.path)) or DISC
        except IsADirectoryError:
            mark = DISC
        except OSError as error:
            _unreadable(file, error)
            continue
        (changed if file.state in (State.CHANGED, State.ERROR) else done).append((file, mark))
    with running.ending():
        for file, mark in done:
            MediaFile.objects.filter(pk=file.pk).update(fingerprint=mark)
        for file, mark in changed:
            move(file, State.INDEXED, reason="its content changed and was looked at", fingerprint=mark, last_error="")
        if changed and match.title_id:
            queue.enqueue(causes.writing(match.pk, reason="its content changed"))


def _unreadable(file: MediaFile, error: OSError) -> None:
    """A file that cannot be read is an ERROR of its own; one that has gone is the next scan's matter."""
    if isinstance(error, FileNotFoundError):
        return
    reason = f"the file cannot be read: {error.strerror}"
    if file.state != State.ERROR:
        move(file, State.ERROR, reason=reason, last_error=f"{timezone.localtime():%Y-%m-%d %H:%M} {reason}")
