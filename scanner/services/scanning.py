"""One scan from walk to end: look, compare, settle, move, take in, and last decide what is gone."""

from __future__ import annotations

import datetime as dt
import time

from django.utils import timezone

from jobs import clock, queue, running
from jobs.models import Priority
from jobs.thrift import collector_resting
from journal.moves import SYSTEM
from scanner import paths
from scanner.models import Library, Scan, Title
from scanner.scope import Scope
from scanner.services import ending, folders, followups, hints, leveling, methods, new_art, reseeding, settling
from scanner.services.methods import Method
from scanner.services.scans import is_due, origin_of
from scanner.walk import Listing, Walker, walk


def run(scan: Scan) -> None:
    """Bring a library's rows level with its folder. Safe to repeat from any point."""
    library = scan.library
    if library is None or not is_due(scan):
        return
    hints.wait_for_look(library)
    method = methods.choose(scan, library)
    now = timezone.now()
    Scan.objects.filter(pk=scan.pk).update(started_at=now, walk_seconds=None, whole=method.whole)
    with collector_resting():  # a listing is millions of plain values without a cycle
        _bring_level(scan, library, method)


def _bring_level(scan: Scan, library: Library, method: Method) -> None:
    began, began_at = time.monotonic(), clock.now()
    before = _last_whole(scan)
    listing, scope = _listed(scan, library, method, since=before.timestamp() - new_art.SLACK_S if before else None)
    walk_seconds = time.monotonic() - began
    if listing.root_problem:
        ending.root_lost(scan, library, listing.root_problem)
        return
    if scope is None:
        seen = leveling.compare_whole(library, listing)
    else:
        seen = leveling.compare_part(library, listing, scope, mend=_cut_off_before(scan))
    Scan.objects.filter(pk=scan.pk).update(walk_seconds=walk_seconds)
    origin = origin_of(scan)
    followups.look_at_unreadable(library, origin=origin)
    leveling.apply(library, seen, origin=origin, mend=_cut_off_before(scan))
    if before:
        new_art.notice(library, listing.touched, since=before, origin=origin)
    if scan.actor != SYSTEM:
        reseeding.take_up(library, origin=origin)
    if seen.unsettled:
        _look_again(scan, library)
    ending.end(scan, library, seen, method, began=began_at)


def _listed(scan: Scan, library: Library, method: Method, *, since: float | None) -> tuple[Listing, Scope | None]:
    """List the whole library, or the part of it where the dates of folders have changed."""
    root = paths.resolve(library, "")
    if method.whole:
        return walk(root, dates=method.keep, since=since, seen=_report), None
    dates = folders.look(library, method.dates, seen=folders.report(scan.expected_files))
    if dates.root_problem:
        return Listing(root_problem=dates.root_problem), None
    scope = folders.part_of(dates, method.dates)
    listing = walk(root, scope=scope, dates=True, since=since, seen=_still_wanted)
    listing.unreadable |= dates.unreadable
    return listing, scope


def _still_wanted(_walker: Walker) -> None:
    running.check()
    running.beat()


def _report(walker: Walker) -> None:
    running.check()
    done = len(walker.listing.files)
    running.beat(done=done, total=round(done / walker.share()), unit="files")


def _cut_off_before(scan: Scan) -> bool:
    """Return whether this scan, or the one before it, did not come to its end: it may have left things half done."""
    if scan.started_at is not None:
        return True
    earlier = Scan.objects.filter(library=scan.library, pk__lt=scan.pk).order_by("-pk").values_list("state", flat=True)
    return earlier.first() not in (None, Scan.State.DONE)


def _last_whole(scan: Scan) -> dt.datetime | None:
    """Return when the last scan of this library began that came to its end."""
    ended = Scan.objects.filter(library=scan.library, state=Scan.State.DONE, started_at__isnull=False)
    return ended.exclude(pk=scan.pk).order_by("-started_at").values_list("started_at", flat=True).first()


def _look_again(scan: Scan, library: Library) -> None:
    """Queue one more look at what was still being written; later each time, for it walks the whole library."""
    since = timezone.now() - settling.REMEMBERED
    looks = Scan.objects.filter(library=library, actor=SYSTEM, created_at__gte=since).exclude(pk=scan.pk).count()
    queue.seed(
        [
            queue.Work(
                kind="scanner.look_again",
                key=f"library:{library.pk}",
                priority=Priority.HIGH,
                reason="some files were still being written",
                due_at=timezone.now() + settling.pause(looks),
            )
        ]
    )


def refresh(scan: Scan) -> None:
    """Queue what is stale in rounds of a batch, paused in between; walks nothing."""
    now = timezone.now()
    Scan.objects.filter(pk=scan.pk).update(started_at=now)
    followups.mark_stale(now)
    stale = list(Title.objects.filter(state=Title.State.STALE).order_by("refresh_at").values_list("pk", flat=True))
    with running.ending():
        queue.enqueue(*followups.refresh_works(stale, now, origin=origin_of(scan)))
        done = {"walk_seconds": 0.0, "ended_at": timezone.now(), "files": len(stale)}
        sentence = f"{len(stale)} titles are refreshed" if stale else "nothing is stale"
        Scan.objects.filter(pk=scan.pk, state=Scan.State.OPEN).update(state=Scan.State.DONE, reason=sentence, **done)
