"""One child of the supervisor: started in a process group of its own, and started again when it ends."""

from __future__ import annotations

import logging
import os
import signal
import subprocess
import time
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from mediasync.supervisor import parent

log = logging.getLogger(__name__)

BASE_DIR = Path(__file__).resolve().parents[2]
FIRST_PAUSE_S, LONGEST_PAUSE_S = 1, 30
SETTLED_S = 60  # who lived so long begins with the shortest pause again


class Child:
    """A command that is to run for as long as we do."""

    def __init__(self, name: str, command: Sequence[str], *, pass_fds: Sequence[int] = ()) -> None:
        self.name = name
        self._command = command
        self._pass_fds = pass_fds
        self._process: subprocess.Popen[bytes] | None = None
        self._started = 0.0
        self._pause_s = FIRST_PAUSE_S
        self._start_at = 0.0

    def turn(self) -> None:
        """Start the command where it is due; plan its next start where it has ended."""
        if self._process is None:
            if time.monotonic() >= self._start_at:
                self._start()
        elif self._process.poll() is not None:
            self._plan_next(self._process.returncode)

    def ask_to_end(self) -> None:
        """Send SIGTERM to the main process of the child."""
        if self._process is not None and self._process.poll() is None:
            self._process.terminate()

    def ended(self) -> bool:
        """Tell whether the main process of the child is gone."""
        return self._process is None or self._process.poll() is not None

    def kill_group(self) -> None:
        """Kill whatever is left of the child's process group."""
        if self._process is None:
            return
        with suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()

    def _start(self) -> None:
        self._started = time.monotonic()
        self._process = subprocess.Popen(  # noqa: S603  our own commands
            self._command,
            cwd=BASE_DIR,
            env=parent.environment(),
            pass_fds=self._pass_fds,
            process_group=0,
            **self._streams(),
        )

    def _streams(self) -> dict[str, Any]:
        """Return where the child reads and writes."""
        return {"stdin": subprocess.DEVNULL}

    def _plan_next(self, code: int) -> None:
        """Clear what is left, then wait longer after each early end."""
        self.kill_group()
        self._process = None
        if time.monotonic() - self._started > SETTLED_S:
            self._pause_s = FIRST_PAUSE_S
        log.error("%s ended with %s; it starts again in %s s", self.name, code, self._pause_s)
        self._start_at = time.monotonic() + self._pause_s
        self._pause_s = min(self._pause_s * 2, LONGEST_PAUSE_S)
