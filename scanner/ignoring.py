"""Ignore files: what a person, or another tool, told us to leave alone."""

from __future__ import annotations

import fnmatch
from collections.abc import Iterable
from dataclasses import dataclass

from scanner.opening import open_regular

IGNORE_FILES = {".ignore", ".nomedia", ".tmmignore", ".plexignore"}
WHOLE_FOLDER = {".nomedia", ".tmmignore"}
MAX_BYTES = 65_536
MATCHES_NOTHING = ["/"]


@dataclass(frozen=True, slots=True)
class Pattern:
    """One line of an ignore file: a glob relative to `base`, or of any name below it."""

    base: str
    glob: str
    only_folders: bool
    keep: bool
    anchored: bool

    def matches(self, path: str, *, is_dir: bool) -> bool:
        """Return whether the line speaks of `path` (relative to the library's root)."""
        if self.only_folders and not is_dir:
            return False
        inside = path[len(self.base) + 1 :] if self.base else path
        subject = inside if self.anchored else inside.rsplit("/", 1)[-1]
        return fnmatch.fnmatchcase(subject, self.glob)


@dataclass(frozen=True, slots=True)
class Rules:
    """The ignore rules in force below a folder; later lines win, `!` takes back."""

    patterns: tuple[Pattern, ...] = ()
    everything: bool = False

    def ignores(self, path: str, *, is_dir: bool) -> bool:
        """Return whether `path` is to be left alone."""
        ignored = False
        for pattern in self.patterns:
            if pattern.matches(path, is_dir=is_dir):
                ignored = not pattern.keep
        return ignored


def read_rules(folder: int, base: str, names: Iterable[str], above: Rules) -> Rules:
    """Return the rules below an open folder that holds the ignore files `names`.

    `.nomedia`, `.tmmignore` and an empty `.ignore` (Jellyfin) leave the whole folder alone;
    `.ignore` takes gitignore's commonest lines, `.plexignore` globs.
    """
    patterns = list(above.patterns)
    for name in sorted(names):
        lines = [] if name in WHOLE_FOLDER else _lines(folder, name)
        if not lines and name != ".plexignore":
            return Rules(everything=True)
        patterns.extend(_pattern(base, line) for line in lines)
    return Rules(tuple(patterns))


def _lines(folder: int, name: str) -> list[str]:
    try:
        file = open_regular(name, folder=folder)
        if file is None:
            return MATCHES_NOTHING
        with file:
            text = file.read(MAX_BYTES).decode("utf-8", "replace")
    except OSError:
        return MATCHES_NOTHING  # so that nothing is lost by a permission
    return [line.strip() for line in text.splitlines() if line.strip() and not line.startswith("#")]


def _pattern(base: str, line: str) -> Pattern:
    keep = line.startswith("!")
    glob = line.removeprefix("!")
    only_folders = glob.endswith("/")
    glob = glob.rstrip("/")
    anchored = "/" in glob
    return Pattern(base, glob.removeprefix("/").removeprefix("**/"), only_folders, keep, anchored)
