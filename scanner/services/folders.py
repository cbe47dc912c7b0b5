"""The dates of folders: which have changed since they were listed, so that the others need not be listed again.

A stored date says that the files of the folder are level with what was listed at that date; 0 says that
the folder has to be listed again in any case.
"""

from __future__ import annotations

import datetime as dt
import errno
import os
import stat
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from django.db import connection

from jobs import running
from scanner import bulk, paths
from scanner.models import Library
from scanner.scope import Scope
from scanner.services.leveling import Seen
from scanner.stats import GONE

AGAIN = 0
YOUNG = dt.timedelta(seconds=3)  # a change in the same tick as the listing does not show in the date
BETWEEN_REPORTS = 1_024

_STORE = (
    "INSERT INTO scanner_folder (library_id, path, mtime_ns) VALUES (%s,%s,%s) "
    "ON CONFLICT (library_id, path) DO UPDATE SET mtime_ns=excluded.mtime_ns"
)
_FORGET = "DELETE FROM scanner_folder WHERE library_id=%s AND path=%s"


@dataclass(slots=True)
class Dates:
    """What the dates of the known folders say."""

    changed: list[str] = field(default_factory=list)
    gone: list[str] = field(default_factory=list)
    unreadable: dict[str, str] = field(default_factory=dict)
    root_problem: str = ""


def known(library: Library) -> dict[str, int]:
    """Return {path: date} of the folders that were listed before."""
    with connection.cursor() as cursor:  # of a hundred thousand rows half the time went into the ORM
        cursor.execute("SELECT path, mtime_ns FROM scanner_folder WHERE library_id=%s", [library.pk])
        return dict(cursor.fetchall())


def look(library: Library, dates: Mapping[str, int], *, seen: Callable[[float], None]) -> Dates:
    """Look at the date of each known folder; `seen(share)` is called now and then and may raise to end it."""
    found = Dates()
    try:
        root = os.open(paths.resolve(library, ""), os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    except OSError as error:
        found.root_problem = error.strerror or type(error).__name__
        return found
    try:
        for start, some in enumerate(bulk.slices(dates.items(), BETWEEN_REPORTS)):
            _look_at(some, root, found)
            seen(min(1.0, (start + 1) * BETWEEN_REPORTS / len(dates)))
    finally:
        os.close(root)
    return found


def _look_at(some: Iterable[tuple[str, int]], root: int, found: Dates) -> None:
    on_disk = paths.on_disk
    for path, date in some:
        try:
            about = os.stat(on_disk(path) or ".", dir_fd=root)
        except OSError as error:
            if error.errno in (*GONE, errno.ENOTDIR):
                found.gone.append(path)
            else:
                found.unreadable[path] = error.strerror or type(error).__name__
            continue
        if about.st_mtime_ns != date:
            (found.changed if stat.S_ISDIR(about.st_mode) else found.gone).append(path)


def part_of(found: Dates, dates: Mapping[str, int]) -> Scope:
    """Return the part of the library that has to be listed; unknown folders that are met there belong to it."""
    return Scope(shallow=set(found.changed), deep=set(found.gone), known=dates)


def remember(
    library: Library, before: Mapping[str, int], seen: Seen, undecided: Iterable[str], *, began: dt.datetime
) -> None:
    """Store the dates that hold now; `undecided`: paths of which nothing is.

    `began`: when the listing did.
    """
    if seen.scope is not None and not (seen.scope.shallow or seen.scope.deep or seen.listing.unreadable):
        return  # no date has changed
    now = _after(before, seen, young=int((began - YOUNG).timestamp() * 1e9))
    for path in seen.listing.unreadable:
        _forget_below(now, path)
        now[_nearest(now, path.rpartition("/")[0])] = AGAIN
    for path in (*seen.unsettled, *undecided):
        now[path.rpartition("/")[0]] = AGAIN
    bulk.write(_STORE, [(library.pk, path, date) for path, date in now.items() if before.get(path) != date])
    bulk.write(_FORGET, [(library.pk, path) for path in before if path not in now])


def _after(before: Mapping[str, int], seen: Seen, *, young: int) -> dict[str, int]:
    """Return the dates after a listing: of a part the rest stays as it was."""
    scope = seen.scope
    kept = {} if scope is None else {path: date for path, date in before.items() if not scope.is_deep(path)}
    listed = seen.listing.dates or {}
    return kept | {path: AGAIN if date > young else date for path, date in listed.items()}


def _forget_below(dates: dict[str, int], top: str) -> None:
    for path in [path for path in dates if path == top or path.startswith(f"{top}/")]:
        del dates[path]


def _nearest(dates: Mapping[str, int], folder: str) -> str:
    while folder and folder not in dates:
        folder = folder.rpartition("/")[0]
    return folder


def report(expected: int) -> Callable[[float], None]:
    """Return what tells how far the look at dates is, in the files that it stands for."""

    def seen(share: float) -> None:
        running.check()
        running.beat(done=round(share * expected), total=expected, unit="files")

    return seen
