"""Waiting for something to become true."""

from __future__ import annotations

import time
from collections.abc import Callable

HANG_S = 90


def until(condition: Callable[[], object], *, seconds: float = HANG_S, what: str = "it happened") -> float:
    """Wait until `condition()` is true and return after how many seconds; raises TimeoutError."""
    start = time.monotonic()
    while not condition():
        if time.monotonic() - start > seconds:
            raise TimeoutError(f"{seconds} s passed before {what}")
        time.sleep(0.05)
    return time.monotonic() - start
