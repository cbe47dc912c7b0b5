"""A closer look at files that are new or have changed: their fingerprint, what is inside, whether they are whole."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from jobs import queue, running
from jobs.errors import RetryLater
from jobs.models import Priority
from journal.moves import move, record
from scanner import bulk, paths
from scanner.fingerprint import fingerprint
from scanner.models import INFO_FIELDS, Match, MediaFile, MediaInfo
from scanner.services import causes
from scanner.services.inside import Looker
from scanner.streams import helper
from scanner.streams.facts import Inside

State = MediaFile.State
DISC = "disc"
AT_ONCE = 25
LOOK_AGAIN = dt.timedelta(hours=1)
NAMED = 5  # broken files in the sentence of an event; the rows have them all


@dataclass(frozen=True, slots=True)
class Look:
    """What a look at a file found; `inside` None: there is nobody who can look into files."""

    file: MediaFile
    mark: str
    inside: Inside | None


def inspect(match: Match) -> None:
    """Look at the new and changed files of a match; what was CHANGED has been looked at then.

    Raises RetryLater where files cannot be read or are not there: their disk may be away for a while.
    A broken file is no such trouble: it keeps its state, since what it is said to be holds all the same,
    and its row says what is wrong with it. It is looked at again when it changes, or a person asks.
    """
    files = list(MediaFile.objects.unread().filter(match=match).select_related("library").order_by("path"))
    looker, troubles = Looker(), list[str]()
    for at, chunk in enumerate(bulk.slices(files, AT_ONCE)):
        running.beat(done=at * AT_ONCE, total=len(files), unit="files")
        _keep(match, [found for file in chunk if (found := _look(looker, file, troubles))])
    if troubles:
        reason = f"{len(troubles)} of {len(files)} files could not be looked at: {troubles[0]}"
        raise RetryLater(reason, until=timezone.now() + LOOK_AGAIN)


def catch_up() -> int:
    """Have files looked into anew that were seen while nobody could, once MediaInfo's library is there.

    Returns how many; the reseed takes them a few at a time.
    """
    seen = MediaFile.objects.filter(inspected_at__isnull=False, info=None).exclude(state=State.MISSING)
    seen = seen.filter(library__demo=False, library__removed_at=None)
    if not seen.exists() or not helper.is_there():
        return 0
    found = list(seen.values_list("pk", flat=True))
    for chunk in bulk.paced(found, most=500):
        MediaFile.objects.filter(pk__in=chunk).update(inspected_at=None)
    return len(found)


def _look(looker: Looker, file: MediaFile, troubles: list[str]) -> Look | None:
    """Return what a file is; None where it cannot be read, which is noted."""
    running.check()
    running.beat()
    try:
        return Look(file, _mark(file), looker.look(file))
    except OSError as error:
        troubles.append(f"{file.path}: {error.strerror}")
        _unreadable(file, error)
        return None


def _mark(file: MediaFile) -> str:
    try:
        return fingerprint(paths.resolve(file.library, file.path)) or DISC
    except IsADirectoryError:
        return DISC


def _keep(match: Match, looks: Sequence[Look]) -> None:
    """Store what was learned of files that are still what was looked at."""
    with transaction.atomic():
        stored = [look for look in looks if _store(look)]
        _store_insides(match, stored)
        changed = [look.file for look in stored if look.file.state in (State.CHANGED, State.ERROR)]
        for file in changed:
            move(file, State.INDEXED, reason="its content changed and was looked at", last_error="")
        if changed and match.title_id:
            queue.enqueue(causes.writing(match.pk, reason="its content changed"))
        elif stored and _is_to_be_told(match):
            queue.enqueue(causes.writing(match.pk, reason="what is inside its files is known", priority=Priority.LOW))


def _store(look: Look) -> bool:
    """Keep a fingerprint unless a scan saw another content in the meantime: that is looked at anew."""
    file = look.file
    same = MediaFile.objects.filter(pk=file.pk, state=file.state, size_bytes=file.size_bytes, mtime_ns=file.mtime_ns)
    return bool(same.update(fingerprint=look.mark, inspected_at=timezone.now()))


def _store_insides(match: Match, looks: Sequence[Look]) -> None:
    """Keep what is inside; of files found broken tell once."""
    known = dict(MediaInfo.objects.filter(file__in=[look.file.pk for look in looks]).values_list("file", "problem"))
    rows = [MediaInfo.of(look.file, look.inside) for look in looks if look.inside]
    MediaInfo.objects.bulk_create(rows, update_conflicts=True, unique_fields=["file"], update_fields=INFO_FIELDS)
    broken = [row for row in rows if row.problem and row.problem != known.get(row.pk, "")]
    if broken:
        names = "; ".join(f"{row.file.path.rpartition('/')[2]}: {row.problem.rstrip('.')}" for row in broken[:NAMED])
        reason = f"{len(broken)} files are broken: {names}" if len(broken) > 1 else f"1 file is broken: {names}"
        record(match, reason=reason, facts={"files": [row.file.path for row in broken[:100]]})


def _is_to_be_told(match: Match) -> bool:
    """Say whether files beside the media were written before this was known; a look of the upkeep rewrites none."""
    job = running.current()
    caused = job is not None and bool(job.origin)
    return caused and Match.objects.filter(pk=match.pk, written_at__isnull=False, state=Match.State.MATCHED).exists()


def _unreadable(file: MediaFile, error: OSError) -> None:
    """A file that cannot be read is an ERROR of its own; one that has gone is the next scan's matter."""
    if isinstance(error, FileNotFoundError):
        return
    reason = f"the file cannot be read: {error.strerror}"
    if file.state != State.ERROR:
        move(file, State.ERROR, reason=reason, last_error=f"{timezone.localtime():%Y-%m-%d %H:%M} {reason}")
