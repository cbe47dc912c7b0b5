"""Finding a folder on this machine without typing: what lies in it, and where media usually are."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from scanner import paths
from scanner.services import libraries

USUAL = ("/media", "/mnt", "/srv", "/data", "/home", "/volume1", "/tank", "/nas", "/storage", "/movies", "/tv")
MOST = 300


@dataclass(frozen=True, slots=True)
class Place:
    """A folder to go to; `path` is text as libraries keep it."""

    name: str
    path: str


@dataclass(frozen=True, slots=True)
class View:
    """A folder as a person looks into it. `problem`: why it cannot become a library; empty where it can."""

    path: str
    above: tuple[Place, ...]
    folders: tuple[Place, ...]
    left_out: bool
    problem: str
    kind: str


def usual_places() -> list[Place]:
    """Return the folders of this machine in which media usually lie, with something in them."""
    found = [path for path in (*USUAL, str(Path.home())) if _has_something(path)]
    return [Place(path, path) for path in dict.fromkeys(found)]


def look_into(path: str) -> View:
    """Return what lies in a folder. Never fails: what cannot be read says so in `problem`."""
    given = paths.on_disk(path.replace("\0", "")) or "/"
    real = os.path.realpath(os.path.expanduser(given))  # noqa: PTH111  Path's raises for "~nobody"
    text = paths.to_text(real)
    try:
        with os.scandir(real) as entries:
            names = sorted(entry.name for entry in entries if _is_shown(entry))
    except OSError:
        names = []
    try:
        libraries.check(real)
        problem, kind = "", libraries.guess_kind(real)
    except libraries.NotALibrary as error:
        problem, kind = str(error), ""
    shown = tuple(Place(paths.to_text(name), paths.to_text(os.path.join(real, name))) for name in names[:MOST])  # noqa: PTH118
    return View(text, _above(text), shown, len(names) > MOST, problem, kind)


def _above(text: str) -> tuple[Place, ...]:
    parts = [part for part in text.split("/") if part]
    return (Place("/", "/"), *(Place(part, "/" + "/".join(parts[: at + 1])) for at, part in enumerate(parts)))


def _is_shown(entry: os.DirEntry[str]) -> bool:
    try:
        return not entry.name.startswith(".") and not entry.name.startswith(("@", "#", "$")) and entry.is_dir()
    except OSError:
        return False


def _has_something(path: str) -> bool:
    try:
        with os.scandir(path) as entries:
            return any(_is_shown(entry) for entry in entries)
    except OSError:
        return False
