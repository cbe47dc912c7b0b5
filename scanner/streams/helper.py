"""Asking the process that looks into files: kept for the next question, ended when it does not answer in time."""

from __future__ import annotations

import atexit
import functools
import importlib.util
import json
import os
import select
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from scanner.streams import probe

LIMIT_S = probe.LIMIT_S + 5
LOOK_S = 0.2
IDLE_S = 5.0  # after which a process that nobody asks is ended
ANSWER_MOST = 4 << 20
# It left because nobody had asked for a while, or somebody ended it: a stop, a want of memory.
FROM_OUTSIDE = (0, -signal.SIGTERM, -signal.SIGINT, -signal.SIGHUP, -signal.SIGKILL)

_idle: list[Helper] = []
_lock = threading.Lock()
_sweeper: threading.Timer | None = None


class Unreadable(Exception):
    """The file is such that the process looking at it died or never came to an end; the message says which."""


class Ended(Exception):
    """Somebody ended the process that looks into files, twice: that says nothing of the file."""


class NoLibrary(Exception):
    """MediaInfo's library is not there or does not fit this machine: nobody can look into files."""


@functools.cache
def command() -> Sequence[str]:
    """Return how the process is started; without `site`, whose imports it does not need: it starts in half the time."""
    found = importlib.util.find_spec("pymediainfo")
    place = Path(found.origin).parent.parent if found and found.origin else Path()
    return (sys.executable, "-I", "-S", str(Path(probe.__file__)), str(place))


class Helper:
    """One process that looks into files."""

    def __init__(self) -> None:
        self.asked_at = time.monotonic()
        self._process = subprocess.Popen(  # noqa: S603  our own program; paths go by its standard input
            command(), stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
        )

    def ask(self, path: str, *, speed: float, stop: Callable[[], object]) -> dict[str, Any]:
        """Return the answer about one file. `stop` is called often and may raise; raises Unreadable, OSError."""
        question = json.dumps({"path": path, "speed": speed}) + "\n"
        assert self._process.stdin is not None  # noqa: S101  both are pipes
        self._process.stdin.write(question.encode())
        self._process.stdin.flush()
        answer = json.loads(self._line(stop))
        if "error" in answer:
            raise OSError(answer["errno"], answer["error"], path)
        return dict(answer)

    def alive(self) -> bool:
        """Say whether it waits for a question."""
        return self._process.poll() is None

    def end(self) -> None:
        """Kill it; what it was doing is lost."""
        self._process.kill()
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                try:
                    pipe.close()
                except OSError:
                    continue  # what was to be written to a process that is gone
        try:
            self._process.wait(timeout=1)
        except subprocess.TimeoutExpired:
            return  # it waits for a disk that does not answer; the kernel ends it when that does

    def _line(self, stop: Callable[[], object]) -> bytes:
        assert self._process.stdout is not None  # noqa: S101
        handle, deadline, data = self._process.stdout.fileno(), time.monotonic() + LIMIT_S, b""
        while not data.endswith(b"\n"):
            stop()
            if select.select([handle], [], [], LOOK_S)[0]:
                more = os.read(handle, 1 << 16)
                if not more:
                    raise self._end_of_it()
                data += more
            if time.monotonic() > deadline or len(data) > ANSWER_MOST:
                raise Unreadable(_TOO_LONG)
        return data

    def _end_of_it(self) -> Exception:
        """Return why it ended without an answer: of itself, by its own alarm, or by a crash."""
        try:
            code = self._process.wait(timeout=1)
        except subprocess.TimeoutExpired:
            code = -signal.SIGKILL
        if code in FROM_OUTSIDE:
            return ConnectionResetError()
        if code == probe.NO_LIBRARY:
            return NoLibrary()
        return Unreadable(_TOO_LONG if code == -signal.SIGALRM else _CRASHED)


_TOO_LONG = f"Looking into the file was given up after {probe.LIMIT_S} seconds: it is broken, or its disk is very slow."
_CRASHED = "The file is broken in a way that brought down the program that looks into it."


def is_there() -> bool:
    """Say whether MediaInfo's library is there and fits this machine; takes as long as the start of a process."""
    quiet = subprocess.DEVNULL
    try:
        done = subprocess.run(  # noqa: S603  our own program, which ends where nobody asks anything
            command(), stdin=quiet, stdout=quiet, stderr=quiet, timeout=LIMIT_S, check=False
        )
    except subprocess.TimeoutExpired:
        return True  # a slow disk: that is another matter
    return done.returncode != probe.NO_LIBRARY


def tracks(path: str, *, speed: float, stop: Callable[[], object]) -> list[dict[str, Any]]:
    """Return MediaInfo's tracks of a file. Raises Unreadable, NoLibrary, Ended, and OSError where it cannot be opened.

    A process that was ended, or left because nobody asked for a while, is replaced and asked again.
    """
    for helper in (_take(), None):
        try:
            return _ask(helper or Helper(), path, speed=speed, stop=stop)
        except ConnectionError:
            continue
    raise Ended


def _ask(helper: Helper, path: str, *, speed: float, stop: Callable[[], object]) -> list[dict[str, Any]]:
    """Ask, and keep the process for the next question unless it is none that could be asked again."""
    try:
        found = helper.ask(path, speed=speed, stop=stop)
    except ConnectionError:
        helper.end()
        raise
    except OSError:  # of the file; the process is well
        _give_back(helper)
        raise
    except BaseException:
        helper.end()
        raise
    _give_back(helper)
    said = found.get("tracks")
    return [track for track in said if isinstance(track, dict)] if isinstance(said, list) else []


def _take() -> Helper:
    while True:
        with _lock:
            helper = _idle.pop() if _idle else None
        if helper is None:
            return Helper()
        if helper.alive():
            return helper
        helper.end()


def _give_back(helper: Helper) -> None:
    helper.asked_at = time.monotonic()
    with _lock:
        _idle.append(helper)
        _sweep_later()


def _sweep_later() -> None:
    global _sweeper  # noqa: PLW0603  one timer a process, under the lock
    if _sweeper is None:
        _sweeper = threading.Timer(IDLE_S, _sweep)
        _sweeper.daemon = True
        _sweeper.start()


def _sweep() -> None:
    """End the processes that nobody asked for a while."""
    global _sweeper  # noqa: PLW0603
    with _lock:
        _sweeper = None
        tired = [helper for helper in _idle if time.monotonic() - helper.asked_at >= IDLE_S]
        _idle[:] = [helper for helper in _idle if helper not in tired]
        if _idle:
            _sweep_later()
    for helper in tired:
        helper.end()


@atexit.register
def end_all() -> None:
    """End all that wait for a question."""
    with _lock:
        tired, _idle[:] = list(_idle), []
    for helper in tired:
        helper.end()
