"""Air dates of daily shows, in the orders and spellings that occur."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass

_MONTHS = {
    name: number
    for number, name in enumerate(
        ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"), 1
    )
}
_YEAR = r"(?:19[3-9]\d|20[0-4]\d)"
_SPELLINGS = (
    # 2020.01.31, also 2020.31.01
    re.compile(rf"(?<!\d)(?P<y>{_YEAR})(?P<sep>[ ._-])(?P<a>\d\d?)(?P=sep)(?P<b>\d\d?)(?!\d)"),
    # 31.01.2020, also 01.31.2020
    re.compile(rf"(?<!\d)(?P<d>\d\d?)(?P<sep>[ ._-])(?P<m>\d\d?)(?P=sep)(?P<y>{_YEAR})(?!\d)"),
    # 20200131
    re.compile(rf"(?<![^\W_])(?P<y>{_YEAR})(?P<a>\d\d)(?P<b>\d\d)(?![^\W_])"),
    # 31st Jan 2020
    re.compile(
        rf"(?<!\d)(?P<d>\d\d?)(?:st|nd|rd|th)?[ ._](?P<month>{'|'.join(_MONTHS)})[a-z]*[ ._](?P<y>{_YEAR})(?!\d)",
        re.IGNORECASE,
    ),
)
_SIX = re.compile(r"(?<=[ ._-])(?P<y>[0-4]\d)(?P<a>\d\d)(?P<b>\d\d)(?=[ ._-]|$)")


@dataclass(frozen=True, slots=True)
class Dated:
    """A date and where in the name it stands."""

    date: dt.date
    start: int
    end: int


def read_date(name: str) -> Dated | None:
    """Return the first date with a year of four digits in `name`."""
    found = (each for spelling in _SPELLINGS if (each := _first(spelling, name)))
    return min(found, key=lambda dated: dated.start, default=None)


def read_short_date(name: str) -> Dated | None:
    """Return a date of six digits (200131), which only counts where nothing else numbers the name."""
    return _first(_SIX, name)


def _first(spelling: re.Pattern[str], name: str) -> Dated | None:
    for found in spelling.finditer(name):
        if date := _date(found.groupdict()):
            return Dated(date, found.start(), found.end())
    return None


def _date(parts: dict[str, str]) -> dt.date | None:
    year = int(parts["y"])
    year += 2000 if year < 100 else 0
    if "month" in parts:
        month = _MONTHS.get(parts["month"].lower(), 0)  # 0: "ſep" matches without case
        return _valid(year, month, int(parts["d"]))
    if "d" in parts:
        return _valid(year, int(parts["m"]), int(parts["d"])) or _valid(year, int(parts["d"]), int(parts["m"]))
    return _valid(year, int(parts["a"]), int(parts["b"])) or _valid(year, int(parts["b"]), int(parts["a"]))


def _valid(year: int, month: int, day: int) -> dt.date | None:
    if not (1 <= month <= 12 and 1 <= day <= 31):
        return None
    try:
        return dt.date(year, month, day)
    except ValueError:
        return None
