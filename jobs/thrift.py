"""Memory that a burst of work left behind goes back to the system once the burst is over."""

from __future__ import annotations

import ctypes
import gc
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

AFTER_S = 10  # without work


class Thrift:
    """Watches a drain; gives memory back once after each burst."""

    def __init__(self) -> None:
        self._given_at = 0
        self._last_work = time.monotonic()
        self._seen = 0

    @property
    def quiet_s(self) -> float:
        """For how long there has been nothing to do."""
        return time.monotonic() - self._last_work

    def look(self, *, runs: int, busy: bool) -> bool:
        """Take note of how many runs there were; returns whether memory was given back now."""
        if busy or runs != self._seen:
            self._seen, self._last_work = runs, time.monotonic()
            return False
        if runs == self._given_at or self.quiet_s < AFTER_S:
            return False
        self._given_at = runs
        give_back()
        return True


_resting = 0
_lock = threading.Lock()


@contextmanager
def collector_resting() -> Iterator[None]:
    """Keep the cyclic collector from going through millions of plain rows again and again.

    For a second or two of building large tables that hold no cycles; may be nested and shared by threads.
    """
    global _resting  # noqa: PLW0603  the collector is one for the whole process
    with _lock:
        _resting += 1
        gc.disable()
    try:
        yield
    finally:
        with _lock:
            _resting -= 1
            if not _resting:
                gc.enable()


def give_back() -> None:
    """Collect garbage and hand free heap back: glibc keeps it otherwise."""
    gc.collect()
    if sys.platform == "linux":
        trim = getattr(ctypes.CDLL(None), "malloc_trim", None)  # musl has none, and needs none
        if trim:
            trim(0)
