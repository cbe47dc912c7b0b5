"""The walk: every video below a root with size, mtime and inode, nothing opened but ignore files."""

from __future__ import annotations

import errno
import os
import stat
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial

from scanner.compare import Stat
from scanner.filenames import VIDEO_EXTENSIONS, is_ignored_name
from scanner.ignoring import IGNORE_FILES, Rules, read_rules
from scanner.paths import to_text

DISC_FOLDERS = {"bdmv", "video_ts", "hvdvd_ts"}
IS_WHAT = 0o170000  # the bits of a mode that tell files from folders
FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC
FOLDERS_BETWEEN_REPORTS = 64
MAX_DEPTH = 60
MOST_PARTS = 50  # top folders that are reckoned with one by one; more are alike
SAMPLE = 30  # folders
A_FOLDER = 50.0  # files: on a disk slow enough for anybody to wait, opening folders is what takes the time
GONE = (errno.ENOENT, errno.ELOOP)  # it vanished meanwhile, or is a link that leads nowhere
MAX_INTEGER = 2**63 - 1  # of our databases; some file systems number inodes beyond it


Found = tuple[str, str, Rules]  # a folder: its path for `os`, its stored path, what is to be left alone in it


@dataclass(slots=True, eq=False)
class Level:
    """What was seen of the folders at one depth below one part of a library, to reckon with the rest."""

    folders: int = 0
    videos: int = 0
    children: int = 0
    below: Level | None = None

    def deeper(self) -> Level:
        """Return the level of their subfolders."""
        if self.below is None:
            self.below = Level()
        return self.below

    def cost(self) -> float:
        """Return what a folder here takes with all below it, in files."""
        if not self.folders:
            return A_FOLDER
        below = self.below.cost() if self.below and self.children else 0.0
        return A_FOLDER + (self.videos + self.children * below) / self.folders

    def ahead(self) -> float:
        """Return what the folders still ahead below here take; those at this level are all done or counted above."""
        if self.below is None:
            return 0.0
        return max(0, self.children - self.below.folders) * self.below.cost() + self.below.ahead()


@dataclass(slots=True)
class Listing:
    """What a walk found; paths are stored text, relative to the root.

    `notes`: newest mtime of the NFO-like files of a folder. `unreadable`: folder, or file, -> why.
    """

    files: dict[str, Stat] = field(default_factory=dict)
    folders: int = 0
    notes: dict[str, int] = field(default_factory=dict)
    unreadable: dict[str, str] = field(default_factory=dict)
    root_problem: str = ""


def walk(root: str, *, seen: Callable[[Walker], None] = lambda _walker: None) -> Listing:
    """List every video file below `root` (a path for `os`), following links but no loops.

    `seen(walker)` is called now and then and may raise to end the walk.
    What cannot be read is reported in the listing, never raised.
    """
    walker = Walker(root)
    steps = 0
    while walker.ahead:
        walker.step()
        steps += 1
        if not steps % FOLDERS_BETWEEN_REPORTS:
            seen(walker)
    return walker.listing


Step = tuple[str, str, Rules, Level]  # a folder ahead, and the level it counts for


class Walker:
    """The folders still ahead, and what was found behind."""

    def __init__(self, root: str) -> None:
        self.root = root
        self.listing = Listing()
        self.top = Level(children=1)
        self.parts: list[Level] = [self.top]
        self.ahead: deque[Step] = deque([("", "", Rules(), self.top.deeper())])
        self.linked: set[tuple[int, int]] = set()
        self.at = ""

    def step(self) -> None:
        """Take in the next folder."""
        native, self.at, rules, level = self.ahead.pop()
        level.folders += 1
        where = f"{self.root}/{native}" if native else self.root
        try:
            handle = os.open(where, FOLDER)
        except OSError as error:
            self.trouble(error)
            return
        try:
            self.folder(handle, native, rules, level)
        except OSError as error:
            self.trouble(error)
        finally:
            os.close(handle)

    def trouble(self, error: OSError) -> None:
        """Report a folder that cannot be read; one that went away meanwhile is simply gone."""
        reason = error.strerror or type(error).__name__
        if not self.at:
            self.listing.root_problem = reason
        else:
            self.lost(self.at, error)

    def lost(self, path: str, error: OSError) -> None:
        """Report what cannot be looked at; what vanished meanwhile, or is a link to nowhere, is simply gone."""
        if error.errno not in GONE:
            self.listing.unreadable[path] = error.strerror or type(error).__name__

    def folder(self, handle: int, native: str, rules: Rules, level: Level) -> None:
        """Take in one open folder and note those below it."""
        self.listing.folders += 1
        videos, folders, told = [], [], set()
        with os.scandir(handle) as found:
            for entry in found:
                name = entry.name
                if name[0] == ".":
                    told.add(name)
                elif entry.is_dir(follow_symlinks=False):
                    folders.append(entry)
                elif (suffix := name[name.rfind(".") + 1 :].lower()) in VIDEO_EXTENSIONS:
                    videos.append(entry)
                elif suffix == "nfo":
                    self.note(entry.name, handle)
                elif entry.is_symlink() and self.is_folder(entry):
                    folders.append(entry)
        if told:
            rules = self.told(handle, told, rules)
            if rules.everything:
                return
        for entry in videos:
            self.video(entry, native, rules)
        level.videos += len(videos)
        self.put_ahead([step for entry in folders if (step := self.subfolder(entry, native, rules))], level)

    def put_ahead(self, found: Sequence[Found], level: Level) -> None:
        """Have these folders walked next; of each top folder first a sample, so that `share` knows all parts early."""
        if not self.at and len(found) <= MOST_PARTS:
            self.parts = [Level(children=1) for _folder in found]
            self.ahead.extend((*step, part.deeper()) for step, part in zip(found, self.parts, strict=True))
            return
        level.children += len(found)
        steps = [(*step, level.deeper()) for step in found]
        sample = len(steps) if "/" in self.at or not self.at else SAMPLE
        self.ahead.extend(steps[:sample])
        self.ahead.extendleft(steps[sample:])

    def share(self) -> float:
        """Return about how much of the walk is done, from 0 to 1."""
        done = A_FOLDER * self.listing.folders + len(self.listing.files)
        return done / (done + sum(part.ahead() for part in self.parts))

    def told(self, handle: int, names: set[str], rules: Rules) -> Rules:
        """Read what dot files of the folder tell: what to leave alone, and what a show is."""
        if ".plexmatch" in names:
            self.note(".plexmatch", handle)
        ignore_files = names & IGNORE_FILES
        return read_rules(handle, self.at, ignore_files, rules) if ignore_files else rules

    def path_of(self, name: str) -> str:
        """Return the stored path of an entry of the current folder."""
        text = name if name.isascii() and "\\" not in name else to_text(name)
        return f"{self.at}/{text}" if self.at else text

    def video(self, entry: os.DirEntry[str], native: str, rules: Rules) -> None:
        """Take in a video, unless it is ignored or has gone in between."""
        path = self.path_of(entry.name)
        if rules.patterns and rules.ignores(path, is_dir=False):
            return
        try:
            about = entry.stat()
        except OSError as error:
            self.lost(path, error)
            return
        if about.st_mode & IS_WHAT == stat.S_IFREG:
            self.listing.files[path] = stat_of(about)
        elif stat.S_ISDIR(about.st_mode):  # a link to a folder that is called like a video
            step = self.subfolder(entry, native, rules)
            self.ahead.extend([(*step, Level())] if step else [])

    def note(self, name: str, handle: int) -> None:
        """Remember when the folder's NFO-like files last changed."""
        try:
            when = os.stat(name, dir_fd=handle).st_mtime_ns
        except OSError:
            return
        self.listing.notes[self.at] = max(when, self.listing.notes.get(self.at, 0))

    def subfolder(self, entry: os.DirEntry[str], native: str, rules: Rules) -> Found | None:
        """Return the folder as a step ahead; a disc structure is taken in at once."""
        path = self.path_of(entry.name)
        if is_ignored_name(entry.name, is_dir=True) or (rules.patterns and rules.ignores(path, is_dir=True)):
            return None
        below = f"{native}/{entry.name}" if native else entry.name
        if below.count("/") >= MAX_DEPTH:
            self.listing.unreadable[path] = f"it lies more than {MAX_DEPTH} folders deep"
            return None
        if entry.name.lower() in DISC_FOLDERS:
            self.disc(f"{self.root}/{below}", path)
            return None
        try:
            again = entry.is_symlink() and self.leads_back(f"{self.root}/{below}")
        except OSError as error:
            self.lost(path, error)
            return None
        return None if again else (below, path, rules)

    def is_folder(self, entry: os.DirEntry[str]) -> bool:
        """Return whether a link leads to a folder; one that leads nowhere or in circles does not."""
        try:
            return entry.is_dir()
        except OSError as error:
            self.lost(self.path_of(entry.name), error)
            return False

    def leads_back(self, where: str) -> bool:
        """Return whether a link leads into the library itself or where another link led before."""
        root = os.path.realpath(self.root)
        target = os.path.realpath(where)
        if target == root or target.startswith(f"{root}/") or root.startswith(f"{target.rstrip('/')}/"):
            return True
        about = os.stat(target)  # noqa: PTH116  names that are not UTF-8 stay as they are
        known = (about.st_dev, about.st_ino) in self.linked
        self.linked.add((about.st_dev, about.st_ino))
        return known

    def disc(self, where: str, path: str) -> None:
        """Take a disc structure as one item: the size of all its streams, the newest mtime."""
        try:
            about = os.stat(where)  # noqa: PTH116  names that are not UTF-8 stay as they are
            inside = list(_files_below(where))
        except OSError as error:
            self.lost(path, error)
            return
        if inside:
            newest = max(stat_of(found).mtime_ns for found in inside)
            size = sum(found.st_size for found in inside)
            self.listing.files[path] = stat_of(about)._replace(size=size, mtime_ns=newest)


_as_stat = partial(tuple.__new__, Stat)  # spares a call for each of a hundred thousand files


def stat_of(about: os.stat_result) -> Stat:
    """Return what tells the file apart, as our databases can hold it: dates end in 2262, some inodes lie beyond."""
    inode, mtime_ns = about.st_ino, about.st_mtime_ns
    if inode > MAX_INTEGER:
        inode -= 2**64
    if not -MAX_INTEGER < mtime_ns < MAX_INTEGER:
        mtime_ns = MAX_INTEGER
    return _as_stat((about.st_size, mtime_ns, about.st_dev, inode))


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
