"""Names that none of our rules reads: guessit's answer, asked carefully."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

from scanner.filenames.guess import Guess

# guessit's time grows faster than its input: long names, long numbers, and above all ranges, of which it makes
# one match a number (Show S01E0001-E9999 takes it 40 s).
_MOST_OF_NAME = 130
_MOST_OF_FOLDERS = 70
_WIDEST_RANGE = 31  # the days of a month
_LONG_DIGITS = re.compile(r"\d{9,}")
_RANGE = re.compile(
    r"(?P<first>\d{1,5})(?P<to>\s?(?:[-~&+]|to|a)\s?(?:s\d{1,4})?[ ._]?(?:season|staffel|saison|ep?|x)?[ ._]?)(?P<last>\d{2,8})(?![\dpi])",
    re.IGNORECASE,
)
_REPEATED = re.compile(r"(.{1,12}?)\1{4,}", re.DOTALL)


def ask_guessit(path: str) -> Guess | None:
    """Return what guessit reads in `path`, or None where it reads nothing or gives up."""
    from guessit import guessit  # noqa: PLC0415  (its import takes 0.2 s, which tidy libraries need not pay)
    from guessit.api import GuessitException  # noqa: PLC0415  (as above)

    try:
        return _to_guess(guessit(tame(path)))
    except GuessitException:  # what guessit makes of anything that goes wrong inside it
        return None


def ask_for_title(folders: str, head: str) -> Guess | None:
    """Return guessit's title for the words in front of a mark that we have read ourselves."""
    return ask_guessit(f"{folders}/{head.rstrip(' -._([')} S01E01.mkv")


def tame(path: str) -> str:
    """Return `path` without what makes guessit slow: length, long numbers, wide ranges, endless repeats."""
    folders, slash, name = path.rpartition("/")
    stem, dot, extension = name.rpartition(".")
    if len(name) > _MOST_OF_NAME and len(extension) < 5:
        name = stem[:_MOST_OF_NAME] + dot + extension
    path = folders[-_MOST_OF_FOLDERS:] + slash + name[: _MOST_OF_NAME + 5]
    path = _LONG_DIGITS.sub(lambda found: found[0][:8], path)
    path = _REPEATED.sub(lambda found: found[1] * 2, path)
    return _RANGE.sub(_narrow, path)


def _narrow(found: re.Match[str]) -> str:
    return found["first"] if int(found["last"]) - int(found["first"]) > _WIDEST_RANGE else found[0]


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
