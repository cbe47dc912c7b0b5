"""What a person wants of titles, episodes and files: the actions of their pages."""

from __future__ import annotations

from typing import Any, Literal

from django.http import HttpRequest
from ninja import Path, Router, Schema
from pydantic import Field

from mediasync.api import auth, items, matches, problems, titles
from mediasync.api.auth import actor_of
from mediasync.api.door import acts
from mediasync.api.items import ItemRow
from mediasync.api.matches import MatchRow
from mediasync.api.paging import Id
from mediasync.api.shapes import accepts, looks_like
from mediasync.keys import Scope
from scanner.models import Episode, Match, Title
from scanner.services import decided, many, relook, sets, wishes

router = Router(tags=["titles"])
NOTHING_LEFT = "There is nothing to take back any more."


class TitlesAsked(Schema):
    """What is to be done with several titles."""

    do: Literal["refresh", "lock", "unlock", "write", "ignore"]
    ids: list[Id] = Field(min_length=1, max_length=1000)

    model_config = accepts({"do": "lock", "ids": [17, 18]})


class Done(Schema):
    """How many titles it is done with; those that are gone are left out. `later`: a job does it."""

    titles: int
    later: bool

    model_config = looks_like({"titles": 2, "later": False})


class WishAsked(Schema):
    """What is wanted of episodes: an ignored one is not missed; an empty wish leaves them to the rule."""

    wish: Literal["wanted", "ignored", ""]
    episodes: list[Id] = Field(min_length=1, max_length=1000)

    model_config = accepts({"wish": "ignored", "episodes": [900]})


class Wished(Schema):
    """How many episodes were changed, and the event that takes it back."""

    episodes: int
    event: int | None

    model_config = looks_like({"episodes": 1, "event": 90210})


class MatchesAsked(Schema):
    """What is to be done with several matches."""

    do: Literal["ignore", "look-again"]
    ids: list[Id] = Field(min_length=1, max_length=1000)

    model_config = accepts({"do": "ignore", "ids": [44, 45]})


class MatchesDone(Schema):
    """How many matches were changed; those that moved on are left out. `event` takes it back, where that can be."""

    matches: int
    event: int | None

    model_config = looks_like({"matches": 2, "event": 90210})


class UndoAsked(Schema):
    """What is to be taken back."""

    event: Id

    model_config = accepts({"event": 90210})


@acts(router, "/titles/bulk", {202: Done})
def change_titles(request: HttpRequest, asked: TitlesAsked) -> Any:
    """Do one thing with several titles.

    As on the Library page: `ignore` leaves their folders alone, no file is changed. One event tells of all.
    Everything but `refresh` needs the scope `admin`.
    """
    if asked.do != "refresh":
        auth.needs(request, Scope.ADMIN)
    there = list(Title.objects.filter(pk__in=asked.ids).order_by("pk").values_list("pk", flat=True))
    later = many.decide(asked.do, there, actor=actor_of(request)) if there else False
    return {"titles": len(there), "later": later}


@acts(router, "/titles/{pk}/wishes", {200: Wished})
def wish_for_episodes(request: HttpRequest, pk: Path[Id], asked: WishAsked) -> Any:
    """Say what is wanted of episodes.

    As on the page of a season. Episodes of other titles, and those of which that is said already, are left out.
    """
    titles.known(pk)
    mine = list(Episode.objects.filter(title=pk, pk__in=asked.episodes).values_list("pk", flat=True))
    event = wishes.say(Title.objects.get(pk=pk), mine, asked.wish, actor=actor_of(request))
    changed = sum(map(len, event.facts["before"].values())) if event else 0
    return {"episodes": changed, "event": event.pk if event else None}


@acts(router, "/titles/{pk}/wishes/undo", {200: Wished}, errors=[409])
def undo_wishes(request: HttpRequest, pk: Path[Id], asked: UndoAsked) -> Any:
    """Take back what was said last of episodes.

    409 where there is nothing to take back any more.
    """
    titles.known(pk)
    changed = wishes.take_back(Title.objects.get(pk=pk), asked.event, actor=actor_of(request))
    if not changed:
        raise problems.moved_on(NOTHING_LEFT)
    return {"episodes": changed, "event": None}


@acts(router, "/matches/bulk", {202: MatchesDone}, scope=Scope.ADMIN)
def change_matches(request: HttpRequest, asked: MatchesAsked) -> Any:
    """Ignore several matches, or identify them anew.

    As on the Unmatched page: only those that wait for a person, or are ignored. One event tells of all.
    """
    chosen, actor = Match.objects.filter(pk__in=asked.ids, library__removed_at=None), actor_of(request)
    if asked.do == "look-again":
        return {"matches": sets.look_again_all(chosen, actor=actor), "event": None}
    ignored, event = sets.ignore_all(chosen, actor=actor)
    return {"matches": ignored, "event": event.pk if event else None}


@acts(router, "/matches/bulk/undo", {200: MatchesDone}, scope=Scope.ADMIN, errors=[409])
def undo_matches(request: HttpRequest, asked: UndoAsked) -> Any:
    """Take back that several matches were ignored.

    The last set only; those about which something was decided since stay. 409 where there is nothing to take back.
    """
    restored = sets.take_back(asked.event, actor=actor_of(request))
    if not restored:
        raise problems.moved_on(NOTHING_LEFT)
    return {"matches": restored, "event": None}


@acts(router, "/matches/{pk}/undo", {200: MatchRow}, scope=Scope.ADMIN, errors=[409])
def undo_decision(request: HttpRequest, pk: Path[Id]) -> Any:
    """Take the last decision about a match back.

    409 where there is none that still holds.
    """
    match = matches.one(pk, "candidates")
    event = decided.last(match)
    if event is None or not decided.undo(match, event.pk, actor=actor_of(request)):
        raise problems.moved_on("Nothing that was decided about this match can be taken back any more.")
    return matches.shown(pk)


@acts(router, "/items/{pk}/look-again", {202: ItemRow}, errors=[409])
def look_again_at_item(request: HttpRequest, pk: Path[Id]) -> Any:
    """Look into a file once more.

    409 where it is not on disk at the moment.
    """
    row = items.files().filter(pk=pk).values(*items.COLUMNS).first()
    if row is None:
        raise problems.missing(f"item {pk}")
    if not relook.look_again([pk], actor=actor_of(request)):
        raise problems.moved_on("This file is not on disk at the moment; the next scan looks for it.")
    return items.rows([row])[0]
