"""Pictures in the data directory: WebP copies for the web, and what people sent us; made, looked for, forgotten."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.utils import timezone

from jobs.errors import RetryLater
from scanner import art, pictures, placing
from scanner.models import Artwork, Title
from scanner.pictures import Picture

AGAIN = timedelta(minutes=15)
SOON = timedelta(seconds=2)
KEPT_SECONDS = 86_400  # a page that was just rendered may still ask for it


def show(picture: Picture, *, role: str = art.POSTER) -> str:
    """Make the copies of a picture for its role, if they are not there, and return the hash they are named by.

    Raises RetryLater while the data directory cannot be written to.
    """
    if not are_there(picture.sha256, role=role):
        web = art.ROLES[role].web
        for width, data in pictures.thumbnails(picture, web, alpha=role == art.LOGO).items():
            _write(_path(picture.sha256, width), data)
    return picture.sha256


def are_there(sha: str, *, role: str = art.POSTER) -> bool:
    """Say whether all copies of a picture are there."""
    return bool(sha) and all(_path(sha, width).is_file() for width in art.ROLES[role].web)


def keep(picture: Picture) -> None:
    """Keep what a person sent in full: nobody else has it. Raises RetryLater as `show` does."""
    if not original(picture.sha256).is_file():
        _write(original(picture.sha256), picture.data)


def kept(sha: str) -> bytes | None:
    """Return what a person sent, by its hash; None where it is not here any more."""
    return placing.read(str(original(sha)), most=pictures.MOST_BYTES)


def forget_unused() -> int:
    """Delete copies that no title shows any more, and leftovers of killed attempts; returns how many files."""
    used = set(_in_use())
    before, forgotten = time.time() - KEPT_SECONDS, 0
    for path in Path(settings.ARTWORK_DIR).glob("??/*"):
        if path.name.partition("-")[0] not in used and path.stat().st_mtime < before:
            path.unlink(missing_ok=True)
            forgotten += 1
    return forgotten


def _in_use() -> Iterator[str]:
    yield from Title.objects.exclude(poster="").values_list("poster", flat=True).iterator()
    yield from Artwork.objects.exclude(shown="").values_list("shown", flat=True).iterator()
    chosen = Artwork.objects.filter(choice__startswith=art.UPLOAD).values_list("choice", flat=True)
    yield from (choice.removeprefix(art.UPLOAD) for choice in chosen)


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


def original(sha: str) -> Path:
    """Return where what a person sent is kept."""
    return Path(settings.ARTWORK_DIR) / sha[:2] / f"{sha}-full"
