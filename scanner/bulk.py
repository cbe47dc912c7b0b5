"""Bulk writing that leaves the database to others: short transactions, with a rest after each.

The rule (DESIGN §5): at most 1,000 rows or about 20 ms a commit, then half as long of rest.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence
from itertools import islice
from typing import Any

from django.db import connection, transaction

from jobs import running

MOST_ROWS = 1_000
LONGEST_S = 0.02


def write(sql: str, rows: Iterable[Sequence[Any]]) -> int:
    """Run `sql` for each row (`executemany`), in slices; returns how many rows were given."""
    waiting, done, room = iter(rows), 0, 200
    while True:
        # The rows are made before the lock is taken: parsing and hashing must not lengthen it.
        slice_ = list(islice(waiting, room))
        if not slice_:
            return done
        began = time.perf_counter()
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.executemany(sql, slice_)
        held = time.perf_counter() - began
        done += len(slice_)
        room = max(20, min(MOST_ROWS, int(room * LONGEST_S / max(held, 0.001))))
        running.wait(held / 2)


def slices(items: Iterable[Any], size: int) -> Iterable[list[Any]]:
    """Yield `items` in lists of `size`; 500 keeps `IN (…)` below every database's limit."""
    waiting = iter(items)
    while chunk := list(islice(waiting, size)):
        yield chunk
