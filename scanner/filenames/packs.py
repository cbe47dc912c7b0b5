"""Seasons as a whole: season folders in many languages, and packs of one season or several."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise

from scanner.filenames import titles
from scanner.filenames.numbering import expand

WORDS = (
    r"seasons?|saisons?|temporadas?|temp?|stagion[ei]|staffeln?|s[äa]song|sesong|seizoen|se[zs]on(?:ul|a)?|sez[óo]na|kausi|s[æa]son"
    r"|[ée]vad|сезон|シーズン|시즌|sæson"
)
# "Series 1" is a season only where nothing, or a dash, stands before it.
_AMBIGUOUS = r"series|serie|série|seria|serija"
_EDGE, _END = r"(?<![^\W_])", r"(?![^\W_])"

_MORE = (
    r"(?P<more>(?:[ ._]?(?:[-–]{1,2}|[&+,]|to|a)[ ._]?(?:S|Seasons?[ ._])?\d{1,2}(?![^\W_])"
    r"|[ ._]S\d{1,2}(?![^\W_])|[ ._]\d\d(?=[ ._]\())*)"
)
_SHORT = re.compile(rf"{_EDGE}S(?P<n>\d{{1,3}}|19[3-9]\d|20[0-4]\d)(?:D\d.*)?{_MORE}{_END}", re.IGNORECASE)
_LONG = re.compile(
    rf"{_EDGE}(?:{WORDS})[ ._-]*(?P<n>\d{{1,4}})(?:[ ._]?of[ ._]?\d+)?(?P<dots>(?:\.\d(?=[.-]))*){_MORE}{_END}",
    re.IGNORECASE,
)
_TURNED = re.compile(
    rf"{_EDGE}(?P<n>\d{{1,2}})[ ._]?(?:st|nd|rd|th|e|a|ª|º)?[ ._-]*(?:{WORDS}){_END}(?P<more>)", re.IGNORECASE
)
_DASHED = re.compile(
    rf"(?:[ ._]-[ ._](?:{_AMBIGUOUS})[ ._-]*(?P<n>\d{{1,3}}){_END}|^(?:{_AMBIGUOUS})[ ._-]*(?P<n2>\d{{1,4}})$)"
    r"(?P<more>)",
    re.IGNORECASE,
)
_CHINESE = re.compile(r"第\s?(?P<n>\d{1,2})\s?[季期](?P<more>)")
_SPELLINGS = (_SHORT, _LONG, _TURNED, _DASHED, _CHINESE)
_COMPLETE = re.compile(r"[ ._-]+(?:the[ ._])?(?:complete|int[ée]grale?)(?:[ ._](?:tv[ ._])?series)?$", re.IGNORECASE)
_SPECIALS = frozenset({"specials", "special", "speciali", "especiales", "spezial"})
_NUMBER = re.compile(r"\d+")
_ONLY_A_YEAR = re.compile(r"\D*\(\d{4}\)\D*")  # as most names of films and shows: no season without a number


@dataclass(frozen=True, slots=True)
class Pack:
    """The seasons that a name holds as a whole, the words before them and what follows."""

    seasons: tuple[int, ...]
    head: str
    rest: str


def read_pack(name: str) -> Pack | None:
    """Return the seasons that `name` names without an episode."""
    if _ONLY_A_YEAR.fullmatch(name):
        return None
    if name.strip().lower() in _SPECIALS:
        return Pack((0,), "", "")
    for spelling in _SPELLINGS:
        found = spelling.search(name)
        if found and (seasons := _seasons(found)):
            head = titles.trimmed(name[: found.start()])
            return Pack(seasons, titles.trimmed(_COMPLETE.sub("", head)) or head, name[found.end() :])
    return None


def _seasons(found: re.Match[str]) -> tuple[int, ...]:
    groups = found.groupdict()
    first = int(groups["n"] or groups["n2"])
    if not (first < 200 or 1930 <= first < 2050):
        return ()
    more = groups.get("dots", "") + groups["more"]
    numbers = [first, *(int(each) for each in _NUMBER.findall(more))]
    if any(later <= earlier for earlier, later in pairwise(numbers)):
        return (first,)
    return expand(numbers, is_range=len(numbers) == 2 and ("-" in more or "to" in more or "–" in more))
