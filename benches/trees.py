"""Tidy invented libraries of any size, made of sparse files."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

_FIRST = "Amber Quiet Northern Paper Hollow Silver Winter Glass Second Distant Iron Velvet Open Lost Crimson".split()
_LAST = "Harbour Orchard Engine Bridges Signal Meadow Lantern Compass River Archive Garden Station Letter Tide".split()
A_SEASON = 10
SHOW_SHARE = 0.62
OLD = 1_600_000_000


def name_of(number: int) -> str:
    """Return an invented title; no two numbers share one."""
    first, rest = _FIRST[number % len(_FIRST)], number // len(_FIRST)
    last, rest = _LAST[rest % len(_LAST)], rest // len(_LAST)
    middle = f" {_FIRST[rest % len(_FIRST)]} {_roman(rest // len(_FIRST))}" if rest else ""
    return f"The {first}{middle.rstrip()} {last}"


def _roman(number: int) -> str:
    return "".join(chr(ord("A") + int(digit)) for digit in str(number)) if number else ""


def paths(files: int) -> Iterator[str]:
    """Yield relative paths: shows in seasons of ten, the rest a film a folder with extras."""
    shows = int(files * SHOW_SHARE)
    for number in range(shows):
        show, episode = divmod(number, A_SEASON * 4)
        season, in_season = divmod(episode, A_SEASON)
        name = f"{name_of(show)} ({1990 + show % 35})"
        stem = f"{name_of(show)} - S{season + 1:02}E{in_season + 1:02} - Part {in_season + 1}"
        yield f"Shows/{name}/Season {season + 1:02}/{stem}.mkv"
    for film in range(files - shows):
        name = f"{name_of(50_000 + film)} ({1950 + film % 75})"
        yield f"Movies/{name}/{name}.mkv"


def make(root: Path, files: int) -> None:
    """Write the tree; files have a size but no content, and an old mtime."""
    folder = None
    for number, path in enumerate(paths(files)):
        where = root / path
        if where.parent != folder:
            folder = where.parent
            folder.mkdir(parents=True, exist_ok=True)
        handle = os.open(where, os.O_WRONLY | os.O_CREAT)
        os.ftruncate(handle, 1_000_000 + number)
        os.close(handle)
        os.utime(where, (OLD + number, OLD + number))
