"""Wrong keys are counted by where they come from and how they begin: too many, and none is looked up for a minute."""

from __future__ import annotations

import threading
import time
from collections import OrderedDict

WINDOW_S = 60.0
PER_KEY, PER_ADDRESS = 10, 100
REMEMBERED = 2_000


class Throttle:
    """Counts of one process, which is all of the web server.

    A program with an old key locks out itself, not its neighbours behind the same proxy: the right
    key of another program begins differently.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._seen: OrderedDict[tuple[str, str], list[float]] = OrderedDict()

    def wait(self, address: str, beginning: str) -> float:
        """Return the seconds for which this key from this address is not even looked at."""
        return self._wait((address, beginning), PER_KEY)

    def wrong(self, address: str, beginning: str) -> float:
        """Count a wrong key; returns the seconds to wait where the address has sent too many of them."""
        with self._lock:
            for bucket in ((address, beginning), (address, "")):
                self._seen.setdefault(bucket, []).append(time.monotonic())
                self._seen.move_to_end(bucket)
                del self._seen[bucket][:-PER_ADDRESS]
            while len(self._seen) > REMEMBERED:
                self._seen.popitem(last=False)
        return self._wait((address, ""), PER_ADDRESS)

    def forget(self) -> None:
        """Begin anew."""
        with self._lock:
            self._seen.clear()

    def _wait(self, bucket: tuple[str, str], most: int) -> float:
        now = time.monotonic()
        with self._lock:
            fresh = [moment for moment in self._seen.get(bucket, ()) if moment > now - WINDOW_S]
        return fresh[-most] + WINDOW_S - now if len(fresh) >= most else 0.0


wrong_keys = Throttle()
