"""The walk: every video below a root with size, mtime and inode, nothing opened but ignore files."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable
from dataclasses import dataclass, field

from scanner.ahead import Ahead, Found, Level
from scanner.compare import Stat
from scanner.filenames import VIDEO_EXTENSIONS, is_ignored_name
from scanner.ignoring import IGNORE_FILES, Rules, read_rules
from scanner.paths import on_disk, to_text
from scanner.scope import Scope
from scanner.stats import GONE, is_there, stat_of, stat_of_disc

DISC_FOLDERS = {"bdmv", "video_ts", "hvdvd_ts"}
IS_WHAT = 0o170000  # the bits of a mode that tell files from folders
FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC
FOLDERS_BETWEEN_REPORTS = 64
MAX_DEPTH = 60
MAX_BYTES = 2_000  # of a path: PostgreSQL's indexes hold no 2,704


@dataclass(slots=True)
class Listing:
    """What a walk found; paths are stored text, relative to the root.

    `notes`: newest mtime of the NFO-like files of a folder. `unreadable`: folder, or file, -> why.
    `dates`: mtime of each folder before it was listed, where they are kept. `touched`: folders younger than `since`.
    """

    files: dict[str, Stat] = field(default_factory=dict)
    folders: int = 0
    notes: dict[str, int] = field(default_factory=dict)
    unreadable: dict[str, str] = field(default_factory=dict)
    root_problem: str = ""
    dates: dict[str, int] | None = None
    touched: list[str] = field(default_factory=list)


def walk(
    root: str,
    *,
    scope: Scope | None = None,
    dates: bool = False,
    since: float | None = None,
    seen: Callable[[Walker], None] = lambda _walker: None,
) -> Listing:
    """List every video file below `root` (a path for `os`), or in a part of it, following links but no loops.

    `seen(walker)` is called now and then and may raise to end the walk. With `dates` those of folders
    are kept. What cannot be read is reported in the listing, never raised.
    """
    walker = Walker(root, scope, dates=dates, since=since)
    steps = 0
    while walker.ahead.steps:
        walker.step()
        steps += 1
        if not steps % FOLDERS_BETWEEN_REPORTS:
            seen(walker)
    return walker.listing


class Walker:
    """The folders still ahead, and what was found behind."""

    def __init__(
        self, root: str, scope: Scope | None = None, *, dates: bool = False, since: float | None = None
    ) -> None:
        self.root = root
        self.scope = scope
        self.since = since
        self.listing = Listing(dates={} if dates else None)
        self.linked: set[tuple[int, int]] = set()
        self.at = ""
        self.ahead = Ahead([("", "", Rules())] if scope is None else self.parts(scope))

    def parts(self, scope: Scope) -> list[Found]:
        """Return the folders that a walk of a part begins with; what is ignored from above is left out."""
        try:
            os.close(os.open(self.root, FOLDER))
        except OSError as error:
            self.trouble(error)
            return []
        above = RulesAbove(self.root)
        found = ((on_disk(folder), folder, above.of(folder)) for folder in scope.begin())
        return [(native, folder, rules) for native, folder, rules in found if rules is not None]

    def step(self) -> None:
        """Take in the next folder."""
        native, self.at, rules, level = self.ahead.take()
        level.folders += 1
        where = f"{self.root}/{native}" if native else self.root
        try:
            handle = os.open(where, FOLDER)
        except OSError as error:
            self.trouble(error)
            return
        try:
            self.date(handle)
            self.folder(handle, native, rules, level)
        except OSError as error:
            self.trouble(error)
        finally:
            os.close(handle)

    def date(self, handle: int) -> None:
        """Keep the date of a folder, and whether something was put into it or taken out of late."""
        about = os.fstat(handle)
        if self.listing.dates is not None:
            self.listing.dates[self.at] = about.st_mtime_ns
        if self.since is not None and about.st_mtime > self.since:
            self.listing.touched.append(self.at)

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
        steps = [step for entry in folders if (step := self.subfolder(entry, native, rules))]
        self.ahead.put(steps, level, at=self.at)

    def share(self) -> float:
        """Return about how much of the walk is done, from 0 to 1."""
        return self.ahead.share(self.listing.folders, len(self.listing.files))

    def told(self, handle: int, names: set[str], rules: Rules) -> Rules:
        """Read what dot files of the folder tell: what to leave alone, and what a show is."""
        if ".plexmatch" in names:
            self.note(".plexmatch", handle)
        ignore_files = names & IGNORE_FILES
        if ignore_files and self.scope:
            self.scope.deep.add(self.at)  # what they say may have changed, for everything below
        return read_rules(handle, self.at, ignore_files, rules) if ignore_files else rules

    def path_of(self, name: str) -> str:
        """Return the stored path of an entry of the current folder."""
        text = name if name.isascii() and "\\" not in name else to_text(name)
        return f"{self.at}/{text}" if self.at else text

    def video(self, entry: os.DirEntry[str], native: str, rules: Rules) -> None:
        """Take in a video, unless it is ignored or has gone in between."""
        path = self.path_of(entry.name)
        if (rules.patterns and rules.ignores(path, is_dir=False)) or self.is_too_long(path):
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
            if step:
                self.ahead.put_aside(step)

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
        if self.is_too_long(path):
            return None
        if below.count("/") >= MAX_DEPTH:
            self.listing.unreadable[path] = f"it lies more than {MAX_DEPTH} folders deep"
            return None
        if entry.name.lower() in DISC_FOLDERS:
            self.disc(f"{self.root}/{below}", path)
            return None
        if self.scope and not self.scope.enters(path):
            return None
        try:
            again = entry.is_symlink() and self.leads_back(f"{self.root}/{below}")
        except OSError as error:
            self.lost(path, error)
            return None
        return None if again else (below, path, rules)

    def is_too_long(self, path: str) -> bool:
        """Report a path that the database cannot index, for it would keep all others out too."""
        too_long = len(path) > MAX_BYTES // 4 and len(path.encode()) > MAX_BYTES
        if too_long:
            self.listing.unreadable[f"{path[: MAX_BYTES // 4]}…"] = f"its path is longer than {MAX_BYTES} bytes"
        return too_long

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
        """Take a disc structure as one item."""
        try:
            found = stat_of_disc(where)
        except OSError as error:
            self.lost(path, error)
            return
        if found:
            self.listing.files[path] = found


class RulesAbove:
    """What the folders above a part of a library tell about it; each is asked once."""

    def __init__(self, root: str) -> None:
        self.root = root
        self.known: dict[str, Rules | None] = {}

    def of(self, folder: str) -> Rules | None:
        """Return the rules that hold where a folder (a stored path) lies, None where it is to be left alone."""
        if not folder:
            return Rules()
        parent, _, name = folder.rpartition("/")
        rules = self.inside(parent)
        if rules is None or is_ignored_name(name, is_dir=True) or rules.ignores(folder, is_dir=True):
            return None
        return rules

    def inside(self, folder: str) -> Rules | None:
        """Return the rules for what lies in a folder."""
        if folder not in self.known:
            above = self.of(folder)
            self.known[folder] = above if above is None else self.read(folder, above)
        return self.known[folder]

    def read(self, folder: str, above: Rules) -> Rules | None:
        """Add what a folder's own files say; one that is not there says nothing."""
        try:
            handle = os.open(f"{self.root}/{on_disk(folder)}" if folder else self.root, FOLDER)
        except OSError:
            return above
        try:
            names = {name for name in IGNORE_FILES if is_there(name, handle)}
            rules = read_rules(handle, folder, names, above) if names else above
        finally:
            os.close(handle)
        return None if rules.everything else rules
