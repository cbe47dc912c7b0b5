"""The process that looks into files: paths come in by standard input, what is inside goes out, a line each.

It knows neither Django nor the rest of mediasync, and may die: a broken file takes nobody with it.
Run as `python -I -S probe.py SITE_PACKAGES`; ends when nothing was asked for a while.
"""

from __future__ import annotations

import json
import os
import resource
import select
import signal
import sys
from io import FileIO
from typing import Any

IDLE_S = 30  # without a question; who asks usually ends it sooner
LIMIT_S = 60  # for one file; past it the kernel ends the process, whatever the library is doing
READ_MOST = 256 << 20  # bytes of one file
MEMORY_MOST = 1 << 30
BLOCK = 1 << 16
NICE = 10  # nobody waits for this, and pages share the machine
NO_LIBRARY = 3  # the exit code that says so


class Bounded:
    """A file of which no more than `READ_MOST` bytes are read in all."""

    def __init__(self, file: FileIO) -> None:
        self._file = file
        self._left = READ_MOST

    def read(self, size: int) -> bytes:
        """Return the next bytes; none once too many were read."""
        data = self._file.read(min(size, self._left)) or b""
        self._left -= len(data)
        return data

    def seek(self, place: int, whence: int = 0) -> int:
        """Go elsewhere."""
        return self._file.seek(place, whence)

    def tell(self) -> int:
        """Say where we are."""
        return self._file.tell()


def main() -> None:
    """Answer until nobody asks any more."""
    sys.path.insert(0, sys.argv[1])
    try:
        from pymediainfo import MediaInfo  # noqa: PLC0415  only this process has it on its path
    except ImportError:
        sys.exit(NO_LIBRARY)

    if not MediaInfo.can_parse():
        sys.exit(NO_LIBRARY)
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_MOST, MEMORY_MOST))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    os.nice(NICE)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # of a terminal: who asked decides when it ends
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    while select.select([sys.stdin], [], [], IDLE_S)[0]:
        question = sys.stdin.readline()
        if not question:
            return
        asked = json.loads(question)
        signal.alarm(LIMIT_S)
        answer = _look(MediaInfo, os.fsencode(asked["path"]), asked["speed"])
        signal.alarm(0)
        sys.stdout.write(json.dumps(answer) + "\n")
        sys.stdout.flush()


def _look(library: Any, path: bytes, speed: float) -> dict[str, Any]:
    try:
        with FileIO(os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)) as file:
            said = library.parse(Bounded(file), output="JSON", parse_speed=speed, buffer_size=BLOCK)
    except OSError as error:
        return {"errno": error.errno or 0, "error": error.strerror or str(error)}
    try:
        tracks = json.loads(said)["media"]["track"]
    except (ValueError, KeyError, TypeError):
        tracks = []
    return {"tracks": tracks}


if __name__ == "__main__":
    main()
