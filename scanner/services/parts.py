"""The stored files of a whole library or of a part of it, as plain rows."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import Any

from django.db import connection
from django.db.models import Q, QuerySet
from django.db.models.functions import Collate

from scanner import bulk
from scanner.compare import Row, Stat
from scanner.grouping import home_of
from scanner.models import NOT_INDEXED, Library, MediaFile
from scanner.scope import Scope, outermost
from scanner.services import moving

State = MediaFile.State
FIELDS = ("id", "path", "state", "size_bytes", "mtime_ns", "device", "inode")
RANGES_A_QUERY = 50
MOST_RANGES = 500  # of more the whole library is read: that is quicker


def rows(library: Library) -> Iterable[tuple[int, str, str, int, int, int, int]]:
    """Read the stored rows; the read is finished before anything is written (DESIGN §5)."""
    return MediaFile.objects.filter(library=library).values_list(*FIELDS).iterator(chunk_size=5_000)


def rows_in(library: Library, scope: Scope) -> Iterator[tuple[int, str, str, int, int, int, int]]:
    """Read the stored rows of a part."""
    for row in _below(library, [*scope.shallow, *scope.deep], FIELDS):
        if scope.covers(row[1]):
            yield row


def known(library: Library) -> int:
    """Return how many files of a library are there: two counts that indexes answer by themselves."""
    files = MediaFile.objects.filter(library=library)
    return files.count() - files.filter(NOT_INDEXED, state=State.MISSING).count()


def missing_outside(library: Library, scope: Scope) -> list[Row]:
    """Return the MISSING files of the rest: what is new here may be one of them."""
    away = MediaFile.objects.filter(library=library, state=State.MISSING).values_list(*FIELDS)
    return [Row(*row) for row in away if not scope.covers(row[1])]


def gone_outside(library: Library, scope: Scope, stats: Sequence[Stat]) -> list[Row]:
    """Return files of the rest that have the inode of one that is new here, and are not where they were any more."""
    wanted = set(stats)
    found = []
    for chunk in bulk.slices({stat.inode for stat in wanted}, 500):
        for file in MediaFile.objects.filter(library=library, inode__in=chunk).exclude(state=State.MISSING):
            file.library = library
            alike = Stat(file.size_bytes, file.mtime_ns, file.device, file.inode) in wanted
            if alike and not scope.covers(file.path) and moving.is_gone(file):
                found.append(Row(*(getattr(file, name) for name in FIELDS)))
    return found


def rest_of_homes(library: Library, scope: Scope, touched: Iterable[str]) -> list[str]:
    """Return the stored files outside of a part that share a home with touched ones: homes are grouped as a whole."""
    homes = {home_of(folder) for folder in {path.rpartition("/")[0] for path in touched}}
    among = _below(library, [home for home in homes if not scope.is_deep(home)], ("path",), there=True)
    found = (path for (path,) in among if not scope.covers(path))
    return [path for path in found if home_of(path.rpartition("/")[0]) in homes]


def _below(
    library: Library, folders: Collection[str], fields: Sequence[str], *, there: bool = False
) -> Iterator[tuple[Any, ...]]:
    """Yield the stored files below any of these folders, each once."""
    files = MediaFile.objects.filter(library=library)
    files = files.exclude(state=State.MISSING) if there else files
    tops = sorted(outermost(folders))
    if len(tops) > MOST_RANGES or "" in tops:
        yield from files.values_list(*fields).iterator(chunk_size=5_000)
        return
    for chunk in bulk.slices(tops, RANGES_A_QUERY):
        yield from _in_ranges(files, chunk).values_list(*fields).iterator(chunk_size=5_000)


def _in_ranges(files: QuerySet[MediaFile], folders: Iterable[str]) -> QuerySet[MediaFile]:
    """Narrow to paths that begin with a folder, byte by byte: "0" is what follows "/"."""
    if connection.vendor == "postgresql":
        files, name = files.alias(bytewise=Collate("path", "C")), "bytewise"
    else:
        name = "path"  # SQLite compares bytes, with the index of library and path
    within = Q()
    for folder in folders:
        within |= Q(**{f"{name}__gte": f"{folder}/", f"{name}__lt": f"{folder}0"})
    return files.filter(within)
