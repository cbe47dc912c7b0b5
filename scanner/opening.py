"""Opening what others made: regular files only, so that no pipe, device or folder is ever taken for one."""

from __future__ import annotations

import os
import stat
from io import FileIO

FLAGS = os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK  # opening a pipe must not wait for its writer


def open_regular(path: str, *, folder: int | None = None) -> FileIO | None:
    """Open a regular file unbuffered, `path` relative to an open `folder` if given; None for anything else.

    Raises OSError where it cannot be opened.
    """
    handle = os.open(path, FLAGS, dir_fd=folder)
    if not stat.S_ISREG(os.fstat(handle).st_mode):
        os.close(handle)  # FileIO would refuse a folder and leave it open
        return None
    return FileIO(handle)
