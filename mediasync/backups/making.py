"""Making a backup: snapshot, archive, trial restore, and only then its final name."""

from __future__ import annotations

import os
import platform
import shutil
import sqlite3
import tempfile
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC
from pathlib import Path

from django.conf import settings
from django.utils import timezone

from mediasync import __version__
from mediasync.backups import archive, checking, own_pictures, place, snapshot
from mediasync.backups.archive import Archive, Manifest
from mediasync.backups.errors import BackupError, NoRoom, Unusable, is_full
from mediasync.backups.progress import Progress
from mediasync.supervisor import locks

LOCK = ".lock"


@dataclass(frozen=True, slots=True)
class Made:
    """A backup that was made and tried out."""

    path: Path
    bytes: int
    manifest: Manifest


def make(target: Path | None = None, *, kind: str, suffix: str = "", patience: float = 3) -> Made:
    """Write a backup to `target`, else under a name of its own into the folder of backups.

    Raises `NoRoom` where the disk is full, `locks.Taken` where another one is being made, `BackupError` for
    anything else that a person should read. Whatever happens, there is never half an archive under its name.
    """
    try:
        folder = place.folder()
        held = locks.take(folder / LOCK, "A backup", patience=patience)
        try:
            _sweep(folder)
            final = _place(target) if target else folder / place.name(kind, suffix=suffix)
            return _make(final, kind, Progress())
        finally:
            os.close(held)
    except (OSError, sqlite3.Error) as error:
        if is_full(error):
            raise NoRoom(f"No backup was made: the disk is full. Make room in {_fullest(target)}.") from error
        why = getattr(error, "strerror", None) or str(error)
        where = getattr(error, "filename", None) or settings.BACKUP_DIR
        raise BackupError(f"No backup was made: {where} cannot be used ({why}).") from error


def _fullest(target: Path | None) -> Path:
    """Return the folder with the least room: of the one where it is made, and the one where it was to lie."""
    folders = [Path(settings.BACKUP_DIR), *([target.expanduser().absolute().parent] if target else [])]
    return min(filter(Path.is_dir, folders), key=lambda folder: shutil.disk_usage(folder).free, default=folders[0])


def _make(final: Path, kind: str, progress: Progress) -> Made:
    with tempfile.TemporaryDirectory(prefix=place.SCRATCH, dir=place.folder()) as scratch:
        copy = Path(scratch) / archive.DATABASE
        _refuse_without_room(copy)
        snapshot.take(copy, progress)
        files = {archive.DATABASE: copy}
        if (env := Path(settings.DATA_DIR) / ".env").exists():
            files[archive.SETTINGS] = env
        pictures = own_pictures.found(copy)
        _refuse_without_room_for(sum(path.stat().st_size for path in pictures.values()), final.parent)
        files |= pictures
        part = final.with_name(f".{final.name}{place.PART}")
        try:
            manifest = _write(part, kind, files, progress)
            copy.unlink()
            try_out(part, Path(scratch), progress)
            part.replace(final)
            sync(final.parent)
        finally:
            with suppress(OSError):
                part.unlink(missing_ok=True)
    return Made(final, final.stat().st_size, manifest)


def _write(part: Path, kind: str, files: dict[str, Path], progress: Progress) -> Manifest:
    with checking.opened(files[archive.DATABASE]) as connection:
        applied, counts = checking.migrations(connection), checking.counts(connection)
    manifest = Manifest(
        version=__version__,
        created_at=timezone.now().astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z"),
        kind=kind,
        database=snapshot.vendor(),
        migrations=applied,
        counts=counts,
        members={name: archive.hashed(path, progress) for name, path in files.items()},
        host=platform.node(),
    )
    handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW, 0o600)
    with os.fdopen(handle, "wb") as file:
        archive.write(file, manifest, files, progress)
        file.flush()
        os.fsync(file.fileno())
    return manifest


def try_out(path: Path, scratch: Path, progress: Progress) -> Manifest:
    """Restore an archive into a scratch folder and look whether it can be used; raises `Unusable`."""
    with Archive(path) as opened:
        target = scratch / "trial.sqlite3"
        opened.extract(archive.DATABASE, target, progress)
        if archive.SETTINGS in opened.manifest.members:
            opened.extract(archive.SETTINGS, scratch / archive.SETTINGS, progress)
        checking.check(target, opened.manifest.counts, str(path))
        own_pictures.try_out(opened, scratch, progress)
        return opened.manifest


def sync(folder: Path) -> None:
    """Have a rename outlive a power cut."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _place(target: Path) -> Path:
    """Return the final name; only another backup is ever replaced."""
    target = target.expanduser().absolute()
    if target.is_dir():
        return target / place.name(place.BY_HAND)
    if target.exists():
        try:
            Archive(target).__exit__()
        except Unusable as error:
            raise BackupError(f"{target} is there already and is no backup: it is not replaced.") from error
    elif not target.parent.is_dir():
        raise BackupError(f"There is no folder {target.parent}.")
    return target


def _refuse_without_room(copy: Path) -> None:
    """Say at once what would otherwise be found out after minutes: the copy and its archive lie here together."""
    if snapshot.vendor() != "sqlite" or not snapshot.database_file().exists():
        return
    _refuse_without_room_for(int(snapshot.database_file().stat().st_size * 1.5), copy.parent.parent)


def _refuse_without_room_for(need: int, where: Path) -> None:
    free = shutil.disk_usage(where).free
    if need > free:
        raise NoRoom(f"No backup was made: it needs about {need >> 20} MiB in {where}, {free >> 20} are free.")


def _sweep(folder: Path) -> None:
    """Remove what a killed backup left; we hold the lock, so nobody is at it."""
    for found in folder.iterdir():
        if found.name.startswith(place.SCRATCH) and found.is_dir() and not found.is_symlink():
            shutil.rmtree(found, ignore_errors=True)
        elif found.name.startswith(".mediasync-") and found.name.endswith(place.PART):
            found.unlink(missing_ok=True)
