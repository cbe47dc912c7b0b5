"""Getting the bytes of a picture: from beside other media, from what a person sent, and last from TMDB."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence

from jobs.errors import GiveUp, RetryLater
from outbound.errors import BadContent
from scanner import art, pictures
from scanner.art import Slot
from scanner.description import ArtPick
from scanner.models import Artwork
from scanner.pictures import BadPicture, Picture
from scanner.providers import tmdb_images
from scanner.services import thumbnails
from scanner.services.spots import Ground, Spot


class Lost(Exception):
    """There is no such picture (any more); the text says what came instead."""


class NoPicture(Exception):
    """What came is no picture: `reason` puts the job off, or has a person look."""

    def __init__(self, reason: RetryLater | GiveUp) -> None:
        super().__init__(str(reason))
        self.reason = reason


def obtain(slot: Slot, pick: ArtPick, spots: Sequence[Spot], grounds: Iterable[Ground]) -> Picture:
    """Return a picture in the format of its file; asks TMDB only for what lies nowhere.

    Raises Lost where there is none, NoPicture where something else came, RetryLater where it cannot be asked for.
    """
    here = _from_beside(slot, pick, spots, grounds)
    if here is not None:
        return here
    if pick.tmdb_path.startswith(art.UPLOAD):
        return _uploaded(pick.tmdb_path.removeprefix(art.UPLOAD))
    try:
        found = pictures.look(tmdb_images.fetch(pick.tmdb_path, size=pick.size))
    except BadPicture as error:
        again = RetryLater(f"The {slot} that TMDB's image host sent is no picture: {error}")
        raise NoPicture(again) from error
    except BadContent as error:
        raise NoPicture(error) from error
    except GiveUp as error:
        raise Lost(f"TMDB has no picture at the {slot}'s address: {error.reason}") from error
    return pictures.as_png(found) if slot.role == art.LOGO else pictures.as_jpeg(found)


def of_the_same_collection(slot: Slot, pick: ArtPick) -> Artwork | None:
    """Return the row of another film whose collection has this picture, if the web has it already."""
    if slot.role not in art.OF_A_COLLECTION:
        return None
    rows = Artwork.objects.filter(role__in=art.OF_A_COLLECTION, role=slot.role, source_path=pick.tmdb_path)
    row = rows.exclude(shown="").first()
    return row if row and thumbnails.are_there(row.shown, role=slot.role) else None


def _from_beside(slot: Slot, pick: ArtPick, spots: Sequence[Spot], grounds: Iterable[Ground]) -> Picture | None:
    for spot in spots:
        if spot.ours is not None and spot.source == pick.tmdb_path:
            return pictures.look(spot.ours)
    if slot.role == art.STILL:
        for ground in grounds:
            if body := ground.twin(pick.tmdb_path):
                return pictures.look(body)
    return None


def _uploaded(sha256: str) -> Picture:
    body = thumbnails.kept(sha256)
    if body is None or hashlib.sha256(body).hexdigest() != sha256:
        raise Lost("The picture that was uploaded is not there any more; please choose another")
    return pictures.look(body)
