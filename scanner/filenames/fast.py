"""The strict fast path: what nearly all of a tidy library is called, read in microseconds."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache

from scanner.filenames import marks, packs, titles
from scanner.filenames.folders import Around
from scanner.filenames.folding import fold
from scanner.filenames.guess import Guess
from scanner.filenames.numbering import expand

Ids = Mapping[str, str | int]

# Show (2020) - S01E02 - Name, Show.S01E02.1080p: one mark, one title, nothing odd between them.
_EPISODE = re.compile(
    r"(?P<head>[^\W_][\w .,'’!&+:;-]*?(?:[ ._]\((?:19|20)\d\d\))?)?(?:(?P<dash>[ ._]-[ ._])|[ ._]|^)"
    r"[Ss](?P<season>\d{1,2})[Ee](?P<first>\d{1,3})(?P<more>(?:-?[Ee]\d{1,3}|-\d{1,3})*)(?=[ ._]|$)"
    r"(?![ ._]+[-&+,]?[ ._]*[SsEeXx]\d|[ ._]+(?:[&+]|and[ ._])|[ ._](?:part|pt)[ ._]?\d)",
    re.IGNORECASE,
)
# Title (1999) …; other brackets in front of the year are left to a closer look.
_FILM = re.compile(r"(?P<head>[^\W_][\w .,'’!&+:;-]*?)[ ._]\((?P<year>19\d\d|20[0-3]\d)\)(?P<rest>$|(?=[ .\-]).*)", re.DOTALL)
# A number behind a dash is an episode's: Show - 05 (2016).
_NUMBERED = re.compile(r"[-–][ .]\d{2,4}(?:-\d+)?$")
_OTHER_YEAR = re.compile(r"[(\[](?:19|20)\d\d[)\]]")
_DIGITS = re.compile(r"\d+")
_ODD_HEAD = re.compile(r"(?<![^\W_])(?:aka|www|\d{1,2}x\d{2}|\d{4}[ ._-]\d\d[ ._-]\d\d|s\d+(?:e\d+)*|\d+-\d+)(?![^\W_])", re.IGNORECASE)


def read_tidy(stem: str, around: Around, ids: Ids) -> Guess | None:
    """Return the whole guess for a tidy name, or None to look more closely."""
    if found := _EPISODE.match(stem):
        return _episode(found, stem, around, ids)
    if found := _FILM.match(stem):
        return _film(found, around, ids)
    return None


def _episode(found: re.Match[str], stem: str, around: Around, ids: Ids) -> Guess | None:
    head, dash, season, first, more = found.group("head", "dash", "season", "first", "more")
    named = _head(head) if head else None
    show = around.show
    if named is None and (head or show is None or not show.title):
        return None
    if named and named[2] and not dash and not (show and show.title and fold(show.title) == fold(named[0])):
        return None  # "Name - Part S01E02": the title may be the first half only
    title, year = (named[0], named[1]) if named else (show.title, show.year)  # type: ignore[union-attr]
    if year is None and show is not None and show.year and show.title and same_name(show.title, title):
        year = show.year
    episodes = _episodes(first, more)
    if episodes is None:
        return None
    return Guess("episode", title, year, int(season), (), episodes, (), None, None, None, version(stem[found.end() :]), ids)


def _episodes(first: str, more: str) -> tuple[int, ...] | None:
    if not more:
        return (int(first),)
    numbers = [int(first), *map(int, _DIGITS.findall(more))]
    if any(later <= earlier for earlier, later in zip(numbers, numbers[1:], strict=False)):
        return None
    return expand(numbers, is_range=len(numbers) == 2 and "-" in more)


def _film(found: re.Match[str], around: Around, ids: Ids) -> Guess | None:
    head, year, rest = found.group("head", "year", "rest")
    named = _head(head)
    if named is None or named[1] or named[3] or around.season is not None or _OTHER_YEAR.search(rest) or _has_mark(rest):
        return None
    show = around.show
    if show and show.title and show.year == int(year) and named[0].lower().endswith(show.title.lower()):
        named = (show.title, *named[1:])  # "01 The Film (1999)" in the film's own folder
    return Guess("movie", named[0], int(year), version=version(f"){rest}"), ids=ids)


_PAIR = re.compile(r"(?<![^\W_])(?:s\d+[ ._-]*e\d|\d{1,2}x\d\d|ep?(?:isode)?[ ._]?\d)|^[ .]-[ .](?:\d{2,4}(?![^\W_])|[^\W\d_]+[ ._]\d+$)|(?:cd|dvd|dis[ck]|part|pt)[ ._-]?\d{1,2}$", re.IGNORECASE)


def _has_mark(rest: str) -> bool:
    return bool(rest) and _PAIR.search(rest) is not None


@lru_cache(maxsize=4096)
def _head(head: str) -> tuple[str, int | None, bool, bool] | None:
    """Return title, year and whether a dash stands inside; None where the head is not plain."""
    bare, year = titles.split_year(head)
    odd = _ODD_HEAD.search(bare)
    if odd or marks.EDITION_END.search(bare) or not titles.is_plain(bare) or titles.is_mixed(bare):
        return None
    return titles.clean(bare), year, " - " in bare, packs.read_pack(bare) is not None or _NUMBERED.search(bare) is not None


@lru_cache(maxsize=4096)
def same_name(one: str, other: str) -> bool:
    """Return whether two titles are the same words."""
    return fold(one) == fold(other)


@lru_cache(maxsize=4096)
def _version(text: str) -> str | None:
    return marks.version(text)


_HINT = re.compile(r"\d[pikK]|[Uu][Hh][Dd]|[Cc]ut|[Ee]dition|[Uu]n[rc]|[Rr]e[md]|[Ee]xt|[Ii]max|IMAX|3[dD]|\) - ")


def version(text: str) -> str | None:
    """Return the version that `text` names; most texts name none, and that is seen quickly."""
    return marks.version(text) if _HINT.search(text) else None
