"""The kernel's inotify: one instance, the folders it watches, and what happens in them (Linux)."""

from __future__ import annotations

import ctypes
import os
import struct
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

CLOSE_WRITE, MOVED_FROM, MOVED_TO, CREATE, DELETE = 0x8, 0x40, 0x80, 0x100, 0x200
DELETE_SELF, MOVE_SELF, UNMOUNT, OVERFLOW, IGNORED, IS_FOLDER = 0x400, 0x800, 0x2000, 0x4000, 0x8000, 0x40000000
_ONLY_FOLDERS, _NOT_UNLINKED = 0x01000000, 0x04000000
# Not IN_MODIFY: a copy of five minutes shall be heard once, at its end.
EVENTS = CLOSE_WRITE | MOVED_FROM | MOVED_TO | CREATE | DELETE | _ONLY_FOLDERS | _NOT_UNLINKED
_HEAD = struct.Struct("iIII")
_AT_ONCE = 256 << 10
# Of the machine, and of a container's own users; the names differ.
_LIMITS = {
    "max_user_watches": ("/proc/sys/fs/inotify/max_user_watches", "/proc/sys/user/max_inotify_watches"),
    "max_user_instances": ("/proc/sys/fs/inotify/max_user_instances", "/proc/sys/user/max_inotify_instances"),
}


class Event(NamedTuple):
    """What happened to `name` in a watched folder; `cookie` is the same at both ends of a rename."""

    watch: int
    mask: int
    cookie: int
    name: str


class Inotify:
    """An instance; raises OSError where the kernel has none, or no more for this user (EMFILE)."""

    def __init__(self) -> None:
        if sys.platform != "linux":
            raise OSError("this system has no inotify")
        self._kernel = ctypes.CDLL(None, use_errno=True)
        self.handle: int = self._called(self._kernel.inotify_init1(os.O_NONBLOCK | os.O_CLOEXEC), "")

    def add(self, path: str, *, more: int = 0) -> int:
        """Watch a folder and return its number; the same again for one that is watched. Raises OSError (ENOSPC)."""
        return self._called(self._kernel.inotify_add_watch(self.handle, os.fsencode(path), EVENTS | more), path)

    def remove(self, watch: int) -> None:
        """Watch a folder no more; that it is gone already does not matter."""
        self._kernel.inotify_rm_watch(self.handle, watch)

    def read(self) -> Iterator[Event]:
        """Yield what has happened since the last time, without waiting."""
        try:
            waiting = os.read(self.handle, _AT_ONCE)
        except BlockingIOError:
            return
        at = 0
        while at < len(waiting):
            watch, mask, cookie, length = _HEAD.unpack_from(waiting, at)
            at += _HEAD.size + length
            yield Event(watch, mask, cookie, os.fsdecode(waiting[at - length : at].rstrip(b"\0")))

    def close(self) -> None:
        """Watch nothing any more."""
        os.close(self.handle)

    def _called(self, result: int, path: str) -> int:
        if result < 0:
            code = ctypes.get_errno()
            raise OSError(code, os.strerror(code), path)
        return result


def limit(name: str = "max_user_watches") -> int:
    """Return how many folders (or instances) this user may watch in all; 0 where nobody tells."""
    return min((found for path in _LIMITS[name] if (found := _number_in(path))), default=0)


def _number_in(path: str) -> int:
    try:
        return int(Path(path).read_text(encoding="ascii"))
    except (OSError, ValueError):
        return 0
