"""The `.env` of a backup beside the present one: what says where to restore to stays as it is."""

from __future__ import annotations

import re
from collections.abc import Iterable

STAY = ("DATABASE_URL", "REDIS_URL", "MEDIASYNC_DATA")  # where this installation keeps its state
LINE = re.compile(r"\s*(?:export\s+)?([A-Za-z_][A-Za-z_0-9]*)\s*=")


def merged(backed_up: str, present: str) -> str:
    """Return the settings of the backup, with the present ones of `STAY` in place of its own."""
    lines = [line for line in backed_up.splitlines() if _name(line) not in STAY]
    return "\n".join([*lines, *(line for line in present.splitlines() if _name(line) in STAY)]) + "\n"


def names(text: str) -> list[str]:
    """Return the names of the settings in a file, for a list without values."""
    return sorted(set(filter(None, map(_name, text.splitlines()))))


def differing(one: str, other: str, which: Iterable[str] = STAY) -> list[str]:
    """Return those of `which` that the files set differently."""
    return [name for name in which if _line(one, name) != _line(other, name)]


def _name(line: str) -> str:
    match = LINE.match(line)
    return match[1] if match else ""


def _line(text: str, name: str) -> str:
    return next((line.partition("=")[2].strip() for line in reversed(text.splitlines()) if _name(line) == name), "")
