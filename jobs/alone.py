"""Jobs that took a process along: run one at a time in a process where they can harm nobody else."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from django.conf import settings

from jobs import look
from jobs.look import Filter

ALONE = Filter(alone=True)


def due() -> bool:
    """Tell whether a job can be run alone now."""
    return look.alone_due() and any(pool.has_work and pool.leases < pool.limit for pool in look.look(ALONE))


class AloneProcess:
    """Keeps at most one such process going while there is work for it."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None

    def turn(self) -> None:
        """Start the process where there is work and none runs."""
        if self._process is not None and self._process.poll() is None:
            return
        self._process = None
        if due():
            command = [sys.executable, str(Path(settings.BASE_DIR) / "manage.py"), "work", "--alone"]
            environment = {**os.environ, "MEDIASYNC_PARENT": str(os.getpid())}  # it ends with us
            self._process = subprocess.Popen(  # noqa: S603  our own command
                command, stdin=subprocess.DEVNULL, env=environment
            )

    def stop(self) -> None:
        """Ask the process to end; it gives its job back."""
        if self._process is not None and self._process.poll() is None:
            self._process.terminate()

    def kill(self) -> None:
        """End the process where asking was not enough."""
        if self._process is not None and self._process.poll() is None:
            self._process.kill()
            self._process.wait()
