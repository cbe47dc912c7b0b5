"""Scans as a person sees them: start, join, stop, confirm held losses, follow the progress."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db import IntegrityError, transaction
from django.db.models import Count, Q
from django.utils import timezone

from jobs import queue
from jobs.models import Job, Priority
from journal.moves import SYSTEM, move, record
from scanner.models import Library, MediaFile, Scan

OPEN_STATES = (Scan.State.OPEN, Scan.State.HELD)


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a scan is: units done and in all, units a second, seconds to go (None: unknown)."""

    phase: str
    done: int
    total: int | None
    rate: float | None
    eta_seconds: float | None


def origin_of(scan: Scan) -> str:
    """Return the mark that the jobs of a scan carry."""
    return f"scan:{scan.pk}"


def start(libraries: Iterable[Library], *, mode: str = Scan.Mode.QUICK, actor: str = SYSTEM) -> list[Scan]:
    """Queue a scan of each library and return them; a running one is joined, a held one renewed.

    With mode "refresh" there is one scan that walks nothing; `libraries` does not matter.
    """
    if mode == Scan.Mode.REFRESH:
        return [_start(None, mode, actor)]
    return [_start(library, mode, actor) for library in libraries]


def _start(library: Library | None, mode: str, actor: str) -> Scan:
    scan = _open_or_new(library, mode, actor)
    person = actor != SYSTEM
    work = queue.Work(
        kind="scanner.walk" if library else "scanner.refresh",
        key=origin_of(scan),
        priority=Priority.CRITICAL if person else Priority.HIGH,
        reason=f"{scan.get_mode_display()} scan of {library or 'what is stale'}, asked by {actor}",
        origin=origin_of(scan),
    )
    queue.enqueue(work) if person else queue.seed([work])
    return scan


def _open_or_new(library: Library | None, mode: str, actor: str) -> Scan:
    known = MediaFile.objects.filter(library=library).exclude(state=MediaFile.State.MISSING).count() if library else 0
    try:
        with transaction.atomic():
            return Scan.objects.create(library=library, mode=mode, actor=actor, expected_files=known)
    except IntegrityError:
        scan = Scan.objects.filter(library=library, state__in=OPEN_STATES).first()
    if scan is None:  # it ended just now
        return _open_or_new(library, mode, actor)
    if scan.state == Scan.State.HELD:
        mode = scan.mode if scan.mode == Scan.Mode.FULL else mode
        move(scan, Scan.State.OPEN, reason=f"looked at again, asked by {actor}", actor=actor, mode=mode)
    elif mode == Scan.Mode.FULL and scan.mode != mode:
        Scan.objects.filter(pk=scan.pk, state=Scan.State.OPEN).update(mode=mode)
        scan.mode = mode
    return scan


def is_due(scan: Scan) -> bool:
    """Return whether a scan is to walk. One that has ended is, where its job is due all the same.

    Somebody asked while it walked and joined it; what changed behind the walk's back is found by another.
    """
    if scan.state not in (Scan.State.DONE, Scan.State.HELD):
        return scan.state == Scan.State.OPEN
    try:
        with transaction.atomic():
            return move(scan, Scan.State.OPEN, reason="asked for again while it walked", ended_at=None)
    except IntegrityError:  # another scan of the library is open, and it will walk
        return False


def stop(scan: Scan, *, actor: str) -> bool:
    """End a scan and cancel what it caused; False where nothing of it is left to stop.

    The jobs that follow from a walk can still be stopped when the walk itself is over.
    """
    reason = f"stopped by {actor}"
    with transaction.atomic():
        ended = scan.state in OPEN_STATES and move(
            scan, Scan.State.STOPPED, reason=reason, actor=actor, ended_at=timezone.now()
        )
        cancelled = queue.cancel_origin(origin_of(scan), actor=actor)
        if cancelled and not ended:
            record(scan, reason=f"{reason}: {cancelled} jobs were cancelled", actor=actor)
    return bool(ended or cancelled)


def confirm(scan: Scan, *, actor: str) -> bool:
    """Accept the losses that a held scan shows, and no others; False where it is not held."""
    lost = len(scan.losses)
    return move(
        scan,
        Scan.State.OPEN,
        reason=f"{actor} confirmed that {lost} files are gone",
        facts={"files": lost},
        actor=actor,
        losses_confirmed=True,
    ) and bool(
        queue.enqueue(
            queue.Work(
                kind="scanner.walk",
                key=origin_of(scan),
                priority=Priority.CRITICAL,
                reason=f"{lost} losses confirmed by {actor}",
                origin=origin_of(scan),
            )
        )
    )


def fail(scan: Scan, reason: str) -> bool:
    """Close a scan whose job came to rest failed."""
    return move(scan, Scan.State.FAILED, reason=reason, ended_at=timezone.now())


def refuse(scan: Scan, *, actor: str) -> bool:
    """Keep the files that a held scan misses as they are and end it; the next scan asks again."""
    if scan.state != Scan.State.HELD:
        return False
    return stop(scan, actor=actor)


def progress(scan: Scan) -> Progress:
    """Return how far a scan is: first its walk, then the jobs that follow from it."""
    walk = Job.objects.filter(kind="scanner.walk", key=origin_of(scan)).order_by("-id").first()
    if scan.state == Scan.State.OPEN and scan.walk_seconds is None:
        done = (walk.done_units if walk else None) or 0
        return _progress("looking through folders", done, scan.expected_files or None, scan.started_at)
    jobs = Job.objects.filter(origin=origin_of(scan)).exclude(kind__in=("scanner.walk", "scanner.refresh"))
    open_ = Q(state__in=(Job.State.READY, Job.State.LEASED))
    tally = jobs.values_list("kind").annotate(ended=Count("id", filter=~open_), left=Count("id", filter=open_))
    counts = {kind: (ended, left) for kind, ended, left in tally}
    done, left = _in_requests(counts)
    phase = "describing" if left else "done"
    return _progress(phase, done, done + left, scan.ended_at or scan.started_at)


def _in_requests(counts: dict[str, tuple[int, int]]) -> tuple[int, int]:
    """Count work in steps of a title (find it, describe it, write it): what is ahead counts too."""
    ended, left = 0, 0
    steps_behind = {"scanner.match": 3, "scanner.title": 2, "scanner.refresh_title": 2}
    for kind, (finished, waiting) in counts.items():
        ended += finished
        left += waiting * (1 + steps_behind.get(kind, 0))
    return ended, left


def _progress(phase: str, done: int, total: int | None, since: object) -> Progress:
    seconds = (timezone.now() - since).total_seconds() if since else 0  # type: ignore[operator]
    rate = done / seconds if done and seconds > 0.5 else None
    left = max(0, total - done) if total is not None else None
    eta = left / rate if rate and left is not None and total and done >= total * 0.02 else None
    return Progress(phase, done, total, rate, 0.0 if phase == "done" else eta)
