"""Being asked to end: handlers that set a flag, and a sleep that a signal ends."""

from __future__ import annotations

import os
import select
import signal

from jobs import stopping

ASKING = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)


class Sleep:
    """Sleeps that end as soon as a signal arrives; the handlers themselves only set the flag."""

    def __init__(self) -> None:
        self._read, write = os.pipe2(os.O_NONBLOCK | os.O_CLOEXEC)
        signal.set_wakeup_fd(write, warn_on_full_buffer=False)
        for number in (*ASKING, signal.SIGCHLD):
            signal.signal(number, stopping.ask if number in ASKING else _nothing)

    def __call__(self, seconds: float, *handles: int) -> None:
        """Sleep so long, or until the next signal, or until one of these descriptors can be read."""
        select.select([self._read, *handles], [], [], seconds)
        while select.select([self._read], [], [], 0)[0]:
            os.read(self._read, 512)


def ask_on_signals() -> None:
    """Have the usual signals ask this process to end."""
    for number in ASKING:
        signal.signal(number, stopping.ask)


def _nothing(*_: object) -> None:
    """Be woken by the end of a child."""
