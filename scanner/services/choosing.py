"""A person's own choice of picture for a title or a season: kept through refreshes, rescans and rebuilds."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from jobs import queue
from jobs.models import Priority
from journal.moves import record
from scanner import art, pictures
from scanner.art import Slot
from scanner.lenient import text, whole
from scanner.models import ArtOffer, Artwork, Match, Title
from scanner.pictures import BadPicture
from scanner.providers import tmdb
from scanner.services import causes, thumbnails

FRESH = timedelta(days=1)
KEPT = timedelta(days=7)


class Refused(ValueError):
    """A choice that cannot be made; the text says why, to the person who made it."""


class Unusable(Refused):
    """A file that is no picture we can use."""


@dataclass(frozen=True, slots=True)
class Offer:
    """A picture at TMDB that can be chosen; `language` is empty where there are no words in it."""

    path: str
    language: str
    width: int
    height: int
    score: float
    votes: int


def slots(title: Title) -> list[Slot]:
    """Return the slots of a title that a person may choose for: its own, and those of its seasons."""
    numbers = title.seasons.values_list("number", flat=True) if title.kind == Title.Kind.SHOW else ()
    return [*(Slot(role) for role in art.OF_A_TITLE), *(Slot(art.SEASON, number) for number in sorted(numbers))]


def ask(title: Title, season: int = art.NONE) -> None:
    """Ask TMDB what it has, in one request; nothing where that was done today.

    Raises Refused where it cannot be asked about this title, and the failures of `outbound`.
    """
    demo = Match.objects.filter(title=title, library__demo=True).exists()
    if title.tmdb_id is None or not tmdb.configured(demo=demo):
        raise Refused(_("TMDB cannot be asked about this title. You can upload a picture of your own."))
    if ArtOffer.objects.filter(title=title, season=season, asked_at__gt=timezone.now() - FRESH).exists():
        return
    found = tmdb.offers(title.tmdb_id, kind=title.kind, season=None if season == art.NONE else season)
    offered: dict[str, Any] = {"asked_at": timezone.now(), "pictures": found}
    ArtOffer.objects.update_or_create(title=title, season=season, defaults=offered)


def choices(title: Title, slot: Slot) -> list[Offer] | None:
    """Return what TMDB offered for a slot; None where it was not asked for days."""
    row = ArtOffer.objects.filter(title=title, season=slot.season).first()
    if row is None or row.asked_at < timezone.now() - KEPT:
        return None
    return list(_offers(row, art.POSTER if slot.role == art.SEASON else slot.role))


def was_offered(title: Title, path: str) -> str:
    """Return for which role a picture was offered for this title; nothing where it was not."""
    for row in ArtOffer.objects.filter(title=title):
        for role in (art.POSTER, art.FANART, art.LOGO):
            if any(offer.path == path for offer in _offers(row, role)):
                return role
    return ""


def choose(title: Title, slot: Slot, path: str, *, actor: str) -> None:
    """Take one of the pictures that were offered, and keep to it. Raises Refused."""
    if path not in {offer.path for offer in choices(title, slot) or ()}:
        raise Refused(_("This picture is not among those that TMDB offers any more. Ask again, then choose."))
    _settle(title, slot, path, said=f"{actor} chose the {slot}", actor=actor)


def upload(title: Title, slot: Slot, data: bytes, *, actor: str) -> None:
    """Take a picture that a person sends, and keep to it. Nothing but its pixels is kept. Raises Refused."""
    if len(data) > pictures.MOST_BYTES:
        raise Refused(too_large())
    try:
        picture = pictures.made_anew(data, png=slot.role == art.LOGO)
    except BadPicture as error:
        said = _("This file cannot be used: it has to be a JPEG, PNG or WebP picture of at most 50 million pixels.")
        raise Unusable(said) from error
    thumbnails.keep(picture)
    _settle(title, slot, art.UPLOAD + picture.sha256, said=f"{actor} uploaded the {slot}", actor=actor)


def release(title: Title, slot: Slot, *, actor: str) -> bool:
    """Let mediasync choose again; returns whether there was a choice."""
    with transaction.atomic():
        released = _row(title, slot).exclude(choice="").update(choice="")
        if released:
            record(title, reason=f"{actor} left the choice of the {slot} to mediasync", actor=actor)
            _queue(title, actor)
    return bool(released)


def too_large() -> str:
    """Return what is said of a file that is too large."""
    return _("This file is larger than %d MiB, which is the most for a picture.") % (pictures.MOST_BYTES >> 20)


def forget_old_offers() -> int:
    """Delete what TMDB offered days ago; returns how many."""
    return ArtOffer.objects.filter(asked_at__lt=timezone.now() - KEPT).delete()[0]


def _settle(title: Title, slot: Slot, source: str, *, said: str, actor: str) -> None:
    if slot not in slots(title):
        raise Refused(_("There is no such picture of this title."))
    with transaction.atomic():
        own = _row(title, slot).exclude(own="").values_list("own", flat=True).first()
        if own:
            told = _("Your own file %s lies beside the media and is never replaced. Take it away to choose another.")
            raise Refused(told % own)
        where: dict[str, Any] = {"role": slot.role, "season": slot.season, "episode": slot.episode}
        Artwork.objects.update_or_create(title=title, **where, defaults={"choice": source})
        record(title, reason=said, facts={"source": source, **where}, actor=actor)
        _queue(title, actor)


def _queue(title: Title, actor: str) -> None:
    """Have the picture fetched, and metadata.json written, which keeps the choice whatever becomes of the database."""
    said: dict[str, Any] = {"reason": f"{actor} chose a picture", "origin": "", "priority": Priority.CRITICAL}
    matches = Match.objects.filter(title=title, state=Match.State.MATCHED).order_by("pk").values_list("pk", flat=True)
    queue.enqueue(causes.artwork(title.pk, **said), *(causes.writing(pk, **said) for pk in matches))


def _row(title: Title, slot: Slot) -> Any:
    return Artwork.objects.filter(title=title, role=slot.role, season=slot.season, episode=slot.episode)


def _offers(row: ArtOffer, role: str) -> Iterator[Offer]:
    listed = row.pictures.get(role) if isinstance(row.pictures, dict) else None
    for one in listed if isinstance(listed, list) else ():
        path = text(one, "path")
        if art.is_source(path):
            size = whole(one, "width") or 0, whole(one, "height") or 0
            yield Offer(path, text(one, "language"), *size, float(one.get("score") or 0), whole(one, "votes") or 0)
