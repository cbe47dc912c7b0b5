"""Which of the candidates a name means, with a sentence why; unclear is better than wrong."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz import fuzz

from scanner.filenames import fold, sort_name

# Points: up to 80 for the name, up to 20 for the year.
SURE = 70.0  # below this nobody is taken
AHEAD = 6.0  # what the first must be in front of the next
_YEAR_POINTS = {"same year": 20.0, "year off by one": 14.0, "no year to compare": 8.0, "another year": -30.0}
_CLOSE_SPELLING = 88.0  # likeness of two spellings of one name, out of 100
_CLOSE_POINTS = 52.0  # so that a close spelling needs the year
_BEGINS_POINTS = 54.0
_LONG_BEGINNING = 12  # letters; "Dune" begins too many names

# Fame settles a tie between namesakes only where it leaves no doubt.
_KNOWN_VOTES = 100
_TIMES_BETTER_KNOWN = 8

_COUNTRIES = frozenset({"us", "uk", "au", "nz", "ca", "ie"})
_ROMAN = ("ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x")
_SPELLED = ("two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")  # "one" is mostly no number
_ARTICLE_BEHIND = re.compile(r"^(.+), (the|an?|der|die|das|le|la|les|el|los)$", re.IGNORECASE)
_NUMERALS = {word: str(number) for words in (_ROMAN, _SPELLED) for number, word in enumerate(words, 2)}


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
    """A candidate, its points (100: a namesake of the same year) and the reason in words."""

    candidate: Candidate
    score: float
    reason: str


def rank(name: str, year: int | None, candidates: Sequence[Candidate]) -> list[Verdict]:
    """Return a verdict on every candidate, best first; fame only decides between equals."""
    verdicts = [_judge(name, year, candidate) for candidate in candidates]
    return sorted(verdicts, key=_by_score, reverse=True)


def best(name: str, year: int | None, candidates: Sequence[Candidate]) -> Verdict | None:
    """Return the verdict that is clearly ahead of all others, or None where a person has to look."""
    ranked = rank(name, year, candidates)
    if not ranked or ranked[0].score < SURE:
        return _only_one(name, year, candidates)
    first = ranked[0]
    rivals = [each for each in ranked[1:] if first.score - each.score < AHEAD]
    if not rivals:
        return first
    if not all(_is_better_known(first.candidate, rival.candidate) for rival in rivals):
        return None
    return Verdict(first.candidate, first.score, f"{first.reason}, far better known than its namesakes")


def _only_one(name: str, year: int | None, candidates: Sequence[Candidate]) -> Verdict | None:
    """A source also finds titles by names it does not show, such as translations.

    The one title of that very year that it found by several words, none of them in the names it
    shows, is meant; with some in common it is rather a sequel.
    """
    if len(candidates) != 1 or year is None or candidates[0].year != year:
        return None
    words, shown = set(fold(name).split()), fold(f"{candidates[0].name} {candidates[0].original_name}").split()
    if len(words) < 2 or words.intersection(shown):
        return None
    return Verdict(candidates[0], SURE, "the only one the source knows by this name, same year")


def _by_score(verdict: Verdict) -> tuple[float, int, float]:
    return verdict.score, verdict.candidate.votes, verdict.candidate.popularity


def _is_better_known(one: Candidate, other: Candidate) -> bool:
    return one.votes >= _KNOWN_VOTES and one.votes >= _TIMES_BETTER_KNOWN * max(1, other.votes)


def _judge(name: str, year: int | None, candidate: Candidate) -> Verdict:
    distance = _year_words(year, candidate.year)
    points, called = max(_name_points(name, candidate, is_same_year=distance == "same year"))
    score = min(100.0, max(0.0, points + _YEAR_POINTS[distance]))
    return Verdict(candidate, round(score, 1), f"{called}, {distance}")


def _year_words(wanted: int | None, found: int | None) -> str:
    if wanted is None or found is None:
        return "no year to compare"
    return {0: "same year", 1: "year off by one"}.get(abs(wanted - found), "another year")


def _name_points(name: str, candidate: Candidate, *, is_same_year: bool) -> Iterator[tuple[float, str]]:
    """Yield how well each of the candidate's names fits."""
    wanted = _compared(name)
    yield 0.0, "another name"
    if not wanted:
        return
    known_as = ((80.0, "same name", candidate.name), (79.0, "same original name", candidate.original_name))
    also = ((76.0, "alternative title", each) for each in candidate.alternative_names)
    for points, words, other in (*known_as, *also):
        yield _fit(wanted, _compared(other), points, words, is_same_year=is_same_year)


def _fit(wanted: str, other: str, points: float, words: str, *, is_same_year: bool) -> tuple[float, str]:
    """Return the points of one name: all for the same, fewer for variants of it, few for what is merely alike."""
    if not other:
        return 0.0, "another name"
    if wanted == other:
        return points, words
    if wanted.replace(" ", "") == other.replace(" ", ""):
        return points - 1, f"{words} but for the spaces"
    if sort_name(wanted) == sort_name(other):
        return points - 4, f"{words} but for the article"
    if _without_country(wanted) == other:
        return points - 4, f"{words} but for the country"
    return _likeness(wanted, other, is_same_year=is_same_year)


def _likeness(wanted: str, other: str, *, is_same_year: bool) -> tuple[float, str]:
    """Return points for names that are alike; never where their numbers differ: Part 2 is not Part 3."""
    if _numbers(wanted) != _numbers(other):
        return 20.0, "another number"
    likeness = float(fuzz.ratio(wanted, other))
    if likeness >= _CLOSE_SPELLING:
        return _CLOSE_POINTS + likeness - _CLOSE_SPELLING, "nearly the same name"
    shorter, longer = sorted((wanted, other), key=len)
    if is_same_year and len(shorter) >= _LONG_BEGINNING and longer.startswith(f"{shorter} "):
        return _BEGINS_POINTS, "one name begins with the other"
    return likeness / 2, "another name"


@lru_cache(maxsize=2048)
def _compared(name: str) -> str:
    """Return the words of a name for comparison: folded, with numerals as digits (Rocky II, Part Two)."""
    first, *others = fold(_ARTICLE_BEHIND.sub(r"\2 \1", name)).split() or [""]
    return " ".join([first, *(_NUMERALS.get(word, word) for word in others)])


def _numbers(words: str) -> list[str]:
    return [word for word in words.split() if word.isdecimal()]


def _without_country(words: str) -> str:
    rest, _, last = words.rpartition(" ")
    return rest if rest and last in _COUNTRIES else words
