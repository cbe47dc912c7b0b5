"""What lies under a path: the kind of its file system, its room, whether it can be read and written."""

from __future__ import annotations

import errno
import os
import secrets
import threading
from pathlib import Path
from typing import Any

import psutil
from django.utils.translation import gettext as _

REMOTE = {"nfs", "nfs4", "cifs", "smb3", "smbfs", "9p", "fuse.sshfs", "fuse.rclone", "afpfs", "davfs", "fuse.davfs2"}
SILENT = {*REMOTE, "vboxsf", "virtiofs", "fuse", "fuse.mergerfs", "fuse.unionfs"}  # others' changes are not announced
PATIENCE_S = 5.0  # a share whose server is gone lets nobody go


def kind_at(path: str) -> str:
    """Return the type of the file system that `path` lies on; empty where that cannot be told."""
    where = os.path.realpath(path)
    mounts = [part for part in psutil.disk_partitions(all=True) if _holds(part.mountpoint, where)]
    return str(max(mounts, key=lambda part: len(part.mountpoint)).fstype) if mounts else ""


def _holds(mount: str, path: str) -> bool:
    return path == mount or path.startswith(mount.rstrip("/") + "/")


def size_of(path: str | Path) -> int:
    """Return a file's size in bytes, 0 where there is none."""
    try:
        return Path(path).stat().st_size
    except OSError:
        return 0


def look_at(path: str, *, write: bool) -> dict[str, Any]:
    """Return how a folder is, within five seconds: `problem`, `empty`, `real`, `fs`, `free`, `total`, `write_problem`.

    With `write` a file is made and removed there; otherwise only its rights are read.
    """
    found: dict[str, Any] = {}
    looking = threading.Thread(target=_look, args=(path, write, found), daemon=True)
    looking.start()
    looking.join(PATIENCE_S)
    return dict(found) if "problem" in found else {"problem": _("it does not answer within %d s") % PATIENCE_S}


def _look(path: str, write: bool, found: dict[str, Any]) -> None:
    seen: dict[str, Any] = {"real": os.path.realpath(path), "fs": kind_at(path)}
    problem = ""
    try:
        with os.scandir(path) as entries:
            seen["empty"] = next((entry for entry in entries if not entry.name.startswith(".mediasync-")), None) is None
        room = os.statvfs(path)
        seen |= {"free": room.f_bavail * room.f_frsize, "total": room.f_blocks * room.f_frsize}
        seen["write_problem"] = _write_problem(path) if write else _rights(path, room)
    except OSError as error:
        problem = error.strerror or str(error)
    found.update(seen)
    found["problem"] = problem  # last: who waits takes it for the end


def _rights(path: str, room: os.statvfs_result) -> str:
    if room.f_flag & os.ST_RDONLY:
        return os.strerror(errno.EROFS)
    return "" if os.access(path, os.W_OK | os.X_OK) else os.strerror(errno.EACCES)


def _write_problem(path: str) -> str:
    """Make a file that nobody takes for media, and remove it again."""
    probe = os.path.join(path, f".mediasync-{secrets.token_hex(6)}.tmp")  # noqa: PTH118  names that are not UTF-8
    try:
        handle = os.open(probe, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
        try:
            os.write(handle, b"mediasync looks whether it can write here\n")
        finally:
            os.close(handle)
            os.unlink(probe)  # noqa: PTH108  names that are not UTF-8
    except OSError as error:
        return error.strerror or str(error)
    return ""
