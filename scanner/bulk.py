"""Bulk writing that leaves the database to others: short transactions, with a rest after each.

The rule (DESIGN §5): at most 1,000 rows or about 20 ms a commit, then half as long of rest.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Any

from django.db import connection, transaction
from django.db.models import Q, QuerySet

from jobs import running

MOST_ROWS = 1_000
LONGEST_S = 0.02


def write(sql: str, rows: Iterable[Sequence[Any]]) -> int:
    """Run `sql` for each row (`executemany`), in slices; returns how many rows were given."""
    done = 0
    for slice_ in paced(rows):
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.executemany(sql, slice_)
        done += len(slice_)
    return done


def delete(rows: QuerySet[Any], *, unless: Q | None = None) -> int:
    """Delete these rows with what hangs on them, in slices; returns how many were there.

    Rows of which `unless` has become true when their turn comes are left alone. Cut off in between it
    is simply repeated.
    """
    ids = list(rows.order_by("pk").values_list("pk", flat=True))
    for slice_ in paced(ids, most=500):
        again = rows.model._base_manager.filter(pk__in=slice_)  # a costly condition was asked once
        (again.exclude(unless) if unless else again).delete()
    return len(ids)


def paced(items: Iterable[Any], *, most: int = MOST_ROWS) -> Iterator[list[Any]]:
    """Yield slices to be written in one transaction each, as long as the last ones took, and rest after each."""
    waiting, room = iter(items), 100
    # Each slice is made before its lock is taken: parsing and hashing must not lengthen it.
    while slice_ := list(islice(waiting, room)):
        began = time.perf_counter()
        yield slice_
        held = time.perf_counter() - began
        room = max(20, min(most, int(room * LONGEST_S / max(held, 0.001))))
        running.wait(held / 2)


def slices(items: Iterable[Any], size: int) -> Iterable[list[Any]]:
    """Yield `items` in lists of `size`; 500 keeps `IN (…)` below every database's limit."""
    waiting = iter(items)
    while chunk := list(islice(waiting, size)):
        yield chunk
