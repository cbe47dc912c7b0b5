"""Rows for tests: each function makes one with plain defaults; a test spells out what it is about."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from scanner.filenames import sort_name
from scanner.models import Library, Match, MediaFile, Scan, Title
from scanner.services import scanning, scans

LONG_AGO = 1_600_000_000


def make_library(path: Path | str = "/media/films", **fields: Any) -> Library:
    fields.setdefault("name", Path(path).name)
    return Library.objects.create(path=str(path), **fields)


def make_title(name: str = "The Quiet Orchard", **fields: Any) -> Title:
    fields.setdefault("kind", Title.Kind.MOVIE)
    return Title.objects.create(name=name, sort_name=sort_name(name), **fields)


def make_match(library: Library, key: str = "The Quiet Orchard (2019)", **fields: Any) -> Match:
    fields.setdefault("kind", Title.Kind.MOVIE)
    fields.setdefault("folder", key)
    fields.setdefault("name", key)
    return Match.objects.create(library=library, key=key, **fields)


def make_file(library: Library, path: str, **fields: Any) -> MediaFile:
    fields.setdefault("size_bytes", 1_000)
    fields.setdefault("mtime_ns", LONG_AGO * 10**9)
    return MediaFile.objects.create(library=library, path=path, **fields)


def put(root: Path, *names: str, size: int = 1_000, mtime: float = LONG_AGO) -> None:
    """Write files with an old date; each differs in size, so that none passes for another."""
    for number, name in enumerate(names):
        where = root / name
        where.parent.mkdir(parents=True, exist_ok=True)
        where.write_bytes(os.fsencode(name).ljust(size + number, b"\0"))
        os.utime(where, (mtime, mtime))


def scan(library: Library, **options: Any) -> Scan:
    """Run one scan of a library in this thread, without the jobs that follow."""
    found = scans.start([library], **options)[0]
    scanning.run(found)
    found.refresh_from_db()
    return found
