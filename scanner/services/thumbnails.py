"""The small WebP copies of posters in the data directory: made, looked for, forgotten."""

from __future__ import annotations

import time
from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.utils import timezone

from jobs.errors import RetryLater
from scanner import pictures, placing
from scanner.models import Title
from scanner.pictures import Picture

AGAIN = timedelta(minutes=15)
SOON = timedelta(seconds=2)
KEPT_SECONDS = 86_400  # a page that was just rendered may still ask for it


def show(picture: Picture) -> str:
    """Make the thumbnails of a picture, if they are not there, and return the hash they are named by.

    Raises RetryLater while the data directory cannot be written to.
    """
    if not are_there(picture.sha256):
        for width, data in pictures.thumbnails(picture).items():
            _write(_path(picture.sha256, width), data)
    return picture.sha256


def are_there(sha: str) -> bool:
    """Say whether all thumbnails of a picture are there."""
    return all(_path(sha, width).is_file() for width in pictures.THUMBNAILS)


def forget_unused() -> int:
    """Delete thumbnails that no title shows any more, and leftovers of killed attempts; returns how many files."""
    used = set(Title.objects.exclude(poster="").values_list("poster", flat=True))
    before, forgotten = time.time() - KEPT_SECONDS, 0
    for path in Path(settings.ARTWORK_DIR).glob("??/*"):
        if path.name.partition("-")[0] not in used and path.stat().st_mtime < before:
            path.unlink(missing_ok=True)
            forgotten += 1
    return forgotten


def _write(path: Path, data: bytes) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        placing.write_whole(str(path), data)
    except (FileNotFoundError, FileExistsError) as error:  # two titles share a picture, and so the scratch file
        raise RetryLater("the same picture is being put there by another job", until=timezone.now() + SOON) from error
    except OSError as error:
        reason = f"The data directory cannot be written to: {error.strerror or error}"
        raise RetryLater(reason, until=timezone.now() + AGAIN) from error


def _path(sha: str, width: int) -> Path:
    return Path(settings.ARTWORK_DIR) / sha[:2] / f"{sha}-{width}.webp"
