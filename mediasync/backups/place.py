"""Where backups lie and how they are called: `mediasync-20261122T023000Z-daily.zip`."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from django.conf import settings
from django.utils import timezone

DAILY, BY_HAND, BEFORE_RESTORE, BEFORE_UPGRADE = "daily", "by-hand", "before-restore", "before-upgrade"
NAME = re.compile(r"mediasync-(\d{8}T\d{6}Z)-([a-z][a-z-]*)(?:-to-[\w.+-]+)?\.zip")
STAMP = "%Y%m%dT%H%M%SZ"
SCRATCH, PART = ".making-", ".part"


@dataclass(frozen=True, slots=True)
class Lying:
    """A backup that lies in the folder, by its name alone."""

    path: Path
    at: datetime
    kind: str
    bytes: int


def folder() -> Path:
    """Return the folder of the backups, made where it is not there; nobody else may look into it."""
    found = Path(settings.BACKUP_DIR)
    found.mkdir(mode=0o700, parents=True, exist_ok=True)
    return found


def name(kind: str, *, suffix: str = "") -> str:
    """Return the name of a backup made now."""
    return f"mediasync-{timezone.now().astimezone(UTC):{STAMP}}-{kind}{suffix}.zip"


def lying(where: Path | None = None) -> list[Lying]:
    """Return the backups in the folder, newest first; other files are nobody's business here."""
    found = []
    try:
        entries = list(os.scandir(where or Path(settings.BACKUP_DIR)))
    except FileNotFoundError:
        return []
    for entry in entries:
        match = NAME.fullmatch(entry.name)
        if match and entry.is_file(follow_symlinks=False):
            at = datetime.strptime(match[1], STAMP).replace(tzinfo=UTC)
            found.append(Lying(Path(entry.path), at, match[2], entry.stat().st_size))
    return sorted(found, key=lambda one: (one.at, one.path.name), reverse=True)
