"""Daemon threads on demand: a stop never waits for one, which an executor would."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable

from django.db import close_old_connections, connection

IDLE_S = 20


class Threads:
    """Starts a thread where none is free; a free one ends, with its connection, after 20 s."""

    def __init__(self) -> None:
        self._tasks: queue.SimpleQueue[Callable[[], None] | None] = queue.SimpleQueue()
        self._free = 0
        self._dismissed = False
        self._lock = threading.Lock()

    def give(self, task: Callable[[], None]) -> None:
        """Have `task` called in a thread of its own, at once; it must not raise."""
        with self._lock:
            if self._free:
                self._free -= 1
            else:
                threading.Thread(target=self._serve, name="job", daemon=True).start()
        self._tasks.put(task)

    def dismiss(self) -> None:
        """Let the free threads end, and the others after the task they are at."""
        with self._lock:
            free, self._free = self._free, 0
            self._dismissed = True
        for _ in range(free):
            self._tasks.put(None)

    def _serve(self) -> None:
        _small_cache()
        while task := self._next():
            close_old_connections()
            task()
            with self._lock:
                if self._dismissed:
                    break
                self._free += 1
        connection.close()

    def _next(self) -> Callable[[], None] | None:
        """Wait for a task; None when the thread is to end."""
        while True:
            try:
                return self._tasks.get(timeout=IDLE_S)
            except queue.Empty:
                with self._lock:
                    if not self._free:
                        continue  # a task is on its way to us
                    self._free -= 1
                return None


def _small_cache() -> None:
    """Give the thread's own connection 2 MB of cache: SQLite's cache is per connection."""
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA cache_size = -2000")
