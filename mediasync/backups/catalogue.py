"""The rows about backups, kept level with the files in the folder: those are the truth."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from django.utils import timezone

from mediasync.backups import place
from mediasync.backups.archive import Archive
from mediasync.backups.errors import Unusable
from mediasync.backups.making import Made
from mediasync.backups.place import Lying
from mediasync.models import Backup

KEEP_FAILED = 20


def made(backup: Made) -> Backup:
    """Remember a backup that was made and tried out."""
    now = timezone.now()
    rows = f"{len(backup.manifest.counts)} tables, {backup.manifest.rows()} rows, restored into a scratch place"
    row, _new = Backup.objects.update_or_create(
        file=str(backup.path),
        defaults={
            "at": datetime.fromisoformat(backup.manifest.created_at),
            "kind": backup.manifest.kind,
            "bytes": backup.bytes,
            "pictures_bytes": backup.manifest.pictures_bytes(),
            "verified_at": now,
            "ok": True,
            "message": rows,
        },
    )
    return row


def failed(kind: str, message: str) -> Backup:
    """Remember that none was made, and why."""
    row = Backup.objects.create(kind=kind, message=message)
    old = Backup.objects.filter(file="").values_list("pk", flat=True)[KEEP_FAILED:]
    Backup.objects.filter(pk__in=list(old)).delete()
    return row


def sync() -> None:
    """Forget rows whose file is gone; make rows for files that have none, as after a restore or an upgrade."""
    known = {row.file: row for row in Backup.objects.exclude(file="")}
    gone = [row.pk for file, row in known.items() if not Path(file).exists()]
    Backup.objects.filter(pk__in=gone).delete()
    Backup.objects.bulk_create(
        [_adopted(one) for one in place.lying() if str(one.path) not in known], ignore_conflicts=True
    )


def good() -> set[Path]:
    """Return the files that were tried out and found to be good."""
    return {Path(file) for file in Backup.objects.filter(ok=True).exclude(file="").values_list("file", flat=True)}


def _adopted(found: Lying) -> Backup:
    row = Backup(at=found.at, kind=found.kind, file=str(found.path), bytes=found.bytes)
    try:
        with Archive(found.path) as archive:
            row.ok, row.verified_at = True, found.at  # it got its name only after its trial restore
            row.pictures_bytes = archive.manifest.pictures_bytes()
            row.message = f"{len(archive.manifest.counts)} tables, {archive.manifest.rows()} rows"
    except Unusable as error:
        row.message = str(error)
    return row
