"""Jobs that fetch pictures."""

from __future__ import annotations

from jobs.registry import handles
from scanner.providers import tmdb
from scanner.services import artwork, titles


@handles("scanner.artwork", pool="artwork", needs=tmdb.IMAGE_SOURCE)
def fetch_artwork(key: str) -> None:
    """Bring poster and backdrop of one title ("title:17") to its matches and to the web."""
    title = titles.in_use().filter(pk=key.partition(":")[2]).first()
    if title:
        artwork.fetch_artwork(title)
