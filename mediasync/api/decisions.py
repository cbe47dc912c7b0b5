"""What a person says of a match: pick, lock, ignore, look again, search."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest
from ninja import Path, Router, Schema
from pydantic import Field

from mediasync.api import problems
from mediasync.api.asking import asking
from mediasync.api.auth import actor_of
from mediasync.api.door import acts
from mediasync.api.matches import Candidate, Kind, MatchRow, candidate, one, shown
from mediasync.api.paging import Id
from mediasync.api.problems import Problem
from mediasync.api.shapes import accepts
from mediasync.keys import Scope
from scanner.models import Match
from scanner.services import lookup, matches

router = Router(tags=["matches"])
MOVED_ON = "This match has changed in the meantime. Look again, then decide."


class Pick(Schema):
    """Which title it is."""

    kind: Kind
    tmdb_id: int = Field(ge=1, lt=2**31)
    check: bool = Field(default=True, description="Ask TMDB first whether it knows this id.")

    model_config = accepts({"kind": "movie", "tmdb_id": 603})


class SearchAsked(Schema):
    """What to look for; what is left out is taken from the match, a year of null is any year."""

    name: str | None = Field(None, min_length=1, max_length=200, pattern=r"^[^\x00]*\S[^\x00]*$")
    year: int | None = Field(None, ge=1870, le=2200)
    kind: Kind | None = None

    model_config = accepts({"name": "Harbour Lights", "year": 2021})


class Found(Schema):
    """What the metadata service knows by that name, best first."""

    candidates: list[Candidate]


@acts(router, "/matches/{pk}/pick", {202: MatchRow}, scope=Scope.ADMIN, errors=[409])
def pick_match(request: HttpRequest, pk: Path[Id], asked: Pick) -> Any:
    """Say which title it is.

    The match is locked, kept beside the media, and described next. 422 where TMDB knows no such id, 409 where the
    match has changed meanwhile.
    """
    match = one(pk)
    if not _is_picked(match, asked):
        if asked.check and (objection := lookup.objection(match, asked.kind, asked.tmdb_id)):
            raise problems.invalid("body", "tmdb_id", objection)
        if not matches.pick(match, kind=asked.kind, tmdb_id=asked.tmdb_id, actor=actor_of(request)):
            raise problems.moved_on(MOVED_ON)
    return shown(pk)


@acts(router, "/matches/{pk}/search", {200: Found}, scope=Scope.ADMIN, errors=[409, 502])
def search_match(request: HttpRequest, pk: Path[Id], asked: SearchAsked | None = None) -> Any:
    """Look for the right title.

    By another name, year or kind than the folder's; nothing is changed. 409 where no metadata key is set, 503 with
    Retry-After where TMDB rests, 502 where its answer makes no sense.
    """
    match, wanted = one(pk), asked or SearchAsked.model_validate({})
    name = (wanted.name or match.name or match.key).strip()
    year = wanted.year if "year" in wanted.model_fields_set else match.year
    try:
        with asking():
            found = lookup.by_name(match, name=name[:200], year=year, kind=wanted.kind or match.kind)
    except lookup.NobodyToAsk as error:
        raise Problem(409, "no-key", str(error)) from error
    return {"candidates": [candidate(offer) for offer in found]}


@acts(router, "/matches/{pk}/lock", {200: MatchRow}, scope=Scope.ADMIN)
def lock_match(request: HttpRequest, pk: Path[Id]) -> Any:
    """Lock a match.

    No scan changes it any more.
    """
    return _decided(request, pk, lambda match: match.locked, matches.lock)


@acts(router, "/matches/{pk}/unlock", {200: MatchRow}, scope=Scope.ADMIN)
def unlock_match(request: HttpRequest, pk: Path[Id]) -> Any:
    """Unlock a match.

    Scans may change it again; nothing changes until something about it does.
    """
    return _decided(request, pk, lambda match: not match.locked, matches.unlock)


@acts(router, "/matches/{pk}/ignore", {200: MatchRow}, scope=Scope.ADMIN, errors=[409])
def ignore_match(request: HttpRequest, pk: Path[Id]) -> Any:
    """Leave a match alone.

    It is not searched for and not asked about.
    """
    return _decided(request, pk, lambda match: match.state == Match.State.IGNORED, matches.ignore)


@acts(router, "/matches/{pk}/unignore", {202: MatchRow}, scope=Scope.ADMIN, errors=[409])
def unignore_match(request: HttpRequest, pk: Path[Id]) -> Any:
    """Take an ignored match up again.

    It is identified anew. Nothing happens where it is not ignored.
    """
    return _decided(request, pk, lambda match: match.state != Match.State.IGNORED, matches.look_again)


@acts(router, "/matches/{pk}/look-again", {202: MatchRow}, scope=Scope.ADMIN, errors=[409])
def look_again_at_match(request: HttpRequest, pk: Path[Id]) -> Any:
    """Identify a match anew.

    What it was believed to be is forgotten, a lock too. Nothing happens where that is under way.
    """
    return _decided(request, pk, lambda match: match.state == Match.State.NEW, matches.look_again)


def _decided(
    request: HttpRequest, pk: int, is_so: Callable[[Match], bool], decide: Callable[..., bool | None]
) -> dict[str, Any]:
    match = one(pk)
    if not is_so(match) and decide(match, actor=actor_of(request)) is False:
        raise problems.moved_on(MOVED_ON)
    return shown(pk)


def _is_picked(match: Match, asked: Pick) -> bool:
    """Return whether that has been said already."""
    title = match.title
    same = title is not None and (title.kind, title.tmdb_id) == (asked.kind, asked.tmdb_id)
    return same and match.locked and match.by == Match.By.HAND and match.state == Match.State.MATCHED
