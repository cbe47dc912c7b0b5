"""The jobs that a scan, the clock or a person cause, as sets."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence

from django.conf import settings
from django.db import transaction

from jobs import queue
from jobs.models import Job, Priority
from journal.moves import SYSTEM, record
from scanner import bulk, paths
from scanner.models import (
    NOT_INDEXED,
    Library,
    Match,
    MediaFile,
    Title,
)
from scanner.services import causes, edited


def queue_inspection(file_ids: Iterable[int], *, origin: str, priority: int) -> None:
    """Queue a closer look at files, one job a match."""
    for chunk in bulk.slices(file_ids, 500):
        matches = MediaFile.objects.filter(pk__in=chunk, match__isnull=False).values_list("match_id", flat=True)
        works = [causes.inspection(pk, origin=origin, priority=priority) for pk in matches.distinct()]
        with transaction.atomic():
            queue.enqueue(*works)


def look_at_unreadable(library: Library, *, origin: str) -> None:
    """Queue a look at files that could not be read the last time: rights and disks may have been mended.

    Those that nobody could identify wait for a person; reading them would not help.
    """
    files = MediaFile.objects.filter(NOT_INDEXED, library=library, state=MediaFile.State.ERROR)
    unreadable = list(files.exclude(match__state=Match.State.NEW).values_list("pk", flat=True))
    queue_inspection(unreadable, origin=origin, priority=Priority.LOW)


def describe_all_again(library: Library, *, origin: str) -> int:
    """Queue every title of a library, whatever is known of it (full scan), in slices; returns how many.

    What this scan has queued so already, when it was cut off or walked once more, is not fetched twice.
    """
    titles = Title.objects.filter(matches__library=library).distinct().order_by("pk").values_list("pk", flat=True)
    reason = "full scan: everything is fetched again"
    queued = set(Job.objects.filter(origin=origin, reason=reason).values_list("key", flat=True))
    known = [pk for pk in titles if f"title:{pk}" not in queued]
    for chunk in bulk.paced(known, most=500):
        with transaction.atomic():
            Title.objects.filter(pk__in=chunk).update(etag="", content_sha256="")
            queue.enqueue(
                *(causes.description(pk, origin=origin, priority=Priority.VERY_LOW, reason=reason) for pk in chunk)
            )
    unclear = Match.objects.filter(library=library, locked=False).exclude(
        state__in=(Match.State.MATCHED, Match.State.IGNORED)
    )
    asked = list(unclear.values_list("pk", flat=True))
    for chunk in bulk.paced(asked, most=500):
        queue.enqueue(
            *(causes.identification(pk, origin=origin, priority=Priority.LOW, reason="full scan") for pk in chunk)
        )
    return len(known) + len(asked)


def mark_stale(now: dt.datetime, *, titles: Sequence[int] | None = None, reason: str = "", actor: str = SYSTEM) -> int:
    """Move titles whose refresh date has come (or those named) to STALE; one event for the set."""
    due = Title.objects.filter(state=Title.State.INDEXED)
    due = due.filter(refresh_at__lte=now) if titles is None else due.filter(pk__in=titles)
    with transaction.atomic():
        count = due.update(state=Title.State.STALE)
        if count:
            sentence = reason or f"{count} descriptions are older than their refresh date"
            record(_subject(titles), reason=sentence, new=Title.State.STALE, facts={"titles": count}, actor=actor)
    return count


def _subject(titles: Sequence[int] | None) -> str:
    """One title has the event in its own history; a set shares one."""
    return f"scanner.title:{titles[0]}" if titles is not None and len(titles) == 1 else "scanner.title"


def refresh_works(titles: Sequence[int], now: dt.datetime, *, origin: str) -> Iterator[queue.Work]:
    """Yield the refreshes of stale titles in batches, a pause apart; their pool lets one run at a time."""
    for index, pk in enumerate(titles):
        pauses = index // settings.REFRESH_BATCH
        due = now + dt.timedelta(seconds=pauses * settings.REFRESH_PAUSE)
        yield causes.refreshment(pk, origin=origin, due_at=due)


def look_at_notes(library: Library, notes: Mapping[str, int], *, origin: str) -> int:
    """Queue what an NFO has changed beside: unclear matches, and titles described from such files; returns how many.

    In a folder of several films only a video's own NFO counts: the others are mostly written by us.
    """
    unclear = Match.objects.filter(library=library, state=Match.State.UNMATCHED, looked_at__isnull=False)
    works = [
        causes.identification(pk, origin=origin, priority=Priority.HIGH, reason="an NFO beside it has changed")
        for pk, folder, stem, looked_at in unclear.values_list("pk", "folder", "stem", "looked_at").iterator()
        if looked_at
        and notes.get(folder, 0) > looked_at.timestamp() * 1e9
        and (not stem or _changed_at(library, f"{folder}/{stem}.nfo") > looked_at.timestamp())
    ]
    works += edited.works(library, notes, origin=origin)
    if works:
        queue.enqueue(*works)
    return len(works)


def _changed_at(library: Library, path: str) -> float:
    try:
        return os.stat(paths.resolve(library, path)).st_mtime  # noqa: PTH116  names that are not UTF-8 stay as they are
    except OSError:
        return 0.0
