"""A look at the folders of a library in which something has happened: as a scan, but of those alone.

What is new or has moved is stored at once. That a file is gone is decided a few seconds later, for the other
end of a move may come with another hint; where much is gone a scan decides, which can hold it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence

from jobs import clock, queue, running
from jobs.errors import RetryLater
from journal.moves import record
from scanner import paths
from scanner.compare import Row, lost_too_much
from scanner.models import Hint, Library
from scanner.scope import Scope
from scanner.services import hints, leveling, new_art, settling
from scanner.services.leveling import Seen
from scanner.walk import walk

GRACE = dt.timedelta(seconds=3)  # for the other end of a move
WHILE_SCANNED = dt.timedelta(seconds=2)
LONGEST_PAUSE = dt.timedelta(minutes=1)
HAPPENINGS = ("new", "changed", "moved", "back", "missing")


def look(library: Library) -> None:
    """Bring what a library's hints tell of level with the disk; safe to repeat from any point."""
    if hints.is_being_walked(library):
        raise RetryLater("a scan is walking this library", until=clock.now() + WHILE_SCANNED)
    told = list(Hint.objects.filter(library=library))
    if len({hint.path for hint in told}) > hints.MOST:
        hints.scan_instead(library)
    elif told:
        _look(library, told)


def _look(library: Library, told: Sequence[Hint]) -> None:
    scope = _scope(told)
    listing = walk(paths.resolve(library, ""), scope=scope, seen=lambda _walker: running.check())
    if listing.root_problem:
        hints.scan_instead(library)  # it says so, and holds what is lost
        return
    mend = any(hint.begun for hint in told)
    seen = leveling.compare_part(library, listing, scope, mend=mend)
    hints.begin(told)
    leveling.apply(library, seen, origin="", mend=mend)
    new_art.notice(library, {hint.path for hint in told}, since=min(hint.noticed_at for hint in told), origin="")
    ripe = _scope([hint for hint in told if hint.noticed_at <= clock.now() - GRACE])
    gone = [row for row in seen.found.gone if ripe.covers(row.path)]
    if lost_too_much(seen.found.known, len(seen.found.gone), empty_root=seen.bare):
        hints.scan_instead(library)
        return
    leveling.mark_missing(library, gone, origin="")
    seen.counts["missing"] = len(gone)
    _end(library, told, seen, [row for row in seen.found.gone if not ripe.covers(row.path)])


def _scope(told: Collection[Hint]) -> Scope:
    return Scope({hint.path for hint in told if not hint.deep}, {hint.path for hint in told if hint.deep})


def _end(library: Library, told: Sequence[Hint], seen: Seen, undecided: Sequence[Row]) -> None:
    """Forget the hints that are done with; look again at those where something is still open."""
    open_paths = [*seen.unsettled, *(row.path for row in undecided)]
    kept = [hint for hint in told if any(_scope([hint]).covers(path) for path in open_paths)]
    done = [hint.pk for hint in told if hint not in kept]
    with running.ending():
        Hint.objects.filter(pk__in=done).delete()
        happened = {what: seen.counts[what] for what in HAPPENINGS if seen.counts[what]}
        if happened:
            sentence = ", ".join(f"{number} {what}" for what, number in happened.items())
            record(library, reason=f"watched: {sentence}", facts=happened)
        if kept:
            hints.put_off(kept)
            growing = bool(seen.unsettled)
            why = "some files were still being written" if growing else "it shows whether what is gone has moved"
            queue.enqueue(hints.look_at(library, reason=why, due_at=clock.now() + _pause(kept, growing=growing)))


def _pause(kept: Sequence[Hint], *, growing: bool) -> dt.timedelta:
    """Return how long to wait: 2, 4, 8 … s for what grows, else until the grace is over."""
    if not growing:
        return GRACE
    fewest = min(hint.looks for hint in kept)
    return min(LONGEST_PAUSE, dt.timedelta(seconds=settling.BETWEEN_LOOKS_S << min(fewest, 10)))
