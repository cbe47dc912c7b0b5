"""Restoring a backup: checked first, the present state saved, everything prepared beside it, then one switch."""

from __future__ import annotations

import os
import shutil
import sqlite3
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.db import DatabaseError, OperationalError, connections
from django.utils import timezone

from mediasync.backups import (
    archive,
    checking,
    making,
    own_pictures,
    place,
    recovery,
    replacing,
    schema,
    settings_file,
    snapshot,
    voiding,
)
from mediasync.backups.archive import Archive, Manifest
from mediasync.backups.errors import BackupError, InUse, NoRoom, is_full
from mediasync.backups.progress import Progress
from mediasync.supervisor import locks

LOCKS = (("supervisor.lock", "mediasync"), ("cluster.lock", "A cluster"))


@dataclass(frozen=True, slots=True)
class Restored:
    """What a restore did; `before` is the copy of what there was, None where there was nothing."""

    manifest: Manifest
    before: Path | None
    settings: bool


def restore(
    file: Path, *, with_settings: bool = True, safety: bool = True, say: Callable[[str], None] = lambda _text: None
) -> Restored:
    """Put a backup in the place of database and settings.

    Raises `Unusable`, `InUse`, `NoRoom` or another `BackupError`, `locks.Taken`, `recovery.Busy`; then everything is
    as it was.
    """
    data = Path(settings.DATA_DIR)
    file = file.expanduser().absolute()
    try:
        with recovery.alone(data), _nothing_runs(data):
            recovery.finish(data)
            return _restore(file, data, with_settings=with_settings, safety=safety, say=say)
    except (OSError, sqlite3.Error) as error:
        if is_full(error):
            raise NoRoom("Nothing was restored: the disk is full. Everything is as it was.") from error
        raise BackupError(f"Nothing was restored: {error}. Everything is as it was.") from error


def decide(data: Path, mark: str) -> str:
    """Look on the server whether a restore that was cut off had come to its end; returns the sentence that tells it.

    Says nothing, and leaves it open, while the server cannot be asked.
    """
    try:
        restored = replacing.has(mark)
    except OperationalError:
        return ""
    return recovery.decide(data, restored=restored)


def _restore(file: Path, data: Path, *, with_settings: bool, safety: bool, say: Callable[[str], None]) -> Restored:
    with Archive(file) as opened:
        manifest = opened.manifest
        checking.refuse_newer(manifest.migrations, str(file))
        target = _database()
        new = _beside(target or data / "db.sqlite3")
        _refuse_without_room(manifest.members[archive.DATABASE].bytes * 3 // 2, new.parent)
        _refuse_without_room(manifest.pictures_bytes(), data)
        mark = recovery.begin(data, archive=str(file), database=target, scratch=new)
        try:
            say(f"checking {file}")
            opened.extract(archive.DATABASE, new, Progress())
            checking.check(new, manifest.counts, str(file))
            _prepare(new, manifest)
            with_settings = with_settings and _prepare_settings(opened, data)
            say("saving what there is now")
            before = _save_present(target) if safety else None
            say("putting the backup in place")
            own_pictures.bring_back(opened)
            _switch(new, target, data, mark)
        except BaseException:
            recovery.finish(data)  # undone, unless all was ready
            raise
    return Restored(manifest, before, with_settings)


@contextmanager
def _nothing_runs(data: Path) -> Iterator[None]:
    """Hold the locks of those who would work on the database; raises `locks.Taken` naming who does."""
    held: list[int] = []
    try:
        held += [locks.take(data / name, what, patience=0) for name, what in LOCKS]
        yield
    finally:
        for handle in held:
            os.close(handle)


def _database() -> Path | None:
    """Return SQLite's file; None for PostgreSQL. Refuses while somebody else is at it."""
    if snapshot.vendor() != "sqlite":
        replacing.refuse_if_in_use()
        return None
    target = snapshot.database_file()
    connections.close_all()
    if target.exists():
        _let_go(target)
    return target


def _let_go(target: Path) -> None:
    """Fold SQLite's log into the file, which works only where no other process has it open."""
    try:
        with closing(sqlite3.connect(target, isolation_level=None, timeout=3)) as connection:
            connection.execute("PRAGMA journal_mode = DELETE")
    except sqlite3.OperationalError as error:
        if "locked" in str(error) or "busy" in str(error):
            raise InUse(f"{target} is open in another program or command. End that first.") from error
        raise
    except sqlite3.DatabaseError:
        return  # it is damaged: all the more reason to restore


def _beside(target: Path) -> Path:
    return target.with_name(target.name + recovery.NEW)


def _refuse_without_room(need: int, folder: Path) -> None:
    free = shutil.disk_usage(folder).free
    if need > free:
        raise NoRoom(f"Nothing was restored: {need >> 20} MiB are needed in {folder}, {free >> 20} are free.")


def _prepare(new: Path, manifest: Manifest) -> None:
    """Bring the copy to this version's schema and clear what belonged to the run that was backed up."""
    if set(manifest.migrations) != checking.on_disk():
        schema.bring(new)
    voiding.void(new)
    with new.open("rb") as file:
        os.fsync(file.fileno())


def _prepare_settings(opened: Archive, data: Path) -> bool:
    if archive.SETTINGS not in opened.manifest.members:
        return False
    new, present = _beside(data / ".env"), (data / ".env")
    opened.extract(archive.SETTINGS, new, Progress())
    text = settings_file.merged(
        new.read_text(encoding="utf-8", errors="replace"),
        present.read_text(encoding="utf-8") if present.exists() else "",
    )
    with new.open("w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    return True


def _save_present(target: Path | None) -> Path | None:
    """Make a backup of the present state; a database that cannot be read is kept as it is, byte by byte."""
    if not snapshot.exists():
        return None
    try:
        return making.make(kind=place.BEFORE_RESTORE).path
    except NoRoom:
        raise
    except (BackupError, DatabaseError) as error:
        if target is None:
            raise BackupError(
                f"The present state could not be saved, so nothing was restored: {error} "
                "With --no-safety-copy it is restored all the same."
            ) from error
        return _keep_raw(target)


def _keep_raw(target: Path) -> Path:
    kept = Path(tempfile.mkdtemp(prefix=f"unreadable-{timezone.now():%Y%m%dT%H%M%SZ}-", dir=place.folder()))
    for tail in ("", "-wal", "-journal"):
        if (source := target.with_name(target.name + tail)).exists():
            shutil.copy2(source, kept / source.name)
    return kept


def _switch(new: Path, target: Path | None, data: Path, mark: str) -> None:
    """From here on the restore is complete, or will be at the next start."""
    connections.close_all()
    if target is None:
        replacing.replace(new, Progress(), mark=mark)
    elif target.exists():
        _let_go(target)
    recovery.ready(data)
    recovery.finish(data)
