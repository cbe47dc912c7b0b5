"""The end of a scan: what is gone is decided last of all, then the scan is closed, or its losses are held."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from typing import Any

from django.utils import timezone

from jobs import running
from journal.moves import move
from scanner.compare import Difference, lost_too_much
from scanner.models import Library, MediaFile, Scan
from scanner.services import folders, followups, hints, leveling, write
from scanner.services.leveling import Seen
from scanner.services.methods import Method, sentence
from scanner.services.scans import origin_of
from scanner.walk import Listing

State = MediaFile.State
HAPPENINGS = ("new", "changed", "moved", "back")
MOST_FOLDERS_SHOWN = 200


def end(scan: Scan, library: Library, seen: Seen, method: Method, *, began: dt.datetime) -> None:
    """Decide what is gone, and close the scan or hold its losses; `began`: when the listing did."""
    found, listing, counts = seen.found, seen.listing, seen.counts
    lost = {row.id for row in found.gone}
    accepted = lost & set(scan.losses) if scan.losses_confirmed else set()
    rest = lost - accepted
    held = lost_too_much(found.known, len(rest), empty_root=seen.bare)
    going = accepted if held else lost
    leveling.mark_missing(library, [row for row in found.gone if row.id in going], origin=origin_of(scan))
    if method.keep:
        undecided = [row.path for row in found.gone if row.id not in going]
        folders.remember(library, method.dates, seen, undecided, began=began)
    fields = _numbers(scan, seen, going) | {"method": sentence(method, listing.folders)}
    if held:
        _hold(scan, rest, found, fields)
        return
    if scan.mode == Scan.Mode.FULL:
        followups.describe_all_again(library, origin=origin_of(scan))
    fields |= {"losses": [], "losses_confirmed": False, "ended_at": timezone.now()}
    happened = sum(counts[what] for what in HAPPENINGS) + fields["missing"]
    with running.ending():
        if not happened and not listing.unreadable:
            Scan.objects.filter(pk=scan.pk, state=Scan.State.OPEN).update(
                state=Scan.State.DONE, reason="nothing has changed", **fields
            )
        else:
            move(scan, Scan.State.DONE, reason=_sentence(counts, fields["missing"], listing), **fields)
        _problem_over(library)
        hints.forget_before(library, began)
    if write.over(library):  # or so we hope: what is queued now finds out
        write.catch_up(library)


def _numbers(scan: Scan, seen: Seen, going: set[int]) -> dict[str, Any]:
    """Return what the scan's row tells of it, with what an earlier run of it did; adds that to the counts."""
    found, listing, counts = seen.found, seen.listing, seen.counts
    files = found.known - len(found.gone) + counts["new"] + counts["back"]
    earlier = _counted_before(scan, counts, len(going))
    counts["new"] += earlier["new"]
    return {
        "files": files,
        **{what: counts[what] for what in ("new", "changed", "moved")},
        "missing": len(going) + earlier["missing"],
        "unchanged": max(0, found.unchanged - earlier["new"]),
        "errors": len(listing.unreadable),
        "folders": _per_folder(found, going),
        "troubles": [f"{folder}: {why}" for folder, why in sorted(listing.unreadable.items())][:100],
    }


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


def root_lost(scan: Scan, library: Library, why: str) -> None:
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
