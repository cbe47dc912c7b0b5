"""What a match could be: the candidates of a search as a person reads them, each with how well it fits and why."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from scanner import matching
from scanner.matching import Candidate
from scanner.models import Match, Title


@dataclass(frozen=True, slots=True)
class Offer:
    """A candidate; `value` ("movie:603") is what a form sends, `kind` is the word for it, `why` the whole sentence."""

    value: str
    id: int
    kind: str
    name: str
    year: int | None
    score: float
    reason: str
    why: str
    overview: str
    address: str


def offers(match: Match) -> list[Offer]:
    """Return what was found, best first; what is not as agreed is left out."""
    kept = match.candidates if isinstance(match.candidates, list) else []
    return _offers(kept, match.name, match.year, match.kind)


def offers_of(found: Iterable[Candidate], name: str, year: int | None) -> list[Offer]:
    """Return what a search for this name found, best first."""
    ranked = matching.rank(name, year, list(found))
    return _offers([asdict(verdict.candidate) for verdict in ranked], name, year, Title.Kind.MOVIE)


def _offers(kept: Iterable[Any], name: str, year: int | None, kind: str) -> list[Offer]:
    return [offer for row in kept if isinstance(row, dict) and (offer := _offer(row, name, year, kind))]


def _offer(told: dict[str, Any], wanted: str, wanted_year: int | None, usual: str) -> Offer | None:
    one = told["candidate"] if isinstance(told.get("candidate"), dict) else told
    number = str(one.get("id", ""))
    if not (number.isascii() and number.isdigit()):
        return None
    kind = one["kind"] if one.get("kind") in Title.Kind.values else usual
    name = str(one.get("name") or "?")
    year = one["year"] if isinstance(one.get("year"), int) else None
    page = "movie" if kind == Title.Kind.MOVIE else "tv"
    verdict = matching.rank(wanted, wanted_year, [_candidate(one, name, year, kind)])[0]
    return Offer(
        value=f"{kind}:{number}",
        id=int(number),
        kind=str(Title.Kind(kind).label),
        name=name,
        year=year,
        score=verdict.score,
        reason=verdict.reason,
        why=_why(verdict, one.get("votes")),
        overview=str(one.get("overview") or ""),
        address=f"https://www.themoviedb.org/{page}/{number}",
    )


def _candidate(one: dict[str, Any], name: str, year: int | None, kind: str) -> Candidate:
    others = one.get("alternative_names")
    return Candidate(
        id=int(one["id"]),
        kind=str(kind),
        name=name,
        original_name=str(one.get("original_name") or ""),
        year=year,
        popularity=0.0,
        votes=0,
        poster_path="",
        overview="",
        alternative_names=tuple(str(other) for other in others) if isinstance(others, list | tuple) else (),
    )


def _why(verdict: matching.Verdict, votes: Any) -> str:
    """Return how well it fits and why, judged as the search judged it."""
    said = _("fits %(score)d of 100: %(reason)s") % {"score": verdict.score, "reason": verdict.reason}
    known = ngettext("%d vote", "%d votes", votes) % votes if isinstance(votes, int) and votes else ""
    return f"{said} · {known}" if known else said
