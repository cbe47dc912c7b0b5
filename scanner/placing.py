"""Putting a file beside the media: inside the library, only over what is ours, and whole or not at all."""

from __future__ import annotations

import enum
import errno
import hashlib
import io
import os
import stat
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from scanner.opening import open_regular

READ_MAX = 32 << 20
ROOM = 1 << 20  # bytes; less is as good as full
NAME_MAX = 255  # bytes, of nearly every file system


class Placed(enum.Enum):
    """What became of a file that was to be placed."""

    WRITTEN = "written"
    SAME = "same"
    FOREIGN = "foreign"
    IMPOSSIBLE = "impossible"


def put(path: str, data: bytes, *, root: str, ours: Callable[[bytes], bool], last_look: Callable[[], object]) -> Placed:
    """Write `data` to `path` if it is absent or `ours` says so of what is there; bytes that are equal stay.

    Nothing is written through a link, nor where a linked folder leads out of `root`. `last_look` is
    called right before the file appears and raises where that must not happen any more. Raises OSError.
    """
    folder, name = os.path.split(path)
    if len(os.fsencode(name)) > NAME_MAX or not is_inside(folder, root):
        return Placed.IMPOSSIBLE
    there = _what_is_there(path)
    if isinstance(there, Placed):
        return there
    if there is not None and there == data:
        return Placed.SAME
    if there is not None and not ours(there):
        return Placed.FOREIGN
    write_whole(path, data, last_look=last_look)
    return Placed.WRITTEN


def remove(path: str, *, root: str, ours: Callable[[bytes], bool]) -> bool:
    """Delete a file if `ours` says so of what is in it; links, folders and what lies outside of `root` stay.

    Returns whether it was deleted. Raises OSError.
    """
    if not is_inside(os.path.dirname(path), root):  # noqa: PTH120  names that are not UTF-8 stay as they are
        return False
    there = _what_is_there(path)
    if not isinstance(there, bytes) or not ours(there):
        return False
    Path(path).unlink(missing_ok=True)
    return True


def read(path: str, *, most: int = READ_MAX) -> bytes | None:
    """Return the body of a regular file of at most `most` bytes, None for anything else."""
    try:
        file = open_regular(path)
        if file is None:
            return None
        with io.BufferedReader(file) as whole:
            return whole.read(most) if os.fstat(whole.fileno()).st_size <= most else None
    except OSError:
        return None


def write_whole(path: str, data: bytes, *, last_look: Callable[[], object] = bool) -> None:
    """Write by way of a dot-file in the same folder, so that nobody ever sees half of it.

    The dot-file's name follows from the path: a repeat after a kill writes over the leftover.
    """
    folder, name = os.path.split(path)
    scratch = Path(folder) / f".mediasync-{hashlib.sha256(os.fsencode(name)).hexdigest()[:12]}.tmp"
    scratch.unlink(missing_ok=True)
    try:
        handle = os.open(scratch, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC, 0o666)
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        last_look()
        scratch.replace(path)
    except BaseException:
        with suppress(OSError):
            scratch.unlink(missing_ok=True)
        raise


def is_inside(folder: str, root: str) -> bool:
    """Say whether a folder really lies in the library, links followed."""
    real, real_root = os.path.realpath(folder), os.path.realpath(root)
    return real == real_root or real.startswith(real_root.rstrip("/") + "/")


def obstacle(folder: str) -> OSError | None:
    """Return why nothing of some size can be written into a folder, as far as that shows without trying."""
    try:
        system = os.statvfs(folder)
    except OSError:
        return None  # gone, or no file system that tells; trying will tell
    code = 0
    if system.f_flag & os.ST_RDONLY:
        code = errno.EROFS
    elif not os.access(folder, os.W_OK | os.X_OK):
        code = errno.EACCES
    elif system.f_blocks and system.f_bavail * system.f_frsize < ROOM:
        code = errno.ENOSPC
    return OSError(code, os.strerror(code), folder) if code else None


def lasts(error: OSError) -> bool:
    """Say whether trying again later brings nothing: no right to write, or a read-only file system."""
    return error.errno in (errno.EROFS, errno.EACCES, errno.EPERM)


def _what_is_there(path: str) -> bytes | Placed | None:
    """Return the body of our kind of file; FOREIGN for links, folders and whatever else; None for nothing."""
    try:
        mode = os.lstat(path).st_mode  # of a link itself
    except FileNotFoundError:
        return None
    body = read(path) if stat.S_ISREG(mode) else None
    return Placed.FOREIGN if body is None else body
