"""Small copies of pictures that are only offered: fetched when somebody looks at them, kept for a day."""

from __future__ import annotations

import hashlib
from contextlib import suppress
from pathlib import Path

from django.conf import settings

from scanner import art, pictures, placing
from scanner.models import Title
from scanner.providers import tmdb_images
from scanner.services import choosing

SIZES = {art.POSTER: "w185", art.FANART: "w300", art.LOGO: "w300"}
WIDTH, MOST_BYTES = 300, 25_000


def preview(title: Title, path: str) -> bytes | None:
    """Return a WebP of a picture that was offered for this title; None for any other.

    Raises BadPicture and the failures of `outbound`.
    """
    role = choosing.was_offered(title, path)
    if not role:
        return None
    kept = Path(settings.ARTWORK_DIR) / "pv" / f"{hashlib.sha256(path.encode()).hexdigest()}.webp"
    found = placing.read(str(kept))
    if found is None:
        picture = pictures.look(tmdb_images.fetch(path, size=SIZES[role]))
        found = pictures.thumbnails(picture, {WIDTH: MOST_BYTES}, alpha=role == art.LOGO)[WIDTH]
        with suppress(OSError):  # a full disk: shown all the same
            kept.parent.mkdir(parents=True, exist_ok=True)
            placing.write_whole(str(kept), found)
    return found
