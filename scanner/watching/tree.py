"""The watched folders of one library: added step by step, followed through renames, and what happens in them."""

from __future__ import annotations

import errno
import os
import stat
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from scanner.filenames.media import VIDEO_EXTENSIONS, is_disc_folder, is_ignored_name
from scanner.ignoring import IGNORE_FILES
from scanner.watching import inotify
from scanner.watching.inotify import Event, Inotify

OUR_OWN = ".mediasync-"  # how files begin that we write before they get their name
PICTURES = frozenset(("jpg", "jpeg", "png", "webp", "tbn"))
COMES, GOES = inotify.CREATE | inotify.MOVED_TO, inotify.DELETE | inotify.MOVED_FROM
WRITTEN = inotify.CLOSE_WRITE | inotify.MOVED_TO
OF_THE_ROOT = inotify.DELETE_SELF | inotify.MOVE_SELF


@dataclass(slots=True)
class Changes:
    """Folders in which something happened, and those to be looked at with all below them."""

    shallow: set[str] = field(default_factory=set)
    deep: set[str] = field(default_factory=set)
    lost: bool = False  # events are missing, or the root itself has moved: all has to be looked at anew
    left: set[str] = field(default_factory=set)  # folders that are no longer where they are watched

    def __bool__(self) -> bool:
        return bool(self.shallow or self.deep or self.lost)


class Tree:
    """The folders of a library that are watched; paths are relative, as `os` takes them ("" is the root).

    `skip(path)` tells of folders that are not to be watched. Raises OSError: ENOSPC and EMFILE where the
    user's limits are reached, ENOENT and the like where the root is not there.
    """

    def __init__(self, root: str, *, skip: Callable[[str], bool], instance: Callable[[], Inotify] = Inotify) -> None:
        self.root = root
        self.folders: dict[int, str] = {}
        self._links: set[str] = set()
        self._skip = skip
        self._ahead: deque[str] = deque()
        self._ours = 0
        self._real = os.path.realpath(root)
        self._kernel = instance()
        try:
            self._root = _identity(root)
            self._watch("", more=OF_THE_ROOT)
        except OSError:
            self.close()
            raise

    @property
    def handle(self) -> int:
        """The descriptor that becomes readable when something happens."""
        return self._kernel.handle

    @property
    def complete(self) -> bool:
        """Whether all folders are watched that are there."""
        return not self._ahead

    def close(self) -> None:
        """Watch nothing of it any more."""
        self._kernel.close()

    def grow(self, most: int) -> None:
        """Watch up to so many more of the folders that are still ahead."""
        while self._ahead and most:
            most -= 1
            try:
                self._watch(self._ahead.popleft())
            except OSError as error:
                if error.errno in (errno.ENOSPC, errno.ENOMEM):
                    raise

    def read(self) -> Changes:
        """Return what has happened since the last time."""
        found = Changes()
        for event in self._kernel.read():
            self._take(event, found)
        if found.left:
            self._forget(found.left)
        return found

    def is_in_place(self) -> bool:
        """Return whether the root is still the folder that is watched: one above it may have been renamed."""
        try:
            return _identity(self.root) == self._root
        except OSError:
            return False

    def _where(self, path: str) -> str:
        return f"{self.root}/{path}" if path else self.root

    def _watch(self, path: str, *, more: int = 0) -> None:
        """Watch a folder and put those below it ahead; the watch comes first, so that none slips through."""
        number = self._kernel.add(self._where(path), more=more)
        if number in self.folders and self.folders[number] != path and self._is_there(self.folders[number]):
            return  # a link to what is watched already
        self.folders[number] = path
        with os.scandir(self._where(path)) as entries:
            for entry in entries:
                below = f"{path}/{entry.name}" if path else entry.name
                if entry.is_dir(follow_symlinks=False) or (entry.is_symlink() and self._leads_out(below)):
                    self._put_ahead(below)

    def _is_there(self, path: str) -> bool:
        return os.path.isdir(self._where(path))  # noqa: PTH112  names that are not UTF-8 stay as they are

    def _put_ahead(self, path: str) -> None:
        if not is_ignored_name(path.rpartition("/")[2], is_dir=True) and not self._skip(self._where(path)):
            self._ahead.append(path)

    def _leads_out(self, path: str) -> bool:
        """Return whether a link leads to a folder outside of the library, which then belongs to it."""
        target = os.path.realpath(self._where(path))
        inside = target == self._real or target.startswith(f"{self._real}/")
        if inside or self._real.startswith(f"{target.rstrip('/')}/") or not self._is_there(path):
            return False
        self._links.add(path)
        return True

    def _take(self, event: Event, found: Changes) -> None:
        if event.mask & (inotify.OVERFLOW | inotify.UNMOUNT):
            found.lost = True
            return
        folder = self.folders.get(event.watch)
        if folder is None:
            return
        if event.mask & OF_THE_ROOT:
            found.lost = found.lost or not folder
        elif event.mask & inotify.IGNORED:
            del self.folders[event.watch]
        elif event.mask & inotify.IS_FOLDER:
            self._folder(event, folder, found)
        else:
            self._file(event, folder, found)

    def _folder(self, event: Event, folder: str, found: Changes) -> None:
        """A folder came or went: what lies below it came or went along."""
        if is_ignored_name(event.name, is_dir=True):
            return
        path = f"{folder}/{event.name}" if folder else event.name
        if event.mask & inotify.MOVED_FROM:
            found.left.add(path)  # of what was deleted the kernel lets go by itself
        elif event.mask & COMES:
            self._put_ahead(path)
        elif not event.mask & inotify.DELETE:
            return
        disc = _disc_above(path)
        (found.deep if disc is None else found.shallow).add(path if disc is None else disc)

    def _forget(self, tops: set[str]) -> None:
        """Let go of folders and all below them: of many in one pass, for there may be 100,000 in all."""
        gone = [number for number, path in self.folders.items() if any(each in tops for each in _upwards(path))]
        for number in gone:
            self._kernel.remove(number)
            del self.folders[number]

    def _file(self, event: Event, folder: str, found: Changes) -> None:
        name, mask = event.name, event.mask
        if name.startswith(OUR_OWN):
            self._ours = event.cookie if mask & inotify.MOVED_FROM else self._ours
            return
        disc = _disc_above(folder)
        suffix = name[name.rfind(".") + 1 :].lower()
        if name in IGNORE_FILES:
            found.deep.add(folder)  # it holds for everything below
        elif disc is not None:
            found.shallow.add(disc)
        elif name[0] == "." and name != ".plexmatch":
            return
        elif suffix in VIDEO_EXTENSIONS:
            if not mask & inotify.CREATE or self._is_whole(folder, name):
                found.shallow.add(folder)
        elif suffix == "nfo" or suffix in PICTURES or name == ".plexmatch":
            if mask & WRITTEN and not (event.cookie and event.cookie == self._ours):
                found.shallow.add(folder)
        elif mask & (COMES | GOES):
            self._link(f"{folder}/{name}" if folder else name, found, comes=bool(mask & COMES))

    def _is_whole(self, folder: str, name: str) -> bool:
        """Return whether what was created is all there: a link. Of others the end of the writing is told."""
        try:
            about = os.lstat(self._where(f"{folder}/{name}"))
        except OSError:
            return False
        return stat.S_ISLNK(about.st_mode) or about.st_nlink > 1

    def _link(self, path: str, found: Changes, *, comes: bool) -> None:
        """A link to a folder counts as a folder; other files without a meaning do not count at all."""
        if not comes and path in self._links:
            self._links.discard(path)
            found.left.add(path)
            found.deep.add(path)
        elif comes and os.path.islink(self._where(path)) and self._leads_out(path):  # noqa: PTH114  as above
            self._put_ahead(path)
            found.deep.add(path)


def _identity(path: str) -> tuple[int, int]:
    found = os.stat(path)  # noqa: PTH116  as above
    return found.st_dev, found.st_ino


def _upwards(path: str) -> Iterator[str]:
    while path:
        yield path
        path = path.rpartition("/")[0]


def _disc_above(folder: str) -> str | None:
    """Return the folder that holds the disc structure in which a folder lies; None where it lies in none."""
    parts = folder.split("/")
    at = next((number for number, name in enumerate(parts) if is_disc_folder(name)), None)
    return None if at is None else "/".join(parts[:at])
