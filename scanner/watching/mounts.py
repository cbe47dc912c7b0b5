"""File systems whose changes come without events: what lies where, as the kernel's list of mounts says (pure)."""

from __future__ import annotations

import re
from collections.abc import Mapping

LIST = "/proc/self/mountinfo"
# Changed by other machines, which no event tells.
NETWORKS = frozenset(
    {"nfs", "nfs4", "cifs", "smb3", "smbfs", "9p", "afs", "ceph", "glusterfs", "lustre", "ncpfs", "coda", "gfs2"}
    | {"ocfs2", "virtiofs", "vboxsf", "vmhgfs", "prl_fs", "beegfs", "davfs", "drvfs", "acfs"}
)
# What FUSE brings that changes only by way of this mount.
OF_THIS_MACHINE = frozenset(
    {"fuseblk", "fuse.mergerfs", "fuse.unionfs", "fuse.bindfs", "fuse.ntfs-3g", "fuse.gocryptfs"}
)
_OCTAL = re.compile(r"\\([0-7]{3})")


def parse(text: str) -> dict[str, str]:
    """Return {mount point: type} of a mountinfo; of several at one point the last, which is on top."""
    found = {}
    for line in text.splitlines():
        front, _, back = line.partition(" - ")
        parts = front.split(" ")
        if len(parts) > 4 and back:
            found[_OCTAL.sub(lambda code: chr(int(code[1], 8)), parts[4])] = back.split(" ")[0]
    return found


def type_at(path: str, mounts: Mapping[str, str]) -> str:
    """Return the type of the file system on which a path lies."""
    while path and path not in mounts:
        path = path.rpartition("/")[0]
    return mounts.get(path or "/", "")


def below(path: str, mounts: Mapping[str, str]) -> dict[str, str]:
    """Return the mounts at or below a path: where they change, what lies there is another."""
    top = path.rstrip("/")
    return {point: kind for point, kind in mounts.items() if point == top or point.startswith(f"{top}/")}


def has_events(kind: str) -> bool:
    """Return whether all changes on a file system of this type are told."""
    if kind in NETWORKS or kind.partition(".")[0] in NETWORKS:
        return False
    return not kind.startswith("fuse") or kind in OF_THIS_MACHINE
