"""Reading the log from its end, in blocks: never a whole file, whatever is asked."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from mediasync.logs import lines
from mediasync.logs.file import NAME
from mediasync.logs.lines import Line

BLOCK = 64 << 10
LONGEST = 512 << 10  # bytes of one line that are looked at
BUDGET = 8 << 20  # bytes that one answer looks through; what lies before is a further question
CURSOR = re.compile(r"(\d{1,20})-(\d{1,12})")


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which lines: of at least a level, holding a text, of a process."""

    level: str = ""
    text: str = ""
    process: str = ""

    def is_it(self, raw: bytes) -> Line | None:
        """Return the line where it is wanted; most others are told apart before they are understood."""
        if self._plainly_not(raw):
            return None
        line = lines.decode(raw)
        if self.level and lines.LEVELS.index(line.level) < lines.LEVELS.index(self.level):
            return None
        if self.process and line.process != self.process:
            return None
        return line if self._holds(line) else None

    def _plainly_not(self, raw: bytes) -> bool:
        text = self.text
        simple = text.isascii() and text.isprintable() and not set(text) & {'"', "\\"}
        return bool(text) and simple and text.lower().encode() not in raw.lower()

    def _holds(self, line: Line) -> bool:
        text = self.text.casefold()
        parts = (line.message, line.traceback, line.logger, line.request, line.work, str(line.job or ""))
        return not text or any(text in part.casefold() for part in parts)


@dataclass(frozen=True, slots=True)
class Entry:
    """A line and where it begins: `cursor` finds it again, also after the file was renamed."""

    line: Line
    cursor: str


@dataclass(frozen=True, slots=True)
class Found:
    """Entries, newest first; `older` continues before them, empty at the beginning of the log.

    `cut` says that the search stopped for the length of what it looked through.
    """

    entries: list[Entry] = field(default_factory=list)
    older: str = ""
    cut: bool = False


@dataclass(frozen=True, slots=True)
class _File:
    handle: int
    inode: int
    size: int


def find(folder: Path, wanted: Wanted, *, before: str = "", most: int = 100, budget: int = BUDGET) -> Found:
    """Return the newest lines that are wanted, or those before a cursor."""
    entries: list[Entry] = []
    with _opened(folder) as files:
        start = _start(files, before)
        for place, file in enumerate(files):
            if place < start[0]:
                continue
            end = start[1] if place == start[0] else file.size
            for offset, raw in _backwards(file.handle, end):
                budget -= len(raw) + 1
                if (line := wanted.is_it(raw)) is not None:
                    entries.append(Entry(line, f"{file.inode}-{offset}"))
                if len(entries) >= most or budget <= 0:
                    more = offset > 0 or place + 1 < len(files)
                    return Found(entries, f"{file.inode}-{offset}" if more else "", cut=len(entries) < most and more)
    return Found(entries)


def entry(folder: Path, cursor: str) -> Entry | None:
    """Return the line that begins at a cursor; None where it is gone."""
    with _opened(folder) as files:
        for file in files:
            if (offset := _offset_in(file, cursor)) is not None:
                raw = os.pread(file.handle, LONGEST, offset).partition(b"\n")[0]
                return Entry(lines.decode(raw), cursor) if raw else None
    return None


def mark(folder: Path) -> str:
    """Return a text that differs as soon as anything was logged."""
    try:
        about = (folder / NAME).stat()
    except OSError:
        return ""
    return f"{about.st_ino}-{about.st_size}"


def all_text(folder: Path, wanted: Wanted) -> Iterator[str]:
    """Yield every line that is wanted as text, oldest first, a piece at a time."""
    with _opened(folder) as files:
        for file in reversed(files):
            with os.fdopen(os.dup(file.handle), "rb") as source:
                while raw := source.readline(LONGEST):
                    if raw.strip() and (line := wanted.is_it(raw)) is not None:
                        yield lines.plain(line) + "\n"


@contextmanager
def _opened(folder: Path) -> Iterator[list[_File]]:
    """Open all files of the log, newest first; each once, also where one is renamed meanwhile."""
    found: dict[int, _File] = {}
    try:
        for path in (folder / NAME, *(folder / f"{NAME}.{number}" for number in range(1, 10))):
            try:
                handle = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NOFOLLOW)
            except OSError:
                continue
            about = os.fstat(handle)
            if about.st_ino in found:
                os.close(handle)
            else:
                found[about.st_ino] = _File(handle, about.st_ino, about.st_size)
        yield list(found.values())
    finally:
        for file in found.values():
            os.close(file.handle)


def _start(files: list[_File], cursor: str) -> tuple[int, int]:
    """Return the file and the byte before which to look: the very end where the cursor finds nothing."""
    for place, file in enumerate(files):
        if (offset := _offset_in(file, cursor)) is not None:
            return place, offset
    return 0, files[0].size if files else 0


def _offset_in(file: _File, cursor: str) -> int | None:
    match = CURSOR.fullmatch(cursor)
    if not match or int(match[1]) != file.inode or int(match[2]) > file.size:
        return None
    return int(match[2])


def _backwards(handle: int, end: int) -> Iterator[tuple[int, bytes]]:
    """Yield each line before `end` with the byte at which it begins, the last one first."""
    position, rest = end, b""
    while position > 0:
        size = min(BLOCK, position)
        position -= size
        first, *others = (os.pread(handle, size, position) + rest).split(b"\n")
        offset = position + len(first) + 1
        starts = []
        for line in others:
            starts.append((offset, line))
            offset += len(line) + 1
        yield from ((at, line) for at, line in reversed(starts) if line)
        rest = first if len(first) <= LONGEST else first[:LONGEST]
    if rest:
        yield 0, rest
