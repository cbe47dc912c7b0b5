"""One scan from walk to end: look, compare, settle, move, take in, and last decide what is gone."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterable
from typing import Any

from django.utils import timezone

from jobs import queue, running
from jobs.models import Priority
from jobs.thrift import collector_resting
from journal.moves import SYSTEM, move
from scanner import bulk, paths
from scanner.compare import Difference, Row, compare, lost_too_much
from scanner.models import Library, MediaFile, Scan, Title
from scanner.services import followups, happenings, intake, moving, settling, write
from scanner.services.scans import is_due, origin_of
from scanner.walk import Listing, Walker, walk

State = MediaFile.State
HAPPENINGS = ("new", "changed", "moved", "back")
MOST_FOLDERS_SHOWN = 200


def run(scan: Scan) -> None:
    """Bring a library's rows level with its folder. Safe to repeat from any point."""
    library = scan.library
    if library is None or not is_due(scan):
        return
    Scan.objects.filter(pk=scan.pk).update(started_at=timezone.now(), walk_seconds=None)
    with collector_resting():  # a listing is millions of plain values without a cycle
        _bring_level(scan, library)


def _bring_level(scan: Scan, library: Library) -> None:
    began = time.monotonic()
    listing = walk(paths.resolve(library, ""), seen=_report)
    walk_seconds = time.monotonic() - began
    if listing.root_problem:
        _root_lost(scan, library, listing.root_problem)
        return
    everything = list(listing.files)
    found = compare(_rows(library), listing.files)
    Scan.objects.filter(pk=scan.pk).update(walk_seconds=walk_seconds)
    counts = _apply(scan, library, listing, found, everything)
    _end(scan, library, listing, found, counts)


def _report(walker: Walker) -> None:
    running.check()
    done = len(walker.listing.files)
    running.beat(done=done, total=round(done / walker.share()), unit="files")


def _rows(library: Library) -> Iterable[tuple[int, str, str, int, int, int, int]]:
    """Read the stored rows; the read is finished before anything is written (DESIGN §5)."""
    fields = ("id", "path", "state", "size_bytes", "mtime_ns", "device", "inode")
    return MediaFile.objects.filter(library=library).values_list(*fields).iterator(chunk_size=5_000)


def _apply(scan: Scan, library: Library, listing: Listing, found: Difference, everything: list[str]) -> Counter[str]:
    stats = listing.files
    unsettled = settling.unsettled(library, found, stats)
    new = [path for path in found.new if path not in unsettled]
    found.changed = [entry for entry in found.changed if entry[0].path not in unsettled]
    # What cannot be read is neither gone nor moved, even where its like has appeared elsewhere.
    found.gone = [row for row in found.gone if not _hidden(row.path, listing)]
    away = [row for row in found.away if not _hidden(row.path, listing)]
    moves = moving.find(library, [*found.gone, *away], new, stats) if new else []
    moved_to, moved_ids = {path for _row, path in moves}, {row.id for row, _path in moves}
    found.new = new = [path for path in new if path not in moved_to]
    found.gone = [row for row in found.gone if row.id not in moved_ids]
    _renumber(library, found)
    _mark_changed(scan, library, found.changed)
    _mark_back(scan, library, found.back)
    followups.look_at_unreadable(library, origin=origin_of(scan))
    moving.apply(library, moves, stats, everything, origin=origin_of(scan), mend=_cut_off_before(scan))
    happenings.tell(scan, "moved", moved_ids)
    intake.take_in(library, new, stats, everything, origin=origin_of(scan))
    followups.look_at_notes(library, listing.notes, origin=origin_of(scan))
    if unsettled:
        _look_again(scan, library)
    return Counter(
        new=len(new), changed=len(found.changed), moved=len(moves), back=len(found.back), listed=len(everything)
    )


def _cut_off_before(scan: Scan) -> bool:
    """Return whether this scan, or the one before it, did not come to its end: it may have left things half done."""
    if scan.started_at is not None:
        return True
    earlier = Scan.objects.filter(library=scan.library, pk__lt=scan.pk).order_by("-pk").values_list("state", flat=True)
    return earlier.first() not in (None, Scan.State.DONE)


def _hidden(path: str, listing: Listing) -> bool:
    """Return whether a file, or a folder above it, could not be read: its state stays."""
    return any(path == where or path.startswith(f"{where}/") for where in listing.unreadable)


def _renumber(library: Library, found: Difference) -> None:
    """Store inodes and devices that changed their numbers only; that is no change of the file.

    Row by row: two disks may have swapped their numbers.
    """
    rows = [(stat.device, stat.inode, *_as_read(library, row)) for row, stat in found.renumbered]
    bulk.write(f"UPDATE scanner_mediafile SET device=%s, inode=%s {_IF_AS_READ}", rows)


# The scan of another library may have moved the row on to itself since we read it.
_IF_AS_READ = "WHERE id=%s AND library_id=%s AND path=%s AND state=%s"
_SET_STAT = (
    "UPDATE scanner_mediafile SET state=%s, size_bytes=%s, mtime_ns=%s, device=%s, inode=%s, missing_since=NULL "
    f"{_IF_AS_READ}"
)


def _as_read(library: Library, row: Row) -> tuple[int, int, str, str]:
    return row.id, library.pk, row.path, row.state


def _mark_changed(scan: Scan, library: Library, changed: list[tuple[Row, Any]]) -> None:
    bulk.write(_SET_STAT, [(State.CHANGED, *stat, *_as_read(library, row)) for row, stat in changed])
    happenings.tell(scan, "changed", [row.id for row, _stat in changed])
    followups.queue_inspection([row.id for row, _stat in changed], origin=origin_of(scan), priority=Priority.MEDIUM)


def _mark_back(scan: Scan, library: Library, back: list[tuple[Row, Any]]) -> None:
    """A file that was MISSING is back as itself: changed where it differs, else as it was."""
    rows = []
    for row, stat in back:
        same = (row.size, row.mtime_ns) == (stat.size, stat.mtime_ns)
        rows.append((State.INDEXED if same else State.CHANGED, *stat, *_as_read(library, row)))
    bulk.write(_SET_STAT, rows)
    happenings.tell(scan, "back", [row.id for row, _stat in back])
    followups.queue_inspection([row.id for row, _stat in back], origin=origin_of(scan), priority=Priority.MEDIUM)


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


def _end(scan: Scan, library: Library, listing: Listing, found: Difference, counts: Counter[str]) -> None:
    """Decide what is gone, last of all, and close the scan or hold its losses."""
    lost = {row.id for row in found.gone}
    accepted = lost & set(scan.losses) if scan.losses_confirmed else set()
    rest = lost - accepted
    held = lost_too_much(found.known, len(rest), empty_root=listing.folders <= 1 and not counts["listed"])
    going = accepted if held else lost
    gone = [(timezone.now(), *_as_read(library, row)) for row in found.gone if row.id in going]
    bulk.write(f"UPDATE scanner_mediafile SET state='missing', missing_since=%s {_IF_AS_READ}", gone)
    happenings.tell(scan, "gone", sorted(going))
    files = found.known - len(found.gone) + counts["new"] + counts["back"]
    earlier = _counted_before(scan, counts, len(going))
    counts["new"] += earlier["new"]
    missing = len(going) + earlier["missing"]
    fields: dict[str, Any] = {
        "files": files,
        **{what: counts[what] for what in ("new", "changed", "moved")},
        "missing": missing,
        "unchanged": max(0, found.unchanged - earlier["new"]),
        "errors": len(listing.unreadable),
        "folders": _per_folder(found, going),
        "troubles": [f"{folder}: {why}" for folder, why in sorted(listing.unreadable.items())][:100],
    }
    if held:
        _hold(scan, rest, found, fields)
        return
    if scan.mode == Scan.Mode.FULL:
        followups.describe_all_again(library, origin=origin_of(scan))
    fields |= {"losses": [], "losses_confirmed": False, "ended_at": timezone.now()}
    happened = sum(counts[what] for what in HAPPENINGS) + missing
    with running.ending():
        if not happened and not listing.unreadable:
            Scan.objects.filter(pk=scan.pk, state=Scan.State.OPEN).update(
                state=Scan.State.DONE, reason="nothing has changed", **fields
            )
        else:
            move(scan, Scan.State.DONE, reason=_sentence(counts, missing, listing), **fields)
        _problem_over(library)
    if write.over(library):  # or so we hope: what is queued now finds out
        write.catch_up(library)


def _counted_before(scan: Scan, counts: Counter[str], going: int) -> Counter[str]:
    """Return what an earlier run of this scan did before it was cut off or held: it is told as this scan's."""
    if scan.started_at is None:
        return Counter()
    files = MediaFile.objects.filter(library=scan.library)
    new = files.filter(first_seen_at__gte=scan.created_at).count()
    missing = files.filter(state=State.MISSING, missing_since__gte=scan.created_at).count()
    return Counter(new=max(0, new - counts["new"]), missing=max(0, missing - going))


def _problem_over(library: Library) -> None:
    """The folder could be read; trouble with writing is for `write.over` to end."""
    if library.problem and not library.problem.startswith(write.TROUBLE):
        Library.objects.filter(pk=library.pk).update(problem="")


def _hold(scan: Scan, rest: set[int], found: Difference, fields: dict[str, Any]) -> None:
    reason = (
        f"{len(rest)} of {found.known} files are gone at once, which looks like a disk that is not there. "
        "Nothing was marked missing; confirm the losses or bring the files back."
    )
    with running.ending():
        move(scan, Scan.State.HELD, reason=reason, losses=sorted(rest), losses_confirmed=False, **fields)


def _root_lost(scan: Scan, library: Library, why: str) -> None:
    """A root that cannot be read holds the scan while files are known, else it fails."""
    known = MediaFile.objects.filter(library=library).exclude(state=State.MISSING).count()
    reason = f"The folder {library.path} cannot be read: {why}. Nothing was marked missing."
    with running.ending():
        Library.objects.filter(pk=library.pk).update(problem=reason)
        state = Scan.State.HELD if known else Scan.State.FAILED
        move(scan, state, reason=reason, ended_at=None if known else timezone.now())


def _per_folder(found: Difference, going: set[int]) -> dict[str, dict[str, int]]:
    """Count what happened per top folder, the busiest first."""
    counts: dict[str, Counter[str]] = {}
    gone = [row.path for row in found.gone if row.id in going]
    sets = (("new", found.new), ("changed", [row.path for row, _stat in found.changed]), ("missing", gone))
    for what, names in sets:
        for path in names:
            top = path.partition("/")[0] if "/" in path else "."
            counts.setdefault(top, Counter())[what] += 1
    busiest = sorted(counts.items(), key=lambda entry: -entry[1].total())[:MOST_FOLDERS_SHOWN]
    return {top: dict(numbers) for top, numbers in busiest}


def _sentence(counts: Counter[str], gone: int, listing: Listing) -> str:
    numbers = [*((what, counts[what]) for what in HAPPENINGS), ("missing", gone)]
    parts = [f"{number} {word}" for word, number in numbers if number]
    if listing.unreadable:
        parts.append(f"{len(listing.unreadable)} folders could not be read")
    return ", ".join(parts)


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
