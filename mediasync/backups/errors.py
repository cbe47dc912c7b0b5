"""What can go wrong with a backup: each text is a sentence for a person."""

from __future__ import annotations

import errno
import sqlite3

FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}


class BackupError(Exception):
    """A backup could not be made or used; the text says why, and what would help."""


class NoRoom(BackupError):
    """The disk is full."""


class Unusable(BackupError):
    """A file is no backup, is damaged, or is not for this version."""


class InUse(BackupError):
    """Something still works on the data that is to be replaced."""


def is_full(error: BaseException) -> bool:
    """Tell whether an error means that the disk is full."""
    if isinstance(error, sqlite3.Error):
        return "is full" in str(error)
    return isinstance(error, OSError) and error.errno in FULL
