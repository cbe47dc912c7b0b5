"""A closer look at names that are not tidy: one reader after the other, the strictest first, guessit last."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

from scanner.filenames import anime, dates, marks, movies, numbered, numbering, packs, refusals, titles, unusual
from scanner.filenames.folders import Around, of_pack, same_name
from scanner.filenames.guess import Guess

_PART_AFTER = re.compile(r"[ ._-]+(?:part|pt)[ ._]?(?P<n>\d)(?!\d)", re.IGNORECASE)
_EPISODE_END = re.compile(r"[ ._-]+E(?:P|pisode)?[ ._]?\d+[ ._-]*$", re.IGNORECASE)
_EPISODE_WORD = re.compile(r"(?<![^\W_])episode[ ._]\d", re.IGNORECASE)
_WORDS_ONLY = re.compile(r"[^\W\d_][^\W\d_'’]*(?:,?[ ._-][^\W\d_][^\W\d_'’]*)+")
_OPENED = re.compile(r"(?<=\S)[ ._]*[\[(][^\[\]()]*$")
_LONGEST_NUMBER = 4
_RUSSIAN_YEAR = re.compile(r"(?<=(?:19|20)\d\d)[ ]?г(?![^\W_])\.?")
_BEFORE_DATE = re.compile(r"(?<=\S)[ ._-]+(?:vom|from|du|del|van)[ ._-]*$", re.IGNORECASE)
_MONTH_NAME = re.compile(r"\d\d?[ ._][^\W\d_]+[ ._]\d{4}$")
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")


def read_closely(stem: str, around: Around, tail: str) -> Guess | None:
    """Return what `stem` says between its folders; `tail` is the path as guessit should see it."""
    if refusals.says_nothing(stem) and numbering.read_pair(stem) is None:
        return around.release
    stem = titles.release_in_brackets(titles.without_site(refusals.turned_round(stem).replace("_", " ")))
    stem = _RUSSIAN_YEAR.sub("", stem)
    for read in _READERS:
        if guess := read(stem, around):
            return guess if guess.title else unusual.with_title(guess, stem, around, tail)
    return around.release or unusual.read_unusual(stem, around, tail)


def _read_dated(stem: str, around: Around) -> Guess | None:
    """Show.2020.01.31.Guest: a date that stands in front of any number."""
    found = dates.read_date(stem)
    if found is None or stem[max(0, found.start - 1) : found.start] in ("(", "["):
        return None
    numbers = numbering.read_pair(stem)
    if numbers and numbers.start < found.start:
        return None
    if found.start == 0 and around.title is None and stem[:3].isascii() and _MONTH_NAME.match(stem):
        return None  # "22 July (2018)" is a title
    title = titles.plain_title(_BEFORE_DATE.sub("", _EPISODE_END.sub("", stem[: found.start])))
    part = _PART_AFTER.match(stem, found.end)
    return Guess(kind="episode", title=title, air_date=found.date, part=int(part["n"]) if part else None)


def _read_like_folder(stem: str, around: Around) -> Guess | None:
    """21 Grams/21 Grams: what is called like its folder is the film, whatever numbers the name has."""
    show = around.show
    if around.season is not None or show is None or show.kind == "episode" or not show.title:
        return None
    return replace(show, kind="movie") if same_name(stem, show.title) else None


def _read_bare_number(stem: str, around: Around) -> Guess | None:
    """42, with no folder that names a show: a title."""
    bare = stem.isdecimal() and len(stem) <= _LONGEST_NUMBER and around.season is None and around.title is None
    return Guess(kind="movie", title=stem) if bare and not stem.startswith("0") else None


def _read_paired(stem: str, around: Around) -> Guess | None:
    """Show S01E02 in all its spellings."""
    numbers = numbering.read_pair(stem)
    if numbers is None:
        return None
    head, year = titles.split_year(titles.trimmed(stem[: numbers.start]))
    head, absolute = anime.absolute_before(head) or (head, ())
    return Guess(
        kind="episode",
        title=_full_title(titles.plain_title(head), numbers, around),
        year=year,
        season=numbers.season,
        episodes=numbers.episodes,
        absolute=absolute,
    )


def _full_title(title: str | None, numbers: numbering.Numbers, around: Around) -> str | None:
    """Return the title of the release's folder where that says more (The.Show.S01E02-GRP/grp-ts.s01e02)."""
    show = around.show
    is_same = show is not None and (show.season, show.episodes) == (numbers.season, numbers.episodes)
    return show.title if show and is_same and show.title and len(show.title) > len(title or "") else title


def _read_pack(stem: str, around: Around) -> Guess | None:
    """Show.S01.1080p, Show Season 1-3: seasons as a whole."""
    pack = packs.read_pack(stem)
    if pack is None or _EPISODE_WORD.search(stem):
        return None
    guess = of_pack(pack)
    return guess if guess.title and titles.is_plain(titles.without_group(titles.split_year(pack.head)[0])) else None


def _read_film(stem: str, around: Around) -> Guess | None:
    film = movies.read_film(stem)
    if film is None or around.season is not None:
        return None
    folder = around.release
    if folder and folder.title and folder.year == film.year:
        is_short = " " in folder.title and " " not in film.title  # Blue Hour (1999)/bh.1999.mkv
        if is_short or film.title.lower().endswith(folder.title.lower()):
            return folder  # the file's title is cut, or has something in front of it
    return Guess(kind="movie", title=film.title, year=film.year)


def _read_short_date(stem: str, around: Around) -> Guess | None:
    """Show.200131.720p: six digits, where nothing else numbers the name."""
    found = dates.read_short_date(stem)
    title = titles.plain_title(stem[: found.start]) if found else None
    return Guess(kind="episode", title=title, air_date=found.date) if found and title else None


def _read_marked(stem: str, around: Around) -> Guess | None:
    """Title.1080p.x264: words without any number in front of a quality mark."""
    mark = marks.TECHNICAL.search(stem, 1)
    if mark is None or around.title or marks.BROADCAST.search(stem) or _YEAR.search(stem):
        return None
    head = _OPENED.sub("", stem[: mark.start()]).rstrip(" ._-([")
    plain = _WORDS_ONLY.fullmatch(head) and not marks.ANY.search(head)
    return Guess(kind="movie", title=titles.clean(head)) if plain else None


_READERS: tuple[Callable[[str, Around], Guess | None], ...] = (
    _read_like_folder,
    _read_bare_number,
    _read_dated,
    _read_paired,
    numbered.read_padded,
    numbered.read_two_in_digits,
    numbered.read_chinese_range,
    numbered.read_turned,
    numbered.read_episode_only,
    numbered.read_fansub,
    numbered.read_in_season,
    numbered.read_season_dash_number,
    numbered.read_counted,
    numbered.read_after_folder,
    numbered.read_of_so_many,
    _read_pack,
    _read_film,
    _read_short_date,
    _read_marked,
)
