"""Applying what differs: rows become level with what a walk saw, of a whole library or of a part of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils import timezone

from jobs.models import Priority
from scanner import bulk
from scanner.compare import Difference, Row, compare
from scanner.models import Library, MediaFile
from scanner.scope import Scope
from scanner.services import away, followups, happenings, intake, moving, parts, settling
from scanner.walk import Listing

State = MediaFile.State


@dataclass(slots=True)
class Seen:
    """What a walk saw and how it differs from what is stored.

    `everything`: all files of the homes that were touched, or more. `bare`: the root holds nothing at all.
    `scope`: None for the whole library.
    """

    listing: Listing
    found: Difference
    everything: Sequence[str]
    scope: Scope | None = None
    bare: bool = False
    counts: Counter[str] = field(default_factory=Counter)
    unsettled: set[str] = field(default_factory=set)


def compare_whole(library: Library, listing: Listing) -> Seen:
    """Compare a walk of a whole library with what is stored."""
    everything = list(listing.files)
    found = compare(parts.rows(library), listing.files)
    return Seen(listing, found, everything, bare=listing.folders <= 1 and not everything)


def compare_part(library: Library, listing: Listing, scope: Scope, *, mend: bool) -> Seen:
    """Compare a walk of a part with what is stored of it; the rest counts as unchanged.

    With `mend` homes are completed though nothing is new in them, for what was left half done there.
    """
    listed = list(listing.files)
    found = compare(parts.rows_in(library, scope), listing.files)
    outside = parts.known(library) - found.known
    found.known += outside
    found.unchanged += outside
    if found.new:
        found.away += parts.missing_outside(library, scope)
        found.gone += parts.gone_outside(library, scope, [listing.files[path] for path in found.new])
    everything = listed + parts.rest_of_homes(library, scope, listed if mend else found.new)
    return Seen(listing, found, everything, scope, bare=bool(found.gone) and away.is_bare(library))


def apply(library: Library, seen: Seen, *, origin: str, mend: bool) -> None:
    """Store all that differs but losses; `seen` then holds the counts, what is unsettled, and what is really gone."""
    listing, found = seen.listing, seen.found
    stats = listing.files
    seen.unsettled = unsettled = settling.unsettled(library, found, stats)
    new = [path for path in found.new if path not in unsettled]
    found.changed = [entry for entry in found.changed if entry[0].path not in unsettled]
    # What cannot be read is neither gone nor moved, even where its like has appeared elsewhere.
    found.gone = [row for row in found.gone if not _hidden(row.path, listing)]
    missing = [row for row in found.away if not _hidden(row.path, listing)]
    moves = moving.find(library, [*found.gone, *missing], new, stats) if new else []
    moved_to, moved_ids = {path for _row, path in moves}, {row.id for row, _path in moves}
    found.new = new = [path for path in new if path not in moved_to]
    found.gone = [row for row in found.gone if row.id not in moved_ids]
    _renumber(library, found)
    _mark_changed(library, found.changed, origin=origin)
    _mark_back(library, found.back, origin=origin)
    moving.apply(library, moves, stats, seen.everything, origin=origin, mend=mend)
    happenings.tell("moved", moved_ids, origin=origin)
    intake.take_in(library, new, stats, seen.everything, origin=origin)
    followups.look_at_notes(library, listing.notes, origin=origin)
    seen.counts = Counter(
        new=len(new), changed=len(found.changed), moved=len(moves), back=len(found.back), listed=len(seen.everything)
    )


def mark_missing(library: Library, gone: Sequence[Row], *, origin: str) -> None:
    """Store that files are gone from disk; decided last of all."""
    now = timezone.now()
    rows = [(now, *_as_read(library, row)) for row in gone]
    bulk.write(f"UPDATE scanner_mediafile SET state='missing', missing_since=%s {_IF_AS_READ}", rows)
    happenings.tell("gone", [row.id for row in gone], origin=origin)


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


def _mark_changed(library: Library, changed: list[tuple[Row, Any]], *, origin: str) -> None:
    bulk.write(_SET_STAT, [(State.CHANGED, *stat, *_as_read(library, row)) for row, stat in changed])
    happenings.tell("changed", [row.id for row, _stat in changed], origin=origin)
    followups.queue_inspection([row.id for row, _stat in changed], origin=origin, priority=Priority.MEDIUM)


def _mark_back(library: Library, back: list[tuple[Row, Any]], *, origin: str) -> None:
    """A file that was MISSING is back as itself: changed where it differs, else as it was."""
    rows = []
    for row, stat in back:
        same = (row.size, row.mtime_ns) == (stat.size, stat.mtime_ns)
        rows.append((State.INDEXED if same else State.CHANGED, *stat, *_as_read(library, row)))
    bulk.write(_SET_STAT, rows)
    happenings.tell("back", [row.id for row, _stat in back], origin=origin)
    followups.queue_inspection([row.id for row, _stat in back], origin=origin, priority=Priority.MEDIUM)
