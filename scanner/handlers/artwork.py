"""Jobs that fetch pictures."""

from __future__ import annotations

from jobs.registry import handles
from scanner.models import Title
from scanner.providers import tmdb
from scanner.services import artwork, lost_pictures, titles


@handles("scanner.artwork", pool="artwork", needs=tmdb.IMAGE_SOURCE)
def fetch_artwork(key: str) -> None:
    """Bring the pictures of one title ("title:17") and its seasons to its matches and to the web."""
    title = titles.in_use().filter(pk=key.partition(":")[2]).first()
    if title:
        artwork.fetch_artwork(title)


@handles(lost_pictures.LOOK, pool="upkeep")
def bring_lost_pictures_back(_key: str) -> None:
    """Look whether the copies of all pictures are there, and have those made anew that are not."""
    lost_pictures.bring_back()


@handles("scanner.stills", pool="artwork", needs=tmdb.IMAGE_SOURCE)
def fetch_stills(key: str) -> None:
    """Bring the stills of the episodes of one show ("title:17")."""
    title = titles.in_use().filter(pk=key.partition(":")[2], kind=Title.Kind.SHOW).first()
    if title:
        artwork.fetch_stills(title)
