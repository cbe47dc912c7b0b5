"""Hanging pictures beside the media: each is noted as ours before it is placed, and known as ours whatever happens."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field

from jobs.errors import GiveUp, RetryLater
from scanner.art import Slot
from scanner.models import Artwork, Library, Match
from scanner.pictures import Picture
from scanner.placing import Placed
from scanner.services.notes import Notes, Record, remember
from scanner.services.spots import Spot
from scanner.services.write import place


@dataclass(slots=True)
class Errand:
    """A picture that is there and wanted beside the media."""

    slot: Slot
    source: str
    picture: Picture
    spots: list[Spot]


@dataclass(slots=True)
class Found:
    """What was reached for a title, to be written down at the end."""

    rows: dict[Slot, Artwork] = field(default_factory=dict)
    errands: list[Errand] = field(default_factory=list)
    notes: dict[int, Notes] = field(default_factory=dict)
    complaints: list[str] = field(default_factory=list)
    obstacles: dict[int, tuple[Library, OSError]] = field(default_factory=dict)  # by library
    strays: list[tuple[Match, str]] = field(default_factory=list)  # pictures of titles that matches had before
    put_off: RetryLater | GiveUp | None = None  # of one that was no picture; the others are brought all the same


def hang(found: Found) -> None:
    """Place what was fetched. The notes come first: after a kill in between it is still known as ours."""
    errands, found.errands = found.errands, []
    before: dict[int, Notes] = {}
    pending: dict[int, Notes] = {}
    for errand in errands:
        for spot in errand.spots:
            there = hashlib.sha256(spot.ours).hexdigest() if spot.ours is not None else ""
            before.setdefault(spot.match.pk, {})[spot.name] = spot.match.sidecars.get(spot.name)
            pending.setdefault(spot.match.pk, {})[spot.name] = _note(errand) | {"pending": there}
    remember(pending)
    for errand in errands:
        for spot in errand.spots:
            if not _placed(errand, spot, found):
                remember({spot.match.pk: {spot.name: before[spot.match.pk][spot.name]}})


def _placed(errand: Errand, spot: Spot, found: Found) -> bool:
    try:
        placed = place(spot.match, spot.name, errand.picture.data, ours=spot.holds)
    except OSError as error:
        found.obstacles.setdefault(spot.match.library_id, (spot.match.library, error))
        return True  # it may be there or not, which the note says
    if placed not in (Placed.WRITTEN, Placed.SAME):
        return False
    found.notes.setdefault(spot.match.pk, {})[spot.name] = _note(errand)
    return True


def _note(errand: Errand) -> Record:
    picture = errand.picture
    key = errand.slot.key
    return {"sha256": picture.sha256, "bytes": len(picture.data), "role": key, "source": errand.source}
