"""Files that may still be written: a young one is taken once two looks agree."""

from __future__ import annotations

import datetime as dt
import os
import time

from jobs import running
from scanner import paths
from scanner.compare import Difference, Stat
from scanner.models import Library
from scanner.stats import stat_of

YOUNG_S = 10
BETWEEN_LOOKS_S = 2
LOOK_AGAIN = dt.timedelta(seconds=10)
REMEMBERED = dt.timedelta(minutes=20)
LONGEST_PAUSE = dt.timedelta(minutes=5)


def unsettled(library: Library, found: Difference, stats: dict[str, Stat]) -> set[str]:
    """Return the new and changed paths that are still growing; waits 2 s where some are young."""
    limit = time.time_ns() - YOUNG_S * 1_000_000_000
    young = [path for path in found.new if stats[path].mtime_ns > limit]
    changed = {row.path: index for index, (row, stat) in enumerate(found.changed) if stat.mtime_ns > limit}
    if not young and not changed:
        return set()
    running.wait(BETWEEN_LOOKS_S)
    growing = {path for path in young if _look(library, path) != stats[path][:2]}
    return growing | {path for path, at in changed.items() if _look(library, path) != found.changed[at][1][:2]}


def pause(looks: int) -> dt.timedelta:
    """Return how long to wait after so many recent looks: 10 s, 20 s, 40 s … up to 5 minutes."""
    return min(LONGEST_PAUSE, LOOK_AGAIN * (1 << min(looks, 10)))


def _look(library: Library, path: str) -> tuple[int, int] | None:
    try:
        about = stat_of(os.stat(paths.resolve(library, path)))  # noqa: PTH116  names that are not UTF-8
    except OSError:
        return None
    return about.size, about.mtime_ns
