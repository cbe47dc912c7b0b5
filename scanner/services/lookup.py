"""Asking the metadata service for a person who waits: by words, or by an id or address that was typed."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from jobs.errors import GiveUp, RetryLater
from outbound.client import asked_by_a_person
from outbound.errors import NotFound
from pages.stored import translated
from scanner import matching
from scanner.matching import Candidate
from scanner.models import Match, Title
from scanner.providers import tmdb
from scanner.providers.tmdb_answers import Glance
from scanner.services.offers import Offer, judged, with_what_is_here

SECONDS = 6.0  # a person waits
MOST = 12
LARGEST_ID = 2**31
TMDB_PAGE = re.compile(r"(?:^|themoviedb\.org/)(?P<kind>movie|tv)/(?P<id>[0-9]{1,18})(?![0-9])")
TMDB_NUMBER = re.compile(r"(?:tmdb[:= ]\s*)?(?P<id>[0-9]{1,18})", re.IGNORECASE)
IMDB = re.compile(r"(?:^|imdb\.com/(?:\w\w/)?title/|imdb[:= ]\s*)(?P<id>tt[0-9]{5,10})(?![0-9])", re.IGNORECASE)
TVDB = re.compile(r"(?:tvdb[:= ]\s*|thetvdb\.com/\S{0,200}?(?:[?&]id=|/series/|/movies?/))(?P<id>[0-9]{1,9})(?![\w-])")


class NobodyToAsk(Exception):
    """There is no metadata service for this match: no key is set, or it is the demo's and the service is not."""


@dataclass(frozen=True, slots=True)
class Typed:
    """An id that a person typed; `kind` is empty where only the person can know it."""

    source: str
    value: str
    kind: str = ""
    is_bare: bool = False  # only digits: a film may be called so


@dataclass(frozen=True, slots=True)
class Found:
    """What was found, and in a sentence what stood in the way."""

    offers: Sequence[Offer] = field(default=())
    problem: str = ""
    detail: str = ""


def typed(text: str) -> Typed | None:
    """Return the id in what was typed; None where it can only be words."""
    text = text.strip()
    if found := TMDB_PAGE.search(text):
        kind = Title.Kind.MOVIE if found["kind"] == "movie" else Title.Kind.SHOW
        return _tmdb(found["id"], kind=str(kind))
    if found := IMDB.search(text):
        return Typed("imdb", found["id"].lower())
    if found := TVDB.search(text):
        return Typed("tvdb", found["id"])
    found = TMDB_NUMBER.fullmatch(text) if text.isascii() else None
    return _tmdb(found["id"], is_bare=text.isdigit()) if found else None


def _tmdb(number: str, *, kind: str = "", is_bare: bool = False) -> Typed | None:
    return Typed("tmdb", number, kind, is_bare) if 0 < int(number) < LARGEST_ID else None


def search(match: Match, text: str, *, kind: str, year: int | None) -> Found:
    """Return what fits the words or the id in `text`, best first. Never raises for what the service does."""
    named = typed(text)
    if not tmdb.configured(demo=match.library.demo):
        return _without_asking(match, named, kind, _("There is no TMDB key, so TMDB cannot be searched."))
    try:
        with asked_by_a_person(within=SECONDS):
            found = _ask(named, text, kind, year)
    except NotFound:
        return Found(problem=_("TMDB knows no such title."))
    except (RetryLater, GiveUp) as failure:
        sentence = _("TMDB cannot be asked at the moment.")
        return _without_asking(match, named, kind, sentence, detail=str(failure))
    words = {"name": text, "year": year} if not named else {}
    offered = judged(match, found[:MOST], **words)  # type: ignore[arg-type]
    return Found(with_what_is_here({0: offered})[0])


def by_name(match: Match, *, name: str, year: int | None, kind: str) -> list[Offer]:
    """Return what the metadata service knows by this name, best first, for a program: its failures fly.

    Raises NobodyToAsk, and the failures of `outbound.errors`.
    """
    if not tmdb.configured(demo=match.library.demo):
        raise NobodyToAsk(_("Without a TMDB key there is nobody to ask. Set one in Settings."))
    with asked_by_a_person(within=SECONDS):
        found = tmdb.search(name, year, kind=kind)
    return sorted(judged(match, found, name=name, year=year), key=lambda offer: -offer.score)


def glance(match: Match, kind: str, tmdb_id: int) -> tuple[Glance | None, str]:
    """Return what TMDB tells of a title before it is picked, or None and why there is nothing."""
    if not tmdb.configured(demo=match.library.demo):
        return None, _("There is no TMDB key: what this id stands for is found out once there is one.")
    try:
        with asked_by_a_person(within=SECONDS):
            return tmdb.glance(tmdb_id, kind=kind), ""
    except NotFound:
        return None, unknown(kind, tmdb_id)
    except (RetryLater, GiveUp) as failure:
        return None, f"{_('TMDB cannot be asked at the moment.')} {failure}"


def objection(match: Match, kind: str, tmdb_id: int) -> str:
    """Return why this id cannot be right; nothing where TMDB knows it, or cannot be asked at the moment."""
    if not tmdb.configured(demo=match.library.demo):
        return ""
    try:
        with asked_by_a_person(within=SECONDS):
            tmdb.glance(tmdb_id, kind=kind)
    except NotFound:
        return unknown(kind, tmdb_id)
    except (RetryLater, GiveUp):
        return ""
    return ""


def by_number(kind: str, tmdb_id: int) -> Candidate:
    """Return a title of which nothing but its id is known."""
    return Candidate(tmdb_id, kind, f"TMDB {tmdb_id}", "", None, 0.0, -1, "", "")


def unknown(kind: str, tmdb_id: int) -> str:
    """Return the sentence for an id that nobody has."""
    named = {"kind": translated(kind), "id": tmdb_id}
    return _("TMDB knows no %(kind)s with the id %(id)d.") % named


def _ask(named: Typed | None, text: str, kind: str, year: int | None) -> list[Candidate]:
    """A number may be an id or a name (1917): then both are asked for."""
    by_words = tmdb.search(text, year, kind=kind) if named is None or named.is_bare else []
    ranked = [verdict.candidate for verdict in matching.rank(text, year, by_words)]
    return ranked[: MOST - 1] + list(_by_id(named, kind, alone=not ranked)) if named else ranked


def _by_id(named: Typed, kind: str, *, alone: bool) -> Iterable[Candidate]:
    kind = named.kind or kind
    if named.source != "tmdb":
        kinds = (kind, *(other for other in Title.Kind.values if other != kind))
        found = next(filter(None, (tmdb.find(named.source, named.value, kind=each) for each in kinds)), None)
        if found is None:
            raise NotFound(f"nobody has {named.source} {named.value}")
        return [found]
    try:
        return [tmdb.glance(int(named.value), kind=kind).candidate]
    except NotFound:
        if alone:
            raise
        return []


def _without_asking(match: Match, named: Typed | None, kind: str, problem: str, *, detail: str = "") -> Found:
    """An id of TMDB's can be picked all the same; what it stands for is found out later."""
    if named is None or named.source != "tmdb":
        hint = _("You can still name the title by its TMDB id, or by the address of its page there.")
        return Found(problem=f"{problem} {hint}", detail=detail)
    one = by_number(named.kind or kind, int(named.value))
    hint = _("The id can be taken as it is; whether it is right shows when TMDB answers again.")
    return Found(with_what_is_here({0: judged(match, [one])})[0], problem=f"{problem} {hint}", detail=detail)
