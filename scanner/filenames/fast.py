"""The strict fast path: what nearly all of a tidy library is called, read in microseconds."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

from scanner.filenames import marks, packs, titles
from scanner.filenames.folders import Around, same_name
from scanner.filenames.guess import Guess
from scanner.filenames.numbering import expand

Ids = Mapping[str, str | int]

# Show (2020) - S01E02 - Name, Show.S01E02.1080p: one mark, one title, and nothing odd around them.
_EPISODE = re.compile(
    r"(?P<head>[^\W_][\w .,'’!&+:;-]*?(?:[ ._]\((?:19|20)\d\d\))?)?(?:(?P<dash>[ ._]-[ ._])|[ ._]|^)"
    r"[Ss](?P<season>\d{1,2})[Ee](?P<first>\d{1,3})(?P<more>(?:-?[Ee]\d{1,3}|-\d{1,3})*)(?=[ ._]|$)"
    r"(?![ ._]+[-&+,]?[ ._]*[SsEeXx]\d|[ ._]+(?:[&+]|[Aa][Nn][Dd][ ._]))"
)
# Title (1999) …: other brackets in front of the year are left to a closer look.
_FILM = re.compile(
    r"(?P<head>[^\W_][\w .,'’!&+:;-]*?)[ ._]\((?P<year>19\d\d|20[0-3]\d)\)(?P<rest>$|(?=[ .\-]).*)", re.DOTALL
)
_ODD_HEAD = re.compile(
    r"(?<![^\W_])(?:aka|www?|\d{1,2}x\d{2}|\d{4}[ ._-]\d\d[ ._-]\d\d|s\d+(?:e\d+)*|e\d{1,4}|\d+-\d+)(?![^\W_])|^0\d -",
    re.IGNORECASE,
)
# A number behind a dash is an episode's: Show - 05 (2016).
_NUMBERED = re.compile(r"[-–][ .]\d{2,4}(?:-\d+)?$")
# What makes a name with a year no plain film: another year, an episode, a stack.
_ODD_REST = re.compile(
    r"[(\[](?:19|20)\d\d[)\]]|(?<![^\W_])(?:s\d+[ ._-]*e\d|\d{1,2}x\d\d|ep?(?:isode)?[ ._]?\d)"
    r"|^[ .]-[ .](?:\d{2,4}(?![^\W_])|[^\W\d_]+[ ._]\d+$)|(?:cd|dvd|dis[ck]|part|pt)[ ._-]?\d{1,2}\)?$",
    re.IGNORECASE,
)
_DIGITS = re.compile(r"\d+")


class _Head(NamedTuple):
    """The words in front of a mark, read once for all episodes of a show."""

    title: str
    year: int | None
    has_dash: bool
    is_numbered: bool


def read_tidy(stem: str, around: Around, ids: Ids) -> Guess | None:
    """Return the whole guess for a tidy name, or None to look more closely."""
    if found := _EPISODE.match(stem):
        return _episode(found, around, ids)
    if found := _FILM.match(stem):
        return _film(found, around, ids)
    return None


def _episode(found: re.Match[str], around: Around, ids: Ids) -> Guess | None:
    head, dash, season, first, more = found.group("head", "dash", "season", "first", "more")
    episodes = _episodes(first, more)
    named = _head(head) if head else _of_folder(around)
    if named is None or episodes is None:
        return None
    title, year, has_dash, _ = named
    shown = around.title is not None and same_name(around.title, title)
    if not shown and around.show is not None and around.show.kind == "episode":
        return None  # the release's folder may tell more than grp-shw.s01e02
    if has_dash and not dash and not shown:
        return None  # "Name - Words S01E02": the title may be the first half only
    if year is None and shown:
        year = around.year
    version = marks.version(found.string[found.end() :])
    return Guess("episode", title, year, int(season), (), episodes, (), None, None, None, version, ids)


def _of_folder(around: Around) -> _Head | None:
    """S01E02 - Name: the show's folder has the title."""
    title = around.title
    return _Head(title, around.year, has_dash=False, is_numbered=False) if title else None


def _episodes(first: str, more: str) -> tuple[int, ...] | None:
    if not more:
        return (int(first),)
    numbers = [int(first), *map(int, _DIGITS.findall(more))]
    if any(later <= earlier for earlier, later in pairwise(numbers)):
        return None
    return expand(numbers, is_range=len(numbers) == 2 and "-" in more)


def _film(found: re.Match[str], around: Around, ids: Ids) -> Guess | None:
    head, year, rest = found.group("head", "year", "rest")
    named = _head(head)
    if named is None or named.year or named.is_numbered or around.season is not None:
        return None
    if rest and (_ODD_REST.search(rest) or packs.read_pack(rest)):
        return None
    title, show = named.title, around.show
    if show and show.title and show.year == int(year) and title.lower().endswith(show.title.lower()):
        title = show.title  # "01 The Film (1999)" in the film's own folder
    return Guess("movie", title, int(year), version=marks.version(f"){rest}"), ids=ids)


@lru_cache(maxsize=4096)
def _head(head: str) -> _Head | None:
    """Return what the words in front of a mark say; None where they are not plain."""
    bare, year = titles.split_year(head)
    if _ODD_HEAD.search(bare) or marks.EDITION_END.search(bare) or not titles.is_plain(bare) or titles.is_mixed(bare):
        return None
    is_numbered = packs.read_pack(bare) is not None or _NUMBERED.search(bare) is not None
    return _Head(titles.clean(bare), year, " - " in bare, is_numbered)
