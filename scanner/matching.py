"""Which of the candidates a name means, with a sentence why; unclear is better than wrong."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz import fuzz

from scanner.filenames import fold

_SURE = 70.0  # below this nobody is taken
_AHEAD = 6.0  # points in front of the next
_CLOSE_SPELLING = 88.0  # likeness of two spellings of one name
_KNOWN_BETTER = 8.0  # how many times more votes settle a tie between namesakes

_YEAR_POINTS = {"same": 20.0, "off by one": 14.0, "unknown": 8.0, "different": -30.0}


@dataclass(frozen=True, slots=True)
class Candidate:
    """One answer of a metadata source to a search."""

    id: int
    kind: str
    name: str
    original_name: str
    year: int | None
    popularity: float
    votes: int
    poster_path: str
    overview: str
    alternative_names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Verdict:
    """A candidate, its points (100 is a namesake of the same year) and the reason in words."""

    candidate: Candidate
    score: float
    reason: str


def rank(name: str, year: int | None, candidates: Sequence[Candidate]) -> list[Verdict]:
    """Return a verdict on every candidate, best first; fame only decides between equals."""
    wanted = fold(name)
    verdicts = [_judge(wanted, year, candidate) for candidate in candidates]
    return sorted(
        verdicts, key=lambda each: (each.score, each.candidate.votes, each.candidate.popularity), reverse=True
    )


def best(name: str, year: int | None, candidates: Sequence[Candidate]) -> Verdict | None:
    """Return the verdict that is clearly ahead of all others, or None where a person has to look."""
    ranked = rank(name, year, candidates)
    if not ranked or ranked[0].score < _SURE:
        return None
    first, rivals = ranked[0], [each for each in ranked[1:] if ranked[0].score - each.score < _AHEAD]
    if not rivals:
        return first
    if all(_better_known(first.candidate, rival.candidate) for rival in rivals):
        return Verdict(first.candidate, first.score, f"{first.reason}, far better known than its namesakes")
    return None


def _judge(wanted: str, year: int | None, candidate: Candidate) -> Verdict:
    points, called = _name_points(wanted, candidate)
    known = _year_case(year, candidate.year)
    score = max(0.0, min(100.0, points + _YEAR_POINTS[known]))
    return Verdict(candidate, round(score, 1), f"{called}, {_YEAR_WORDS[known]}")


_YEAR_WORDS = {
    "same": "same year",
    "off by one": "year off by one",
    "unknown": "year unknown",
    "different": "another year",
}


def _year_case(wanted: int | None, found: int | None) -> str:
    if wanted is None or found is None:
        return "unknown"
    return {0: "same", 1: "off by one"}.get(abs(wanted - found), "different")


def _name_points(wanted: str, candidate: Candidate) -> tuple[float, str]:
    """Return up to 80 points for the name, and how it fits."""
    if not wanted:
        return 0.0, "no name to compare"
    if wanted in (fold(candidate.name), _squeezed(candidate.name)):
        return 80.0, "same name"
    if wanted == fold(candidate.original_name):
        return 79.0, "same original name"
    if any(wanted == fold(each) for each in candidate.alternative_names):
        return 76.0, "alternative title"
    return _similar(wanted, candidate)


def _similar(wanted: str, candidate: Candidate) -> tuple[float, str]:
    names = [candidate.name, candidate.original_name, *candidate.alternative_names]
    likeness = max(_likeness(wanted, fold(each)) for each in names)
    if likeness >= _CLOSE_SPELLING:
        return 60.0 + (likeness - _CLOSE_SPELLING), "nearly the same name"
    return likeness * 0.5, "another name"


@lru_cache(maxsize=2048)
def _squeezed(name: str) -> str:
    return fold(name).replace(" ", "")


def _likeness(one: str, other: str) -> float:
    """Return 0 to 100; names whose numbers differ are never alike, for "Part 2" is not "Part 3"."""
    if not one or not other:
        return 0.0
    if _numbers(one) != _numbers(other):
        return 40.0
    return float(fuzz.ratio(one, other))


def _numbers(folded: str) -> list[str]:
    return [word for word in folded.split() if word.isdigit() or word in _ROMAN]


_ROMAN = frozenset({"ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x", "two", "three", "four", "five"})


def _better_known(one: Candidate, other: Candidate) -> bool:
    return one.votes >= 100 and one.votes >= _KNOWN_BETTER * max(1, other.votes)
