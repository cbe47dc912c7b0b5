"""The log file that several processes write at once: whole lines by single appends, turned over under a lock."""

from __future__ import annotations

import fcntl
import logging
import os
from contextlib import suppress
from pathlib import Path

from mediasync.logs import lines

NAME, LOCK = "mediasync.log", ".lock"
MOST_BYTES, KEEP = 5 << 20, 5


class SharedFile(logging.Handler):
    """Appends each record with one write; follows a file that another process has turned over.

    A full disk, a folder that is gone: the line is lost here (standard error still has it), nothing else happens.
    """

    def __init__(self, folder: str | Path, *, most_bytes: int = MOST_BYTES, keep: int = KEEP) -> None:
        super().__init__()
        self._folder, self._most, self._keep = Path(folder), most_bytes, keep
        self._handle: int | None = None
        self._torn = False

    def emit(self, record: logging.LogRecord) -> None:
        """Write one line."""
        try:
            self._write(lines.encode(record))
        except OSError:
            self.close_file()

    def close(self) -> None:
        """Close the file."""
        self.close_file()
        super().close()

    def close_file(self) -> None:
        """Forget the file; the next line opens it anew."""
        handle, self._handle = self._handle, None
        if handle is not None:
            with suppress(OSError):
                os.close(handle)

    def _write(self, line: bytes) -> None:
        handle = self._opened()
        if os.fstat(handle).st_size + len(line) > self._most:
            self._turn_over()
            handle = self._opened()
        if self._torn:
            line = b"\n" + line
        written = os.write(handle, line)
        self._torn = written < len(line)  # the disk is full: what follows begins a line of its own

    def _opened(self) -> int:
        """Return the file under its name now."""
        path = self._folder / NAME
        if self._handle is not None:
            mine = os.fstat(self._handle)
            try:
                there = path.stat()
            except FileNotFoundError:
                there = None
            if there is not None and (there.st_ino, there.st_dev) == (mine.st_ino, mine.st_dev):
                return self._handle
            self.close_file()
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._handle = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC, 0o600)
        return self._handle

    def _turn_over(self) -> None:
        """Rename the files up by one; who is late finds it done, who still holds the old one writes to its end."""
        lock = os.open(self._folder / LOCK, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX)
            path = self._folder / NAME
            if not path.exists() or path.stat().st_size < self._most // 2:
                return
            for number in range(self._keep - 1, 0, -1):
                with suppress(FileNotFoundError):
                    self._numbered(number).replace(self._numbered(number + 1))
            path.replace(self._numbered(1))
        finally:
            os.close(lock)

    def _numbered(self, number: int) -> Path:
        return self._folder / f"{NAME}.{number}"
