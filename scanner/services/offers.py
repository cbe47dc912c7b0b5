"""Titles offered to a person for a match: what a search found, judged as the search judges it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass, replace
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from pages.stored import translated
from scanner import matching
from scanner.matching import Candidate
from scanner.models import Match, Title


@dataclass(frozen=True, slots=True)
class Offer:
    """A title as a person reads it; `value` is what a form sends: "movie:603".

    `poster` is the hash of a picture that is at hand, `title_id` the row of a title the library has already.
    """

    value: str
    id: int
    kind: str
    name: str
    year: int | None
    score: float
    reason: str
    votes: int | None
    overview: str
    address: str
    original_name: str = ""
    poster: str = ""
    title_id: int | None = None

    @property
    def kind_word(self) -> str:
        """Movie or show."""
        return str(_("Show") if self.kind == Title.Kind.SHOW else _("Movie"))

    @property
    def why(self) -> str:
        """How well it fits, why, and how many know it."""
        fits = _("fits %(score)d of 100: %(reason)s") % {"score": self.score, "reason": self.reason}
        known = ngettext("%d vote", "%d votes", self.votes) % self.votes if self.votes is not None else ""
        return f"{fits} · {known}" if known else fits


def offers(match: Match) -> list[Offer]:
    """Return what was found, best first; what is not as agreed is left out."""
    kept = match.candidates if isinstance(match.candidates, list) else []
    return judged(match, [one for row in kept if isinstance(row, dict) and (one := _candidate(match, row))])


def judged(match: Match, candidates: Iterable[Candidate], *, name: str = "", year: int | None = None) -> list[Offer]:
    """Return offers in the order given, each with how well it fits the name of the match, or the one given."""
    wanted, when = name or match.name, year if name else match.year
    return [_offer(matching.rank(wanted, when, [one])[0]) for one in candidates]


def with_what_is_here(offered: dict[Any, list[Offer]]) -> dict[Any, list[Offer]]:
    """Add pictures and addresses of titles that the library has already, for all lists in one query."""
    wanted = {(one.kind, one.id) for several in offered.values() for one in several}
    if not wanted:
        return offered
    alike = Q(pk__in=())
    for kind in Title.Kind.values:
        alike |= Q(kind=kind, tmdb_id__in=[pk for its, pk in wanted if its == kind])
    rows = Title.objects.filter(alike).values_list("kind", "tmdb_id", "poster", "pk")
    here = {(kind, tmdb_id): (poster, pk) for kind, tmdb_id, poster, pk in rows}
    return {key: [_here(one, here) for one in several] for key, several in offered.items()}


def _here(offer: Offer, here: dict[tuple[str, int | None], tuple[str, int]]) -> Offer:
    found = here.get((offer.kind, offer.id))
    return replace(offer, poster=found[0], title_id=found[1]) if found else offer


def reason_of(verdict: matching.Verdict) -> str:
    """Return the reason of a verdict in the language of the page."""
    return translated(verdict.reason)


def candidates_of(match: Match) -> list[Candidate]:
    """Return the candidates that are kept with a match."""
    kept = match.candidates if isinstance(match.candidates, list) else []
    return [one for row in kept if isinstance(row, dict) and (one := _candidate(match, row))]


def kept(candidates: Iterable[Candidate]) -> list[dict[str, Any]]:
    """Return candidates as they are kept with a match."""
    return [asdict(one) for one in candidates]


def _candidate(match: Match, told: dict[str, Any]) -> Candidate | None:
    one: dict[str, Any] = told["candidate"] if isinstance(told.get("candidate"), dict) else told
    number = str(one.get("id", ""))
    if not (number.isascii() and number.isdigit() and len(number) <= 18):
        return None
    others, votes = one.get("alternative_names"), one.get("votes")
    return Candidate(
        id=int(number),
        kind=str(one["kind"] if one.get("kind") in Title.Kind.values else match.kind),
        name=str(one.get("name") or "?"),
        original_name=str(one.get("original_name") or ""),
        year=one["year"] if isinstance(one.get("year"), int) else None,
        popularity=0.0,
        votes=votes if isinstance(votes, int) else -1,
        poster_path="",
        overview=str(one.get("overview") or ""),
        alternative_names=tuple(str(other) for other in others) if isinstance(others, list) else (),
    )


def _offer(verdict: matching.Verdict) -> Offer:
    one = verdict.candidate
    page = "movie" if one.kind == Title.Kind.MOVIE else "tv"
    return Offer(
        value=f"{one.kind}:{one.id}",
        id=one.id,
        kind=one.kind,
        name=one.name,
        year=one.year,
        score=verdict.score,
        reason=reason_of(verdict),
        votes=one.votes if one.votes >= 0 else None,
        overview=one.overview,
        address=f"https://www.themoviedb.org/{page}/{one.id}",
        original_name=one.original_name if one.original_name != one.name else "",
    )
