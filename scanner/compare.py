"""What differs between a walk and what is stored (pure)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import NamedTuple

MISSING = "missing"


class Stat(NamedTuple):
    """What tells one file from another and from its former self."""

    size: int
    mtime_ns: int
    device: int
    inode: int


class Row(NamedTuple):
    """A stored file, as `values_list` gives it; `library` 0: the one that is compared."""

    id: int
    path: str
    state: str
    size: int
    mtime_ns: int
    device: int
    inode: int
    library: int = 0


@dataclass(slots=True)
class Difference:
    """`new`: paths; `gone`: rows without a file, `away`: those that were MISSING already.

    `renumbered`: only inode or device are others; they count among the `unchanged`.
    """

    new: list[str] = field(default_factory=list)
    changed: list[tuple[Row, Stat]] = field(default_factory=list)
    back: list[tuple[Row, Stat]] = field(default_factory=list)
    renumbered: list[tuple[Row, Stat]] = field(default_factory=list)
    gone: list[Row] = field(default_factory=list)
    away: list[Row] = field(default_factory=list)
    unchanged: int = 0
    known: int = 0


def compare(rows: Iterable[tuple[int, str, str, int, int, int, int]], files: dict[str, Stat]) -> Difference:
    """Compare stored rows with a listing; empties `files` of what is known, what stays is new.

    Size or mtime unequal (not "newer": clocks and restored files go backwards) is a change; a new
    inode or device alone is stored and is none.
    """
    found = Difference()
    take = files.pop
    for row in rows:
        stat = take(row[1], None)
        if stat is not None and row[3:] == stat and row[2] != MISSING:
            found.unchanged += 1
        else:
            _sort_in(Row(*row), stat, found)
    found.known = found.unchanged + len(found.changed) + len(found.gone)
    found.new = list(files)
    return found


def _sort_in(row: Row, stat: Stat | None, found: Difference) -> None:
    if stat is None:
        (found.away if row.state == MISSING else found.gone).append(row)
    elif row.state == MISSING:
        found.back.append((row, stat))
    elif (row.size, row.mtime_ns) != (stat.size, stat.mtime_ns):
        found.changed.append((row, stat))
    else:
        found.renumbered.append((row, stat))
        found.unchanged += 1


def lost_too_much(known: int, lost: int, *, empty_root: bool, share: float = 0.2, least: int = 20) -> bool:
    """Return whether losses look like a lost disk rather than a tidy-up (DESIGN §4.3)."""
    return lost > 0 and (empty_root or (lost >= least and lost > share * known))
