"""Moves keep identity: a file that is gone here and new there is the same file."""

from __future__ import annotations

import errno
import os
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

from django.db.models import F, Q, Value
from django.db.models.functions import Concat, Left, Length

from jobs import running
from journal.moves import record
from scanner import bulk, paths
from scanner.compare import Row, Stat
from scanner.fingerprint import fingerprint
from scanner.models import Library, MediaFile
from scanner.services import intake

Move = tuple[Row, str]
NOT_THERE = (errno.ENOENT, errno.ENOTDIR)
MOST_SIZES_ASKED = 500
FIELDS = ("id", "path", "state", "size_bytes", "mtime_ns", "device", "inode", "library_id")


def find(library: Library, gone: Sequence[Row], new: Sequence[str], stats: dict[str, Stat]) -> list[Move]:
    """Return (stored row, new path) for each new file that is a known one in another place.

    First by device, inode, size and mtime; then, among files that are gone, by size and
    fingerprint. Rows of other libraries count when their file is not where it was.
    """
    found: list[Move] = []
    found += _same_inode(gone, new, stats)
    found += _same_inode(_gone_elsewhere(library, _left(new, found), stats), _left(new, found), stats)
    used = {row.id for row, _path in found}
    found += _same_content(library, [row for row in gone if row.id not in used], _left(new, found), stats)
    rest = _left(new, found)
    return found + _same_content(library, _lost_elsewhere(library, rest, stats), rest, stats)


def _left(new: Sequence[str], found: Sequence[Move]) -> list[str]:
    taken = {path for _row, path in found}
    return [path for path in new if path not in taken]


def _same_inode(gone: Iterable[Row], new: Iterable[str], stats: dict[str, Stat]) -> list[Move]:
    """Pair by device, inode, size and mtime; of hard links each row and each path is taken once."""
    by_stat: dict[Stat, list[Row]] = defaultdict(list)
    for row in gone:
        by_stat[_stat(row)].append(row)
    return [(by_stat[stats[path]].pop(0), path) for path in new if by_stat.get(stats[path])]


def _stat(row: Row) -> Stat:
    return Stat(row.size, row.mtime_ns, row.device, row.inode)


def _gone_elsewhere(library: Library, new: Sequence[str], stats: dict[str, Stat]) -> Iterator[Row]:
    """Yield rows of other libraries with the inode of a new file, whose own file is not where it was."""
    others = MediaFile.objects.filter(library__removed_at=None).exclude(library=library)
    if not new or not others.exists():
        return
    wanted = {stats[path] for path in new}
    for chunk in bulk.slices({stat.inode for stat in wanted}, 500):
        for file in others.filter(inode__in=chunk).select_related("library"):
            if _stat(_row(file)) in wanted and is_gone(file):
                yield _row(file)


def _lost_elsewhere(library: Library, new: Sequence[str], stats: dict[str, Stat]) -> list[Row]:
    """Return rows of other libraries with the size of a new file, whose own file is gone for certain."""
    sizes = {stats[path].size for path in new}
    if not sizes:
        return []
    others = MediaFile.objects.filter(library__removed_at=None).exclude(library=library)
    others = others.exclude(fingerprint="").exclude(size_bytes=0)
    if len(sizes) <= MOST_SIZES_ASKED:
        others = others.filter(size_bytes__in=sizes)
    alike = [pk for pk, size in others.values_list("pk", "size_bytes").iterator(chunk_size=5_000) if size in sizes]
    found: list[Row] = []
    for chunk in bulk.slices(alike, 500):
        running.check()
        files = MediaFile.objects.filter(pk__in=chunk).select_related("library")
        found.extend(_row(file) for file in files if _is_lost(file))
    return found


def _is_lost(file: MediaFile) -> bool:
    return is_gone(file) and (file.state == MediaFile.State.MISSING or _disk_is_there(file))


def _row(file: MediaFile) -> Row:
    return Row(*(getattr(file, name) for name in FIELDS))


def is_gone(file: MediaFile) -> bool:
    """Return whether a file is not where it was; what cannot be looked at may well be there."""
    try:
        os.lstat(paths.resolve(file.library, file.path))
    except OSError as error:
        return error.errno in NOT_THERE
    return False


def _disk_is_there(file: MediaFile) -> bool:
    """Return whether the nearest folder above lies on the file's disk: one that is not mounted lost nothing."""
    root = paths.resolve(file.library, "")
    where = paths.resolve(file.library, file.path)
    while len(where) > len(root):
        where = os.path.dirname(where)  # noqa: PTH120  names that are not UTF-8 stay as they are
        try:
            return os.stat(where).st_dev == file.device  # noqa: PTH116  as above
        except OSError:
            continue
    return False


def _same_content(library: Library, gone: Sequence[Row], new: Sequence[str], stats: dict[str, Stat]) -> list[Move]:
    """Pair what is left by size and fingerprint; only new files of a lost file's size are opened."""
    sizes: dict[int, list[Row]] = defaultdict(list)
    for row in gone:
        if row.size:
            sizes[row.size].append(row)
    alike = [path for path in new if stats[path].size in sizes]
    if not alike:
        return []
    prints: dict[int, str] = {}
    for chunk in bulk.slices((row.id for rows in sizes.values() for row in rows), 500):
        prints.update(MediaFile.objects.filter(pk__in=chunk).exclude(fingerprint="").values_list("pk", "fingerprint"))
    found = []
    for path in alike:
        running.check()
        mark = _fingerprint(library, path)
        twin = next((row for row in sizes[stats[path].size] if mark and prints.get(row.id) == mark), None)
        if twin:
            sizes[twin.size].remove(twin)
            found.append((twin, path))
    return found


def _fingerprint(library: Library, path: str) -> str:
    try:
        return fingerprint(paths.resolve(library, path))
    except OSError:
        return ""


def apply(
    library: Library,
    moves: Sequence[Move],
    stats: dict[str, Stat],
    everything: Sequence[str],
    *,
    origin: str,
    mend: bool,
) -> None:
    """Give each moved row its new path; first-seen date and match stay, no request follows.

    With `mend`, files that an earlier scan moved and then left where their match is not, because it was stopped
    in between, are placed with them: to a walk they look unchanged. A row that another scan has taken
    meanwhile stays there, even under the same path in its library.
    """
    rows = [(library.pk, path, *stats[path], row.id, row.library or library.pk, row.path) for row, path in moves]
    bulk.write(
        "UPDATE scanner_mediafile SET library_id=%s, path=%s, size_bytes=%s, mtime_ns=%s, device=%s, inode=%s, "
        "missing_since=NULL, state=CASE WHEN state='missing' THEN 'indexed' ELSE state END "
        "WHERE id=%s AND library_id=%s AND path=%s",
        rows,
    )
    astray = {path for _row, path in moves} | (misplaced(library, everything) if mend else set())
    intake.place_again(library, sorted(astray), everything, origin=origin)
    for row, path in moves[:100]:
        record(f"scanner.mediafile:{row.id}", reason="moved", facts={"from": row.path, "to": path})


def misplaced(library: Library, everything: Iterable[str]) -> set[str]:
    """Return the listed files whose match is that of another folder or library, or that have none."""
    folder = Concat(F("match__folder"), Value("/"))
    astray = ~Q(match__folder="") & ~Q(above=F("own"))
    files = MediaFile.objects.filter(library=library).exclude(state=MediaFile.State.MISSING)
    files = files.annotate(own=folder, above=Left("path", Length("match__folder") + 1))
    found = set(files.filter(Q(match=None) | ~Q(match__library=library) | astray).values_list("path", flat=True))
    return found.intersection(everything) if found else found
