"""Scans as a person sees them: start, join, stop, confirm held losses, follow the progress."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from jobs import queue
from jobs.models import Priority
from journal.moves import SYSTEM, move
from scanner.models import Library, Scan
from scanner.services import following, parts
from scanner.services.following import Progress

__all__ = ["Progress", "confirm", "fail", "origin_of", "progress", "refuse", "start", "stop"]

OPEN_STATES = (Scan.State.OPEN, Scan.State.HELD)


def origin_of(scan: Scan) -> str:
    """Return the mark that the jobs of a scan carry."""
    return f"scan:{scan.pk}"


def start(
    libraries: Iterable[Library], *, mode: str = Scan.Mode.QUICK, actor: str = SYSTEM, anew: bool = False
) -> list[Scan]:
    """Queue a scan of each library and return them; a running one is joined, a held one renewed.

    With `anew`, as when a person asks, one that runs already walks once more afterwards.
    With mode "refresh" there is one scan that walks nothing; `libraries` does not matter.
    """
    if mode == Scan.Mode.REFRESH:
        return [_start(None, mode, actor, anew=anew)]
    return [_start(library, mode, actor, anew=anew) for library in libraries]


def _start(library: Library | None, mode: str, actor: str, *, anew: bool) -> Scan:
    with transaction.atomic():  # a scan without its job would never run
        scan = _open_or_new(library, mode, actor)
        person = actor != SYSTEM
        work = queue.Work(
            kind="scanner.walk" if library else "scanner.refresh",
            key=origin_of(scan),
            priority=Priority.CRITICAL if person else Priority.HIGH,
            reason=f"{scan.mode} scan of {library or 'what is stale'}, asked by {actor}",
            origin=origin_of(scan),
        )
        queue.enqueue(work) if person or anew else queue.seed([work])
    return scan


def _open_or_new(library: Library | None, mode: str, actor: str) -> Scan:
    known = parts.known(library) if library else 0
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
    elif _is_more(mode, scan.mode):
        Scan.objects.filter(pk=scan.pk, state=Scan.State.OPEN).update(mode=mode)
        scan.mode = mode
    return scan


def _is_more(mode: str, than: str) -> bool:
    """Tell whether a mode sees more than another."""
    order = {Scan.Mode.DIRS: 1, Scan.Mode.QUICK: 2, Scan.Mode.FULL: 3}
    return order.get(Scan.Mode(mode), 0) > order.get(Scan.Mode(than), 0)


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
    """End a scan and cancel what it caused; False where nothing of it is left to stop. A held one is refused.

    What follows from a walk can still be stopped when the walk itself is over. The next scan that a
    person starts takes up what was left.
    """
    if scan.state == Scan.State.HELD:
        return refuse(scan, actor=actor)
    reason = f"stopped by {actor}"
    with transaction.atomic():
        left = queue.open_of(origin_of(scan))
        ended_at = scan.ended_at or timezone.now()
        if scan.state != Scan.State.OPEN:
            if not left:
                return False
            reason = f"{reason}: {left} jobs were cancelled"
        ended = move(scan, Scan.State.STOPPED, reason=reason, actor=actor, ended_at=ended_at)
        return bool(queue.cancel_origin(origin_of(scan), actor=actor)) or ended


def confirm(scan: Scan, *, actor: str) -> bool:
    """Accept the losses that a held scan shows, and no others; False where it is not held."""
    if scan.state != Scan.State.HELD:
        return False
    lost = len(scan.losses)
    reason = f"{actor} confirmed that {lost} files are gone"
    work = queue.Work(
        kind="scanner.walk",
        key=origin_of(scan),
        priority=Priority.CRITICAL,
        reason=f"{lost} losses confirmed by {actor}",
        origin=origin_of(scan),
    )
    with transaction.atomic():
        again: dict[str, Any] = {"losses_confirmed": True, "walk_seconds": None}  # it walks once more
        confirmed = move(scan, Scan.State.OPEN, reason=reason, facts={"files": lost}, actor=actor, **again)
        return confirmed and bool(queue.enqueue(work))


def fail(scan: Scan, reason: str) -> bool:
    """Close a scan whose job came to rest failed."""
    return move(scan, Scan.State.FAILED, reason=reason, ended_at=timezone.now())


def refuse(scan: Scan, *, actor: str) -> bool:
    """Keep the files that a held scan misses as they are and end it; the next scan asks again.

    What it took in is described all the same.
    """
    if scan.state != Scan.State.HELD:
        return False
    return move(scan, Scan.State.STOPPED, reason=f"stopped by {actor}", actor=actor, ended_at=timezone.now())


def progress(scan: Scan) -> Progress:
    """Return how far a scan is, and when it will be through."""
    return following.progress(scan, origin=origin_of(scan))
