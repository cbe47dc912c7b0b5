"""The jobs that a scan, the clock or a person cause, as sets."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence

from django.db import transaction
from django.db.models import Q

from jobs import queue
from jobs.models import Priority
from journal.moves import SYSTEM, record
from scanner import bulk
from scanner.models import Library, Match, MediaFile, Title

REFRESH_BATCH = 50
REFRESH_PAUSE_S = 30
RESEED_MOST = 2_000


def queue_inspection(file_ids: Iterable[int], *, origin: str, priority: int) -> None:
    """Queue a closer look at files, one job a match."""
    for chunk in bulk.slices(file_ids, 500):
        matches = MediaFile.objects.filter(pk__in=chunk, match__isnull=False).values_list("match_id", flat=True)
        works = [inspection(pk, origin=origin, priority=priority) for pk in matches.distinct()]
        with transaction.atomic():
            queue.enqueue(*works)


def inspection(match_id: int, *, origin: str, priority: int) -> queue.Work:
    """Return the job that looks closer at the new and changed files of a match."""
    return queue.Work(
        kind="scanner.inspect",
        key=f"match:{match_id}",
        priority=priority,
        reason="files are new or have changed",
        origin=origin,
    )


def description(
    title_id: int, *, origin: str, priority: int, reason: str, due_at: dt.datetime | None = None
) -> queue.Work:
    """Return the job that describes a title."""
    return queue.Work(
        kind="scanner.title", key=f"title:{title_id}", priority=priority, reason=reason, origin=origin, due_at=due_at
    )


def describe_all_again(library: Library, *, origin: str) -> int:
    """Queue every title of a library, whatever is known of it (full scan); returns how many."""
    titles = Title.objects.filter(matches__library=library).distinct()
    Title.objects.filter(pk__in=titles.values("pk")).update(etag="", content_sha256="")
    reason = "full scan: everything is fetched again"
    works = [
        description(pk, origin=origin, priority=Priority.VERY_LOW, reason=reason)
        for pk in titles.values_list("pk", flat=True)
    ]
    unclear = Match.objects.filter(library=library, locked=False).exclude(
        state__in=(Match.State.MATCHED, Match.State.IGNORED)
    )
    works += [
        queue.Work(kind="scanner.match", key=f"match:{pk}", priority=Priority.LOW, reason="full scan", origin=origin)
        for pk in unclear.values_list("pk", flat=True)
    ]
    queue.enqueue(*works)
    return len(works)


def mark_stale(now: dt.datetime, *, titles: Iterable[int] | None = None, reason: str = "", actor: str = SYSTEM) -> int:
    """Move titles whose refresh date has come (or those named) to STALE; one event for the set."""
    due = Title.objects.filter(state=Title.State.INDEXED)
    due = due.filter(refresh_at__lte=now) if titles is None else due.filter(pk__in=titles)
    with transaction.atomic():
        count = due.update(state=Title.State.STALE)
        if count:
            sentence = reason or f"{count} descriptions are older than their refresh date"
            record("scanner.title", reason=sentence, new=Title.State.STALE, facts={"titles": count}, actor=actor)
    return count


def refresh_works(titles: Sequence[int], now: dt.datetime, *, origin: str) -> Iterator[queue.Work]:
    """Yield the refreshes of stale titles: a batch, one at a time, then a pause (DESIGN §4.2)."""
    for index, pk in enumerate(titles):
        rounds, place = divmod(index, REFRESH_BATCH)
        due = now + dt.timedelta(seconds=rounds * REFRESH_PAUSE_S + place * REFRESH_PAUSE_S / REFRESH_BATCH / 2)
        reason = "its description is older than its refresh date"
        yield description(pk, origin=origin, priority=Priority.LOW, reason=reason, due_at=due)


def look_at_notes(library: Library, notes: Mapping[str, int], *, origin: str) -> int:
    """Queue unclear matches beside which an NFO has changed since they were looked at; returns how many."""
    unclear = Match.objects.filter(library=library, state=Match.State.UNMATCHED, looked_at__isnull=False)
    works = [
        queue.Work("scanner.match", f"match:{pk}", Priority.HIGH, "an NFO beside it has changed", origin)
        for pk, folder, looked_at in unclear.values_list("pk", "folder", "looked_at").iterator()
        if looked_at and notes.get(folder, 0) > looked_at.timestamp() * 1e9
    ]
    if works:
        queue.enqueue(*works)
    return len(works)


def reseed() -> Iterator[queue.Work]:
    """Yield what waits for a job and may have lost it; read without a lock (DESIGN §2)."""
    matches = Match.objects.filter(state=Match.State.NEW) | Match.objects.filter(
        state=Match.State.MATCHED, files__state=MediaFile.State.NEW, title__state=Title.State.INDEXED
    )
    for pk in matches.values_list("pk", flat=True).distinct()[:RESEED_MOST]:
        yield queue.Work(kind="scanner.match", key=f"match:{pk}", priority=Priority.HIGH, reason="not identified yet")
    for pk in Title.objects.filter(state=Title.State.NEW).values_list("pk", flat=True)[:RESEED_MOST]:
        yield description(pk, origin="", priority=Priority.HIGH, reason="not described yet")
    unread = Q(state=MediaFile.State.CHANGED) | Q(fingerprint="", state=MediaFile.State.NEW)
    for pk in (
        MediaFile.objects.filter(unread, match__isnull=False)
        .values_list("match_id", flat=True)
        .distinct()[:RESEED_MOST]
    ):
        yield inspection(pk, origin="", priority=Priority.LOW)


def writing(match_id: int, *, origin: str, priority: int) -> queue.Work:
    """Return the job that writes the files beside the media of a match."""
    return queue.Work(
        kind="scanner.write",
        key=f"match:{match_id}",
        priority=priority,
        reason="its description is there",
        origin=origin,
    )
