"""The cluster's side of the watcher: starts it, tells it the libraries, and hands its hints on.

A pipe to a child of our own has one lifetime with both its ends, and a node that runs only `work` watches too.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections import deque
from typing import Any

from mediasync.supervisor.children import Child
from scanner.services import watching

LIBRARIES_EVERY = 2  # looks


class Watcher(Child):
    """The slim process that watches the folders; it reads orders and writes what it saw."""

    def __init__(self) -> None:
        super().__init__("watcher", [sys.executable, "-m", "mediasync.supervisor.watch_process"])
        self._told: dict[str, str] | None = None
        self._rest = b""

    def order(self, roots: dict[str, str]) -> None:
        """Have these libraries watched, where it does not know that yet."""
        if self._process is None or self._process.stdin is None or roots == self._told:
            return
        try:
            os.write(self._process.stdin.fileno(), json.dumps({"libraries": roots}).encode() + b"\n")
            self._told = roots
        except OSError:  # it ended, or hangs: then it is no use
            self._process.kill()

    def hear(self) -> list[dict[str, Any]]:
        """Return what it has told since the last time."""
        lines: list[bytes] = []
        while given := self._read():
            *more, self._rest = (self._rest + given).split(b"\n")
            lines += more
        return [json.loads(line) for line in lines]

    def handles(self) -> list[int]:
        """Return what becomes readable when it tells something."""
        return [self._process.stdout.fileno()] if self._process and self._process.stdout and not self.ended() else []

    def _read(self) -> bytes:
        if self._process is None or self._process.stdout is None:
            return b""
        try:
            return os.read(self._process.stdout.fileno(), 1 << 20)
        except BlockingIOError:
            return b""

    def _start(self) -> None:
        self._told, self._rest = None, b""
        watching.begin_anew()
        super()._start()
        for pipe in (self._process.stdin, self._process.stdout) if self._process else ():
            if pipe is not None:
                os.set_blocking(pipe.fileno(), False)

    def _streams(self) -> dict[str, Any]:
        return {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "bufsize": 0}


class Watching:
    """What the main process does about it, every second and whenever something is told."""

    def __init__(self) -> None:
        self._watcher = Watcher()
        self._waiting: deque[dict[str, Any]] = deque()
        self._looks = 0
        self._roots: dict[str, str] = {}

    def turn(self) -> None:
        """Keep the watcher going, and hand on what it tells; a database that is away loses none of it."""
        self._watcher.turn()
        if self._looks % LIBRARIES_EVERY == 0:
            self._roots = watching.roots()
        self._looks += 1
        self._watcher.order(self._roots)
        self._waiting.extend(self._watcher.hear())
        while self._waiting:
            watching.take(self._waiting[0])
            self._waiting.popleft()

    def handles(self) -> list[int]:
        """Return what becomes readable when there is something to hand on."""
        return self._watcher.handles()

    def stop(self) -> None:
        """End it; it holds nothing that could be lost."""
        self._watcher.kill_group()
