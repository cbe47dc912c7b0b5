"""What tells a file on disk from another: its own numbers, or those of a disc structure as a whole (pure)."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from functools import partial

from scanner.compare import Stat

GONE = (errno.ENOENT, errno.ELOOP)  # it vanished meanwhile, or is a link that leads nowhere
MAX_INTEGER = 2**63 - 1  # of our databases; some file systems number inodes beyond it

_as_stat = partial(tuple.__new__, Stat)  # spares a call for each of a hundred thousand files


def stat_of(about: os.stat_result) -> Stat:
    """Return what tells the file apart, as our databases can hold it: dates end in 2262, some inodes lie beyond."""
    inode, mtime_ns = about.st_ino, about.st_mtime_ns
    if inode > MAX_INTEGER:
        inode -= 2**64
    if not -MAX_INTEGER < mtime_ns < MAX_INTEGER:
        mtime_ns = MAX_INTEGER
    return _as_stat((about.st_size, mtime_ns, about.st_dev, inode))


def stat_of_disc(where: str) -> Stat | None:
    """Take a disc structure as one item: the size of all its streams, the newest mtime; None where it is empty.

    Raises OSError where it cannot be read as a whole.
    """
    about = os.stat(where)  # noqa: PTH116  names that are not UTF-8 stay as they are
    inside = list(_files_below(where))
    if not inside:
        return None
    newest = max(stat_of(found).mtime_ns for found in inside)
    return stat_of(about)._replace(size=sum(found.st_size for found in inside), mtime_ns=newest)


def _files_below(folder: str) -> Iterator[os.stat_result]:
    for where, _folders, names in os.walk(folder, onerror=_raise):
        for name in names:
            try:
                yield os.stat(f"{where}/{name}")  # noqa: PTH116  names that are not UTF-8 stay as they are
            except OSError as error:  # a link to nowhere must not make a whole disc vanish
                if error.errno not in GONE:
                    raise


def _raise(error: OSError) -> None:
    raise error


def is_there(name: str, folder: int) -> bool:
    """Say whether there is something of this name in an open folder, be it a link."""
    try:
        os.stat(name, dir_fd=folder, follow_symlinks=False)
    except OSError:
        return False
    return True
