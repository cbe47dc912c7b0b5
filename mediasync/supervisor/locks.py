"""Files whose lock says that only one of something runs on this data directory."""

from __future__ import annotations

import fcntl
import os
import time
from pathlib import Path

PATIENCE_S = 3  # for the children of a killed process to be gone


class Taken(Exception):
    """Another process holds the lock; the text says which."""


def take(path: Path, what: str, *, patience: float = PATIENCE_S) -> int:
    """Lock `path` until this process and its forks end; returns the descriptor that holds it.

    Raises `Taken` naming the process that has it after `patience` seconds.
    """
    handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    end = time.monotonic() + patience
    while not _locked(handle):
        if time.monotonic() >= end:
            pid = os.read(handle, 20).decode("ascii", "replace").strip() or "unknown"
            os.close(handle)
            raise Taken(f"{what} already runs on {path.parent} (process {pid}). Stop it first.")
        time.sleep(0.1)
    os.ftruncate(handle, 0)
    os.pwrite(handle, f"{os.getpid()}\n".encode(), 0)
    return handle


def _locked(handle: int) -> bool:
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
