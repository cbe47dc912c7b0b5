"""What is missing in the queue: each app tells the keys that should have a job, read without a lock."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from jobs.queue import Work

MOST_A_MINUTE = 2_000

sources: dict[str, Callable[[], Iterable[Work]]] = {}


def register(name: str, works: Callable[[], Iterable[Work]]) -> None:
    """Have `works()` asked every minute; it yields the work whose job may have been lost.

    Raises ValueError where a name is registered twice.
    """
    if name in sources:
        raise ValueError(f"two reseeds called {name}")
    sources[name] = works
