"""Films: a title with its year, or a title in front of the marks of a release."""

from __future__ import annotations

import re
from dataclasses import dataclass

from scanner.filenames import marks, packs, titles

_LAST_YEAR = 2045  # "2049" in a name is a title
# Title (1999) …: the last year in brackets counts.
_BRACKETED = re.compile(r"(?P<head>.*\S)[ ._]*[(\[](?P<year>1[89]\d\d|20\d\d)[)\]](?P<rest>.*)", re.DOTALL)
_LEADING = re.compile(r"[(\[](?P<year>1[89]\d\d|20\d\d)[)\]][ ._-]*(?P<head>[^\W_].*)", re.DOTALL)
_BARE = re.compile(r"[ ._](?P<year>19\d\d|20\d\d)(?=[ ._]|$)")
# A number behind a dash is an episode's: Show - 05 (2016), Show (2016) - 05.
_NUMBERED = re.compile(r"[-–][ .]\d{2,4}(?:-\d+)?[ .]*$")
_NUMBERED_REST = re.compile(r" - \d{2,4}(?![^\W_])|.*\bep(?:isode|isodio)?[ ._]?\d", re.IGNORECASE)
_THREE_DIGITS = re.compile(r"[ ._]\d{3,4}(?![^\W_])")
_GERMAN_END = re.compile(r"(?P<head>.*)[ ._](?:German|TrueFrench)$", re.IGNORECASE)
_ENGLISH = re.compile(r"(?<![^\W_])(?:the|an?|of|and)(?![^\W_])", re.IGNORECASE)
# Scene files begin with their group when they do not end in one: abc-the.title.1999.720p.bluray.x264
_SCENE_PREFIX = re.compile(r"(?P<group>[a-z0-9]{3,8})-(?=[a-z0-9]+\.[^A-Z -]+$)")
_COUNTED = re.compile(r"^0\d - (?=[^\W\d_])")  # 03 - Title (1999), in the folder of a series of films
_HYPHENATED = frozenset(
    {"spider", "ant", "non", "anti", "pre", "post", "semi", "half", "all", "man", "one", "two", "mid", "self"}
)


@dataclass(frozen=True, slots=True)
class Film:
    """Title and year, and what follows them."""

    title: str
    year: int | None
    rest: str


def read_film(name: str) -> Film | None:
    """Return the film that `name` plainly says; None where a closer look is needed."""
    prefix = _SCENE_PREFIX.match(name)
    if prefix and prefix["group"] not in _HYPHENATED:
        name = name[prefix.end() :]
    return _bracketed(name) or _leading(name) or _before_marks(name)


def has_year_in_front(name: str) -> bool:
    """Return whether a bracket in front of `name` is a year and no group."""
    return _LEADING.fullmatch(name) is not None


def _bracketed(name: str) -> Film | None:
    found = _BRACKETED.fullmatch(name)
    if found is None or int(found["year"]) > _LAST_YEAR:
        return None
    head = titles.without_edition(_COUNTED.sub("", found["head"]))
    head = titles.first_name(titles.latin_of_mixed(head))
    if (
        packs.read_pack(found["rest"])
        or packs.read_pack(head)
        or _NUMBERED.search(head)
        or _NUMBERED_REST.match(found["rest"])
    ):
        return None
    return Film(titles.clean(head), int(found["year"]), found["rest"]) if titles.is_plain(head) else None


def _leading(name: str) -> Film | None:
    found = _LEADING.fullmatch(name)
    if found is None or not titles.is_plain(found["head"]):
        return None
    return Film(titles.clean(found["head"]), int(found["year"]), "")


def _before_marks(name: str) -> Film | None:
    """Title.1999.1080p…: the last year in front of the first mark, right before it."""
    mark = marks.ANY.search(name, 1)
    for found in reversed([each for each in _BARE.finditer(name) if each.start() > 0]):
        year, head, rest = int(found["year"]), name[: found.start()], name[found.end() :]
        if year > _LAST_YEAR:
            continue
        if _THREE_DIGITS.match(rest):
            return None  # Show.2010.217.hdtv
        if rest.strip(" .-_") and marks.ANY.match(rest.lstrip(" ._")) is None and not marks.TECHNICAL.search(rest):
            continue
        if mark and mark.start() < found.start():
            head = titles.without_edition(_without_language(head))
        head = titles.first_name(titles.latin_of_mixed(head))
        if titles.is_plain(head):
            return Film(titles.clean(head), year, rest)
        return None
    return None


def _without_language(head: str) -> str:
    """German releases put the language in front of the year; in an English title it is a word."""
    found = _GERMAN_END.fullmatch(head)
    return found["head"] if found and not _ENGLISH.search(found["head"]) else head
