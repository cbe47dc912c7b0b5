"""Names that none of our rules reads: guessit's answer, asked carefully."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

from scanner.filenames.guess import Guess

_MOST_CHARACTERS = 240  # guessit's time grows with the path
_LONG_DIGITS = re.compile(r"\d{9,}")
_WIDE_RANGE = re.compile(r"(?<=\d)(\s*(?:-|~|to)\s*(?:[sS]\d+)?[eExX]?[pP]?)(\d{3,})", re.IGNORECASE)
_REPEATED = re.compile(r"(.{1,12}?)\1{4,}", re.DOTALL)


def ask_guessit(path: str) -> Guess | None:
    """Return what guessit reads in `path`, or None where it reads nothing or gives up."""
    from guessit import guessit  # noqa: PLC0415  (its import takes 0.2 s, which tidy libraries need not pay)
    from guessit.api import GuessitException  # noqa: PLC0415  (as above)

    try:
        return _to_guess(guessit(tame(path)))
    except GuessitException:  # what guessit makes of anything that goes wrong inside it
        return None


def tame(path: str) -> str:
    """Return `path` without what makes guessit slow: length, long numbers, wide ranges, endless repeats."""
    path = _LONG_DIGITS.sub(lambda found: found[0][:8], path[-_MOST_CHARACTERS:])
    path = _REPEATED.sub(lambda found: found[1] * 2, path)
    return _WIDE_RANGE.sub(lambda found: "" if len(found[2]) > 3 else found[0], path)


def _to_guess(answer: dict[str, Any]) -> Guess:
    seasons, episodes = _numbers(answer.get("season")), _numbers(answer.get("episode"))
    date = answer.get("date")
    year = answer.get("year")
    return Guess(
        kind="movie" if answer.get("type") == "movie" else "episode",
        title=_title(answer.get("title")),
        year=year if isinstance(year, int) else None,
        season=seasons[0] if seasons else None,
        seasons=seasons if len(seasons) > 1 else (),
        episodes=episodes,
        air_date=date if isinstance(date, dt.date) else None,
    )


def _numbers(value: Any) -> tuple[int, ...]:
    values = value if isinstance(value, list) else [value]
    return tuple(each for each in values if isinstance(each, int))


def _title(value: Any) -> str | None:
    if isinstance(value, list):
        value = value[0] if value else None
    return str(value) if value else None
