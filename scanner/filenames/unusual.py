"""Names that none of our rules reads: guessit's answer, asked carefully."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import replace
from typing import Any

from scanner.filenames import marks, numbering, titles
from scanner.filenames.folders import Around
from scanner.filenames.guess import Guess

# guessit's time grows faster than its input: long names, long numbers, and above all ranges, of which it makes
# one match a number (Show S01E0001-E9999 takes it 40 s).
_MOST_OF_NAME = 100
_MOST_OF_FOLDERS = 70
_WIDEST_RANGE = 31  # the days of a month
_LARGEST_END = 99
_FIVE_DIGITS = re.compile(r"(?<!\d)(\d\d)\d{3,}")
# Where words may chain numbers, only a year or a resolution has four digits.
_FOUR_DIGITS = re.compile(r"(?<!\d)(?!(?:19|20)\d\d(?!\d)|\d{4}[pix]|\d{4}(?<=\dx))(\d\d)\d{2,}")
_CHAINING = re.compile(
    rf"{numbering.EPISODE_WORDS}|第|~|\d[\W_]{{1,6}}(?:to|a)(?![^\W_])|(?<![^\W_])ep?\d", re.IGNORECASE
)
_FEW_LOOSE = 4
_LINK = r"\s?(?:[-~&+]|to|a)\s?(?:s\d{1,4})?[ ._]?(?:season|staffel|saison|ep?|x)?[ ._]?(\d{2,8})(?![\dpi])"
_NEXT = re.compile(_LINK, re.IGNORECASE)
_RANGE = re.compile(rf"(?P<first>\d{{1,5}})(?P<links>(?:{_LINK})+)", re.IGNORECASE)
# Beside a number, only a year is left of the longer ones; many long numbers are all cut.
_BESIDE = re.compile(
    r"(?<!19\d\d)(?<!20\d\d)(?<=\d)((?:[^\w*]|_){1,4}(?:to|a|ep?|episode|season|s|x)?(?:[^\w*]|_){0,3})"
    r"(?!(?:19|20)\d\d(?!\d))\d{3,8}(?![\dpi])",
    re.IGNORECASE,
)
_LONG = re.compile(r"(?<!\d)(?!(?:19|20)\d\d(?!\d))(\d\d)\d{1,6}(?![\dpi])")
# A mark with a long number (12x2019, E99999); x264 and 1920x1080 are none, nor is a word with digits behind it.
_GLUED = re.compile(r"(?:(?<![a-z][sex])(?<!\d\d\dx)(?<=[sex])|(?<=ep))(?!26[45](?!\d))(\d\d)\d{1,6}", re.IGNORECASE)
_MANY_LONG = 3
_LOOSE = re.compile(r"(?<!\d)\d+(?![\dpi])")
_LARGEST_NUMBER = 9_999
_MANY_LOOSE = 8  # more than a release with its sound and year has
_WORD = r"[^\W\d_](?:[^\d.\[\](){}]|\.(?= ))*"
_WORD_NUMBER = re.compile(rf"[1-9]\d{{0,3}} {_WORD}|{_WORD}(?<! -) [1-9]\d{{0,3}}")
_WORD_DIGIT = re.compile(r"(?<=[^\W\d_] )[1-9](?:\.\d)?(?= |$)")
_NUMBER = re.compile(r"\d+")
_BETWEEN = re.compile(rf"{numbering.EPISODE_WORDS}|ep|[ex]|[第話话集回]|[^\w~-]|_", re.IGNORECASE)
_JOINED = re.compile(r"[-~]+|to|a", re.IGNORECASE)
# guessit counts on from one episode's word to the next, years or not (Folge 185-Episode 2038).
_WORD_LONG = re.compile(
    rf"((?:(?<![^\W_])(?:{numbering.EPISODE_WORDS}|ep?|season|saison|temporada|staffel|stagione)|第|#)[\W_]{{0,3}}"
    r"|\d-\d{1,2}x)(\d\d)\d{1,6}(?![\dpi])",
    re.IGNORECASE,
)
_REPEATED = re.compile(r"(.{1,12}?)\1{4,}|(.{13,40}?)\2{2,}", re.DOTALL)


def read_unusual(stem: str, around: Around, tail: str) -> Guess | None:
    """Return guessit's answer for the path `tail`, without the mistakes that it makes with numbers in titles."""
    has_spaces = " " in tail.rpartition("/")[2]
    if (has_spaces or not around.title) and (plain := _plain_words(stem)):
        return plain
    asked = ask_guessit(tail)
    if asked is None:
        return None
    if around.season is None and _belongs_to_title(asked, stem, around, tail):
        return Guess(kind="movie", title=titles.clean(stem))
    nothing = not asked.title and not asked.episodes and around.title is None  # 1984 alone is a title
    return _of_words(stem) if nothing or _is_misread(asked, stem, has_spaces=has_spaces) else _last_of_two(asked, stem)


def _plain_words(stem: str) -> Guess | None:
    """Words are a title as a whole, dashes and all, also with one digit behind a word (Name 2 - Words, Name 4.0)."""
    words = _WORD_DIGIT.sub("", stem) if " " in stem else stem
    if any(each.isdigit() for each in words) or not titles.is_plain(stem) or marks.ANY.search(stem, 1):
        return None
    return Guess(kind="movie", title=titles.clean(titles.latin_of_mixed(stem)))


def _belongs_to_title(asked: Guess, stem: str, around: Around, tail: str) -> bool:
    """Return whether the only number is a word of a title (Apollo 13, 10 Lanes): no dash, no show around it."""
    found = _WORD_NUMBER.fullmatch(stem)
    if found is None or len(asked.episodes) != 1 or asked.air_date or "_" in tail:
        return False
    title = around.title
    return title is None or not asked.title or title.lower() not in stem.lower()


def with_title(guess: Guess, stem: str, around: Around, tail: str) -> Guess:
    """Complete a guess whose numbers are sure and whose title is not: with the folder's, or guessit's."""
    if around.title and (around.season is not None or around.release):
        return replace(guess, title=around.title, year=guess.year or around.year)
    numbers = numbering.read_pair(stem)
    head = titles.trimmed(stem[: numbers.start]) if numbers else stem
    if not head or (numbers is None and guess.season is not None):
        return replace(guess, title=around.title)  # "01 - Pilot": what follows the number is the episode's name
    if numbers:
        # The words in front of our mark are enough for a title, and quicker.
        tail = f"{tail.rpartition('/')[0]}/{head} S01E01.mkv"
    asked = ask_guessit(tail)
    title, year = (asked.title, asked.year) if asked else (None, None)
    return replace(guess, title=title or around.title, year=guess.year or year)


def _is_misread(asked: Guess, stem: str, *, has_spaces: bool) -> bool:
    """Return whether guessit took digits of the title for season and episode (300 is no 3x00)."""
    if asked.season is None or len(asked.episodes) != 1 or asked.air_date:
        return False
    digits = f"{asked.season}{asked.episodes[0]:02d}"
    if titles.is_year(digits) or asked.episodes == (0,) or re.search(rf"{digits}[ .]PPV", stem):
        return True  # 2049 is no 20x49, and fights are counted on
    if has_spaces and re.search(rf" {digits} [^\W\d_]", stem) and not marks.ANY.search(stem, 1):
        return True  # Pro 765 and Friends: a word among words
    return stem.startswith(digits) or not (digits in stem or str(asked.episodes[0]) in stem)


def _of_words(stem: str) -> Guess:
    mark = marks.ANY.search(stem, 1)
    return Guess(kind="movie", title=titles.clean(stem[: mark.start()] if mark else stem) or None)


def _last_of_two(asked: Guess, stem: str) -> Guess:
    """Two numbers in a row that are no range: the first belongs to the title (Agent 47 217)."""
    first, *others = asked.episodes or (0,)
    if len(others) != 1 or others[0] in (first, first + 1) or not asked.title:
        return asked
    longer = f"{asked.title} {first}"
    follows = titles.clean(stem).startswith(f"{longer} ")
    return replace(asked, title=longer, episodes=tuple(others)) if follows else asked


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
    folders, slash, name = path.rpartition("/")
    stem, dot, extension = name.rpartition(".")
    if len(name) > _MOST_OF_NAME and len(extension) < 5:
        name = stem[:_MOST_OF_NAME] + dot + extension
    path = folders[-_MOST_OF_FOLDERS:] + slash + name[: _MOST_OF_NAME + 5]
    chained = len(_LOOSE.findall(path)) > _FEW_LOOSE or _CHAINING.search(path) is not None
    path = (_FOUR_DIGITS if chained else _FIVE_DIGITS).sub(r"\1", path)
    path = _REPEATED.sub(lambda found: (found[1] or found[2]) * 2, path)
    if len(_LOOSE.findall(path)) > 1:
        path = _WORD_LONG.sub(r"\1\2", path)
    path = _BESIDE.sub(r"\1", _RANGE.sub(_narrow, _GLUED.sub(r"\1", path)))
    path = _GLUED.sub(r"\1", path)  # what was cut may have stood between a mark and its number
    crowded = len(_LONG.findall(path)) > _MANY_LONG or len(_LOOSE.findall(path)) > _MANY_LOOSE
    return _without_wide_ranges(_LONG.sub(r"\1", path) if crowded else path)


def _without_wide_ranges(path: str) -> str:
    """Return `path` with two digits left of each number that guessit would count up to (E86-[2048], 第99話-2040)."""
    parts, last, end, is_cut = [], 0, 0, False
    for found in _NUMBER.finditer(path):
        gap, number = path[end : found.start()], found[0]
        is_cut = bool(end) and (
            (int(number) > last + _WIDEST_RANGE and _JOINED.fullmatch(_BETWEEN.sub("", gap)) is not None)
            or (is_cut and gap in ("x", "X"))  # what follows a cut season
        )
        if is_cut:
            number = number[:2]
        parts += [gap, number]
        last, end = int(number), found.end()
    return "".join([*parts, path[end:]])


def _narrow(found: re.Match[str]) -> str:
    """Return a chain of numbers without those far from its first, and without long ones.

    guessit splits digits where it likes (E030001-9999 may become 1-9999), so no large number is a safe end.
    """
    most = min(int(found["first"]) + _WIDEST_RANGE, _LARGEST_END)
    return found["first"] + _NEXT.sub(lambda link: link[0] if int(link[1]) <= most else "", found["links"])


def _to_guess(answer: dict[str, Any]) -> Guess:
    seasons = tuple(filter(numbering.is_season, _numbers(answer.get("season"))))
    episodes = _numbers(answer.get("episode"))
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
    return tuple(sorted({each for each in values if isinstance(each, int) and 0 <= each <= _LARGEST_NUMBER}))


def _title(value: Any) -> str | None:
    if isinstance(value, list):
        value = value[0] if value else None
    return " ".join(titles.printable(str(value)).split()) or None if value else None
