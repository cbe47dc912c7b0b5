"""Pictures that people uploaded, in a backup: nobody else has them, while all others come back by themselves.

They are named by what is in them, so a restore only ever adds files: cut off in between, nothing is spoilt, and what
nobody shows in the end goes with the next upkeep.
"""

from __future__ import annotations

import hashlib
import logging
import os
import sqlite3
from pathlib import Path

from django.conf import settings

from mediasync.backups import archive, checking
from mediasync.backups.archive import Archive
from mediasync.backups.progress import Progress
from scanner import art, placing
from scanner.services import thumbnails

log = logging.getLogger(__name__)
_CHOSEN = "SELECT DISTINCT choice FROM scanner_artwork WHERE choice LIKE ? ORDER BY choice"


def found(database: Path) -> dict[str, Path]:
    """Return the pictures that a copy of the database names, by their names in an archive; those that are whole."""
    files = {}
    for sha in _uploaded(database):
        path = thumbnails.original(sha)
        body = placing.read(str(path), most=archive.MOST_PICTURE_BYTES)
        if body is not None and hashlib.sha256(body).hexdigest() == sha:
            files[archive.PICTURES + sha] = path
        else:
            log.warning("The uploaded picture %s is not there any more, so it is in no backup", path)
    return files


def try_out(opened: Archive, scratch: Path, progress: Progress) -> None:
    """Take each picture out once; raises `Unusable` for one that is not what its name says."""
    for name in opened.manifest.pictures():
        opened.extract(name, scratch / "picture", progress)


def bring_back(opened: Archive) -> int:
    """Put those pictures of an archive in place that are not there; returns how many."""
    brought = 0
    for name in opened.manifest.pictures():
        sha = name.removeprefix(archive.PICTURES)
        path = thumbnails.original(sha)
        body = placing.read(str(path), most=archive.MOST_PICTURE_BYTES)
        if body is None or hashlib.sha256(body).hexdigest() != sha:
            _put(opened, name, path)
            brought += 1
    return brought


def _put(opened: Archive, name: str, path: Path) -> None:
    Path(settings.ARTWORK_DIR).mkdir(parents=True, exist_ok=True)
    path.parent.mkdir(exist_ok=True)
    part = path.parent / f".restoring-{path.name}"  # of no hash: the upkeep removes it, should it be left
    opened.extract(name, part, Progress())
    part.replace(path)
    handle = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _uploaded(database: Path) -> list[str]:
    with checking.opened(database) as connection:
        try:
            rows = connection.execute(_CHOSEN, (f"{art.UPLOAD}%",)).fetchall()
        except sqlite3.OperationalError:  # of a version that knew no uploads
            return []
    return [str(choice).removeprefix(art.UPLOAD) for (choice,) in rows if art.is_source(str(choice))]
