"""Pictures of titles: what is shown, what could be, and a person's own choice."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from ninja import Path, Router, Schema
from pydantic import Field

from mediasync.api import problems
from mediasync.api.asking import asking
from mediasync.api.auth import actor_of
from mediasync.api.door import acts, reads
from mediasync.api.paging import Id, Word
from mediasync.api.problems import Problem
from mediasync.api.shapes import accepts, looks_like
from mediasync.keys import Scope
from scanner import art, frames, gallery, pictures
from scanner.art import Slot
from scanner.frames import Line
from scanner.models import Title
from scanner.services import choosing
from scanner.services.choosing import Refused

router = Router(tags=["artwork"])
KINDS = tuple(f"image/{name.lower()}" for name in pictures.FORMATS)
SENT = {kind: {"schema": {"type": "string", "format": "binary"}} for kind in KINDS}
SHOWN = {
    "url": "/artwork/" + "0" * 64 + "-342.webp",
    "small_url": "/artwork/" + "0" * 64 + "-185.webp",
    "width": 1000,
    "height": 1500,
}
EXAMPLE = {
    "slot": "poster",
    "role": "poster",
    "season": None,
    "name": "Poster",
    "shown": SHOWN,
    "source": "/abc.jpg",
    "chosen": True,
    "own": "",
}
CANDIDATE = {
    "source": "/abc.jpg",
    "language": "en",
    "width": 1000,
    "height": 1500,
    "score": 5.2,
    "votes": 12,
    "chosen": True,
    "preview": "/library/17/artwork/preview/abc.jpg",
}


class PictureCopies(Schema):
    """A picture on this server, in two sizes; `width` and `height` are those of the whole picture."""

    url: str
    small_url: str
    width: int
    height: int

    model_config = looks_like(SHOWN)


class PictureRow(Schema):
    """A place for a picture, and what is shown there. One that is `chosen` is locked: no refresh changes it."""

    slot: str = Field(description="Its name in addresses: poster, fanart, logo, landscape, banner, season01-poster.")
    role: str
    season: int | None
    name: str
    shown: PictureCopies | None
    source: str = Field(description="A path at TMDB, or `upload:` and a hash; empty where nothing is known.")
    chosen: bool
    own: str = Field(description="Somebody's own file beside the media, which is shown and never replaced.")

    model_config = looks_like(EXAMPLE)


class Artwork(Schema):
    """The pictures of a title; `under_way` while some of them are being fetched."""

    under_way: bool
    pictures: list[PictureRow]

    model_config = looks_like({"under_way": False, "pictures": [EXAMPLE]})


class PictureOffer(Schema):
    """A picture at TMDB; `language` is empty where there are no words in it, `preview` a small copy on this server."""

    source: str
    language: str
    width: int
    height: int
    score: float
    votes: int
    chosen: bool
    preview: str

    model_config = looks_like(CANDIDATE)


class PictureOffers(Schema):
    """What can be chosen; `asked` says whether TMDB was asked within the last days."""

    asked: bool
    candidates: list[PictureOffer]

    model_config = looks_like({"asked": True, "candidates": [CANDIDATE]})


class Choice(Schema):
    """The picture to take."""

    source: str = Field(min_length=1, max_length=art.LONGEST_PATH, description="`source` of a candidate.")

    model_config = accepts({"source": "/abc.jpg"})


@reads(router, "/titles/{pk}/artwork", Artwork)
def list_artwork(request: HttpRequest, pk: Path[Id]) -> Any:
    """List the pictures of a title.

    Its own and the posters of its seasons: what is shown, whether a person chose it, and whose file it is.
    """
    title = _title(pk)
    return {"under_way": frames.under_way(title), "pictures": [_row(line) for line in frames.lines(title)]}


@reads(router, "/titles/{pk}/artwork/{slot}/candidates", PictureOffers, scope=Scope.ADMIN)
def list_picture_candidates(request: HttpRequest, pk: Path[Id], slot: Path[Word]) -> Any:
    """List the pictures that can be chosen.

    As TMDB offered them when it was last asked; there are no banners. Nobody is asked for this.
    """
    return _candidates(*_place(pk, slot))


@acts(router, "/titles/{pk}/artwork/{slot}/candidates", {200: PictureOffers}, scope=Scope.ADMIN, errors=[409, 502])
def ask_for_pictures(request: HttpRequest, pk: Path[Id], slot: Path[Word]) -> Any:
    """Ask TMDB what pictures it has.

    One request ahead of everything, none where that was done today. 409 where it cannot be asked about this title.
    """
    title, place = _place(pk, slot)
    try:
        with asking():
            choosing.ask(title, place.season)
    except Refused as refused:
        raise problems.moved_on(str(refused)) from refused
    return _candidates(title, place)


@acts(router, "/titles/{pk}/artwork/{slot}/choose", {202: PictureRow}, scope=Scope.ADMIN, errors=[409])
def choose_picture(request: HttpRequest, pk: Path[Id], slot: Path[Word], asked: Choice) -> Any:
    """Choose another picture.

    One of the candidates: it is fetched next, and kept through every refresh. 409 where it is none of them any more,
    or somebody's own file lies there.
    """
    title, place = _place(pk, slot)
    try:
        choosing.choose(title, place, asked.source, actor=actor_of(request))
    except Refused as refused:
        raise problems.moved_on(str(refused)) from refused
    return _shown(title, place)


@acts(
    router,
    "/titles/{pk}/artwork/{slot}",
    {202: PictureRow},
    method="PUT",
    scope=Scope.ADMIN,
    errors=[409, 413, 415],
    sent=SENT,
)
def upload_picture(request: HttpRequest, pk: Path[Id], slot: Path[Word]) -> Any:
    """Upload a picture.

    The body is the file: JPEG, PNG or WebP, 20 MiB at most. Nothing but its pixels is kept. 422 where it is no such
    picture, 409 where somebody's own file lies there.
    """
    title, place = _place(pk, slot)
    data = _body(request)
    try:
        with asking():
            choosing.upload(title, place, data, actor=actor_of(request))
    except choosing.Unusable as unusable:
        raise problems.invalid("body", "picture", str(unusable)) from unusable
    except Refused as refused:
        raise problems.moved_on(str(refused)) from refused
    return _shown(title, place)


@acts(router, "/titles/{pk}/artwork/{slot}/release", {202: PictureRow}, scope=Scope.ADMIN)
def release_picture(request: HttpRequest, pk: Path[Id], slot: Path[Word]) -> Any:
    """Let mediasync choose again.

    What was chosen or uploaded is let go. Nothing happens where nobody chose.
    """
    title, place = _place(pk, slot)
    choosing.release(title, place, actor=actor_of(request))
    return _shown(title, place)


def _body(request: HttpRequest) -> bytes:
    """Return what was sent, a byte more than is allowed at most. Raises Problem."""
    kind = request.content_type or ""
    if kind not in KINDS:
        said = f"Send the picture itself as {', '.join(KINDS)}, not {kind or 'a body without a type'}."
        raise Problem(415, "unsupported-media-type", said)
    data = request.read(pictures.MOST_BYTES + 1)
    if len(data) > pictures.MOST_BYTES:
        raise Problem(413, "too-large", choosing.too_large())
    return data


def _title(pk: int) -> Title:
    title = Title.objects.filter(pk=pk).first()
    if title is None:
        raise problems.missing(f"title {pk}")
    return title


def _place(pk: int, key: str) -> tuple[Title, Slot]:
    """Return a title and a place of it. Raises Problem."""
    title, slot = _title(pk), art.slot_of(key)
    if slot is None or slot not in choosing.slots(title):
        raise problems.missing(f"picture “{key}” of title {pk}")
    return title, slot


def _candidates(title: Title, slot: Slot) -> dict[str, Any]:
    offered = [] if slot.role == art.BANNER else choosing.choices(title, slot)
    source = _line(title, slot).source
    return {"asked": offered is not None, "candidates": [_candidate(title, one, source) for one in offered or ()]}


def _candidate(title: Title, offer: choosing.Offer, source: str) -> dict[str, Any]:
    same = ("language", "width", "height", "score", "votes")
    return {
        **{name: getattr(offer, name) for name in same},
        "source": offer.path,
        "chosen": offer.path == source,
        "preview": f"/library/{title.pk}/artwork/preview{offer.path}",
    }


def _line(title: Title, slot: Slot) -> Line:
    return next(line for line in frames.lines(title) if line.slot == slot)


def _shown(title: Title, slot: Slot) -> dict[str, Any]:
    return _row(_line(title, slot))


def _row(line: Line) -> dict[str, Any]:
    seen = line.shown
    return {
        "slot": line.slot.key,
        "role": line.slot.role,
        "season": None if line.slot.season == art.NONE else line.slot.season,
        "name": line.name,
        "shown": _copies(seen) if seen else None,
        "source": line.source,
        "chosen": line.chosen,
        "own": seen.own if seen else "",
    }


def _copies(seen: gallery.Shown) -> dict[str, Any]:
    return {"url": seen.large.url, "small_url": seen.small.url, "width": seen.width, "height": seen.height}
