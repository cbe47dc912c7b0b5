"""One library that is to be watched: its tree and what was gathered, or why it is not watched and what would help."""

from __future__ import annotations

import errno
import time
from collections.abc import Callable, Mapping
from typing import Any

from scanner.watching import inotify, mounts
from scanner.watching.gathering import Gathering
from scanner.watching.tree import Tree

AT_ONCE = 200  # folders that are added before events are read again
RETRY_S = 15
RETRY_LIMITED_S = 600  # at the same limit: others may have given some back
NOT_THERE = (errno.ENOENT, errno.ENOTDIR)
MORE = "Allow more: echo {setting} | sudo tee /etc/sysctl.d/60-mediasync.conf && sudo sysctl --system"
BY_TIME = "Nothing has to be done: timed scans find its changes"


class Watched:
    """One library: its tree while it is watched, else why it is not."""

    def __init__(self, root: str, told_of: Mapping[str, str], *, tree: Callable[..., Tree] = Tree) -> None:
        self.root = root
        self.mounts = mounts.below(root, told_of)
        self.kind = mounts.type_at(root, told_of)
        self.gathering = Gathering()
        self.tree: Tree | None = None
        self.problem = self.cure = ""
        self.fallen_out = {
            point for point, kind in self.mounts.items() if point != root and not mounts.has_events(kind)
        }
        self.was_complete = False
        self.last_event: float | None = None
        self._make = tree
        self.try_again_at = 0.0
        self._look_at_root_at = 0.0
        self._limited_at: tuple[int, float] | None = None

    def begin(self, now: float) -> None:
        """Begin to watch; what stands in the way is kept as the problem."""
        self.close()
        self.problem = self.cure = ""
        self.was_complete = False
        self.try_again_at = self._look_at_root_at = now + RETRY_S
        if not mounts.has_events(self.kind):
            self.problem = (
                f"It lies on a network file system or the like ({self.kind}), which does not tell of changes."
            )
            self.cure = BY_TIME
            return
        self._limited_at = None
        try:
            self.tree = self._make(self.root, skip=lambda path: path in self.fallen_out)
        except OSError as error:
            self.fail(error)

    def grow(self) -> None:
        """Watch some more of its folders."""
        if self.tree is not None and not self.tree.complete:
            try:
                self.tree.grow(AT_ONCE)
            except OSError as error:
                self.fail(error)

    def read(self, now: float) -> None:
        """Take in what has happened."""
        if self.tree is None:
            return
        changes = self.tree.read()
        if now >= self._look_at_root_at:
            self._look_at_root_at = now + RETRY_S
            changes.lost = changes.lost or not self.tree.is_in_place()
        if changes:
            self.last_event = time.time()
            self.gathering.add(changes.shallow, changes.deep, now=now, anywhere=changes.lost)
        if changes.lost:
            self.begin(now)  # folders may have come that nobody told of

    def fail(self, error: OSError) -> None:
        """Give all of its watches back, and say why and what would help."""
        watched = len(self.tree.folders) if self.tree else 0
        self.close()
        if error.errno in (errno.ENOSPC, errno.ENOMEM):
            limit = inotify.limit()
            self._limited_at = limit, time.monotonic()
            self.problem = (
                f"This user may watch {limit} folders in all; they were used up after {watched} of this library."
            )
            self.cure = MORE.format(setting=f"fs.inotify.max_user_watches={_wanted(limit)}")
        elif error.errno == errno.EMFILE:
            limit = inotify.limit("max_user_instances")
            self.problem = f"This user may have {limit} watchers in all, and they are used up."
            self.cure = MORE.format(setting=f"fs.inotify.max_user_instances={max(512, 2 * limit)}")
        elif error.errno in NOT_THERE:
            self.problem, self.cure = "Its folder is not there.", "Mount its disk; it is watched again by itself"
        else:
            self.problem = f"It cannot be watched: {error.strerror or error}."
            self.cure = BY_TIME

    def is_to_be_tried(self, now: float) -> bool:
        """Tell whether it is time for another try; a limit that was reached is tried once it is another one."""
        if self.tree is not None or now < self.try_again_at:
            return False
        self.try_again_at = now + RETRY_S
        if self._limited_at is not None:
            limit, at = self._limited_at
            return inotify.limit() != limit or now >= at + RETRY_LIMITED_S
        return mounts.has_events(self.kind)

    def close(self) -> None:
        """Watch it no more."""
        if self.tree is not None:
            self.tree.close()
            self.tree = None

    def state(self) -> dict[str, Any]:
        """Return how well it is watched."""
        watching = self.tree is not None and self.tree.complete
        problem, cure = self.problem, self.cure
        if watching and self.fallen_out:
            problem = f"Not watched in it: {', '.join(sorted(self.fallen_out))}, which does not tell of changes."
            cure = BY_TIME
        return {
            "watching": watching,
            "folders": len(self.tree.folders) if self.tree else 0,
            "limit": inotify.limit(),
            "problem": problem,
            "cure": cure,
            "last_event": self.last_event,
        }


def _wanted(limit: int) -> int:
    """Return a limit that leaves room: twice as much, in the usual steps."""
    return max(524_288, 2 * limit)
