"""How commands print: one JSON document for scripts, aligned tables for people."""

from __future__ import annotations

import datetime as dt
import json
import sys
import unicodedata
from collections.abc import Iterable, Sequence
from typing import Any, Protocol

from rich.console import Console
from rich.table import Table
from rich.text import Text

OBEYED = {"Cc", "Cf", "Cs", "Zl", "Zp"}  # controls, marks of format, half characters, line ends


UNFOLDED = 1_000  # columns: what goes into a pipe is one line a row


class Writes(Protocol):
    """Where text goes."""

    def write(self, text: str, /) -> object:
        """Write `text`."""
        ...


def plain(text: str) -> str:
    """Return text of others as one line without what a terminal would obey: controls, turns of direction."""
    return "".join(ascii(char)[1:-1] if unicodedata.category(char) in OBEYED else char for char in text)


def cut(text: str, width: int) -> str:
    """Return `text` in at most `width` characters, cut at a word where something had to go."""
    if len(text) <= width:
        return text
    kept = text[: width - 1]
    return f"{kept.rpartition(' ')[0] or kept}…"


def encode(value: object) -> str:
    """Return times as ISO 8601 UTC, anything else as text."""
    if isinstance(value, dt.datetime):
        return value.astimezone(dt.UTC).isoformat().replace("+00:00", "Z")
    return str(value)


class Printer:
    """Prints to a command's stdout; with `as_json` only documents, otherwise only text."""

    def __init__(self, stdout: Writes, *, as_json: bool) -> None:
        self.stdout = stdout
        self.as_json = as_json

    def document(self, value: object) -> bool:
        """Print one JSON document where JSON was asked for; returns whether it was."""
        if self.as_json:
            self.stdout.write(json.dumps(value, default=encode, ensure_ascii=False, indent=1))
        return self.as_json

    def line(self, value: object) -> None:
        """Print one JSON document on one line, for what never ends."""
        self.stdout.write(json.dumps(value, default=encode, ensure_ascii=False))

    def stream(self, rows: Iterable[dict[str, Any]]) -> None:
        """Print a JSON list row by row, so that a large one needs no memory."""
        before = "["
        for row in rows:
            self.stdout.write(before + json.dumps(row, default=encode, ensure_ascii=False))
            before = ","
        self.stdout.write("]" if before == "," else "[]")

    def table(self, head: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
        """Print an aligned table; nothing where there are no rows."""
        listed = list(rows)
        if not listed or self.as_json:
            return
        table = Table(box=None, pad_edge=False, header_style="dim")
        for name in head:
            table.add_column(name, overflow="fold")
        for row in listed:
            table.add_row(*(Text(plain(cell)) for cell in row))
        console = Console(width=None if sys.stdout.isatty() else UNFOLDED)
        with console.capture() as captured:
            console.print(table)
        self.stdout.write(captured.get())
