"""Episodes that are numbered without a plain season mark: what the number counts depends on what stands around it."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import pairwise

from scanner.filenames import anime, marks, movies, numbering, packs, titles
from scanner.filenames.folders import Around, same_name
from scanner.filenames.guess import Guess

_COUNTER = r"[話话集回회화]"
# "Part 3" and its like only count inside a season's folder.
_PART_WORDS = r"part|pt|chapter|chapitre|kapitel|cap[ií]tol[oi]|parte|partie|teil|deel"
_LEADING = re.compile(
    rf"[(#]?(?:E|EP|Ep\.|第|{_PART_WORDS}|{numbering.EPISODE_WORDS})?[ ._]*"
    rf"(?P<n>\d{{1,4}})(?P<more>(?:[-~]\d{{1,4}})*)(?:v\d|{_COUNTER})?"
    r"(?=[ ._)-]|$)",
    re.IGNORECASE,
)
_LAST = re.compile(r"(?P<title>[^\W\d_].*?)(?P<dash> - |[ ._])(?P<n>\d{2,4})(?:v\d)?(?=$| - | ?[\[(])")
_SEASON_DASH_NUMBER = re.compile(r"(?P<season>\d{1,2})-(?P<n>\d{2})(?=[ .]-[ .]|(?P<glued>[ .]{1,2}[^\W\d_]))")
_AFTER_TITLE = re.compile(r"[ ._-]+(?P<n>\d{2,4}|(?<=- )\d)(?:v\d)?(?=[ ._\[(-]|$)")
_COUNTED = re.compile(r"(?P<n>0\d{1,2})(?:-(?P<to>\d{2,3}))?\.[ .](?P<title>[^\W\d_].*?)(?=[ .]-[ .]|$)")
_EPISODE = re.compile(
    rf"(?<![^\W_])(?:E|(?P<word>EP|{numbering.EPISODE_WORDS})[ ._]{{0,2}}){numbering.OPENED}"
    r"(?P<n>\d{1,5})(?:v\d)?(?![^\W_])",
    re.IGNORECASE,
)
# What may stand between title and number without being part of either: [group], (1968) [source].
_BRACKETS_END = re.compile(r"(?<=\S)[ ._]*\[[^\[\]]*\][ ._-]*$")
_OF = re.compile(r"(?<![^\W_])(?P<n>\d{1,2})of\d{1,2}(?![^\W_])", re.IGNORECASE)
_TURKISH = re.compile(r"(?<![^\W_])(?P<n>\d{1,4})\.?[ ._]?(?:blm|b[oö]l[uü]m)(?![^\W_])", re.IGNORECASE)
_SPELLED = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
_NUMBERS = {word: number for number, word in enumerate(_SPELLED, 1)}
_PART = re.compile(rf"(?<![^\W_])(?:part|pt)[ ._](?P<n>\d{{1,2}}|{'|'.join(_SPELLED)})(?![^\W_])", re.IGNORECASE)
_SEASON_WORD_END = re.compile(rf"(?:{packs.WORDS})[ ._]*$", re.IGNORECASE)
# Show.103.104.hdtv, Show.10304.hdtv: season and two episodes in a row, without any letter.
_TWO_IN_DIGITS = re.compile(r"[ ._](?P<s>\d{1,2})(?P<a>\d\d)(?:[ ._-](?P=s))?(?P<b>\d\d)(?=[ ._-])")
_CHINESE_RANGE = re.compile(r"第(\d{1,4})(?:-(\d{1,4}))?[集話话回]")
# 05 серия, 第05集, 2회: the number stands in front of its word.
_TURNED = re.compile(
    rf"(?<![^\W_])(?:第\s?(?P<a>\d{{1,4}})\s?{_COUNTER}|(?P<b>\d{{1,4}})(?:\s?[회화]|(?:-?[яй])?[ ._](?:серия|серії)"
    r"|\.[ ._]?(?:rész|epizód|díl|b[öo]l[üu]m|odcinek)))(?![^\W_])",
    re.IGNORECASE,
)
_PADDED = re.compile(r"(?P<n>0\d{1,2})(?: - (?P<name>[^\W\d_].*))?")
_DIGITS = re.compile(r"\d+")
_CLOSING = re.compile(r"[\]】]")


def read_in_season(stem: str, around: Around) -> Guess | None:
    """Season 1/02 - Name, Season 1/02-03 - Name, Season 2/Show - 101."""
    if around.season is None:
        return None
    found = _LEADING.match(stem)
    if found is None:
        return read_after_folder(stem, around) or _read_last(stem, around)
    numbers = [int(each) for each in _DIGITS.findall(found["n"] + found["more"])]
    if any(later <= earlier for earlier, later in pairwise(numbers)):
        numbers = numbers[:1]
    if len(numbers) == 1 and numbers[0] // 100 == around.season and numbers[0] % 100:
        numbers = [numbers[0] % 100]  # Season 2/203 - Name
    return Guess(kind="episode", season=around.season, episodes=numbering.expand(numbers, is_range=len(numbers) == 2))


def _read_last(stem: str, around: Around) -> Guess | None:
    found = _LAST.match(stem)
    if found is None or not titles.is_plain(found["title"]) or titles.is_year(found["n"]):
        return None
    number = int(found["n"])
    if found["dash"] != " - " and number // 100 == around.season and number % 100:
        number %= 100  # Season 2/Show 205; behind a dash it is an absolute number
    return Guess(kind="episode", title=titles.clean(found["title"]), season=around.season, episodes=(number,))


def read_season_dash_number(stem: str, around: Around) -> Guess | None:
    """4-12 - Name: season and episode in front."""
    found = None if movies.read_film(stem) else _SEASON_DASH_NUMBER.match(stem)
    if found and found["glued"] and not (around.title or found["n"].startswith("0")):
        return None  # 3-10 to Nowhere
    return Guess(kind="episode", season=int(found["season"]), episodes=(int(found["n"]),)) if found else None


def read_counted(stem: str, around: Around) -> Guess | None:
    """003. Show - Name: a padded number in front of the show's title."""
    found = _COUNTED.match(stem)
    title = titles.plain_title(found["title"]) if found else None
    if found is None or title is None:
        return None
    return Guess(kind="episode", title=title, episodes=_expand(found["n"], found["to"]))


def read_after_folder(stem: str, around: Around) -> Guess | None:
    """The Show/The Show - 02 - Name: what follows the folder's title is the number."""
    title = around.title
    if not title or not same_name(stem[: len(title)], title):
        return None
    found = _AFTER_TITLE.match(stem, len(title))
    if found is None or titles.is_year(found["n"]):
        return None
    number = int(found["n"])
    if around.season is not None and number // 100 == around.season and number % 100 and "-" not in found[0]:
        number %= 100  # Season 2/Show.205.Name; behind a dash it is an absolute number
    return Guess(kind="episode", title=title, season=around.season, episodes=(number,))


def read_episode_only(stem: str, around: Around) -> Guess | None:
    """Show.E07, Show Ep01-12: an episode without a season."""
    found = _EPISODE.search(stem)
    if found is None or _is_film_episode(stem, found) or (found.start() == 0 and not (around.title and found["word"])):
        return None
    episodes, _ = numbering.read_chain(stem, found.end("n"), int(found["n"]), around.season)
    head = _BRACKETS_END.sub("", titles.without_group(stem[: found.start()]))
    title, year = titles.split_year(head.strip(" ._-"))
    title, season = anime.split_season(title)
    if season is None and (pack := packs.read_pack(title)):
        title, season = pack.head, pack.seasons[0]
    season = around.season if season is None else season
    return Guess(kind="episode", title=titles.plain_title(title), year=year, season=season, episodes=episodes)


def read_turned(stem: str, around: Around) -> Guess | None:
    """标题 第05集, 제목 2회, Название 1 сезон 5 серия."""
    found = None if stem.startswith(("[", "【")) else _TURNED.search(stem)
    if found is None:
        return None
    title, season = stem[: found.start()].strip(" ._-"), around.season
    if pack := packs.read_pack(title):
        title, season = pack.head, pack.seasons[0]
    title, year = titles.split_year(title)
    return Guess(
        kind="episode",
        title=titles.plain_title(title) or around.title,
        year=year,
        season=season,
        episodes=(int(found["a"] or found["b"]),),
    )


def _is_film_episode(stem: str, found: re.Match[str]) -> bool:
    """Return whether "Episode 4" is followed by a film's year."""
    film = movies.read_film(stem) if (found["word"] or "").lower() == "episode" else None
    return film is not None and str(film.year) in stem[found.end() :]


def read_of_so_many(stem: str, around: Around) -> Guess | None:
    """Show.5of9.Name, Show 12.Bolum, Show.Part.Two.HDTV: numbers of series without seasons."""
    found = _OF.search(stem) or _TURKISH.search(stem) or _broadcast_part(stem)
    if found is None or _SEASON_WORD_END.search(stem, 0, found.start()):
        return None  # "Season 3of5" counts seasons
    head, season = stem[: found.start()], None
    if pack := packs.read_pack(head):
        head, season = pack.head, pack.seasons[0]
    title = titles.plain_title(head)
    word = found["n"].lower()
    number = int(word) if word.isdecimal() else _NUMBERS.get(word)  # unknown: "ſix" matches without case
    return Guess(kind="episode", title=title, season=season, episodes=(number,)) if title and number else None


def _broadcast_part(stem: str) -> re.Match[str] | None:
    """Return "Part 2" of what was on the air; anything else in parts is a film."""
    found = _PART.search(stem)
    return found if found and marks.BROADCAST.search(stem, found.end()) else None


def read_two_in_digits(stem: str, around: Around) -> Guess | None:
    """Show.103.104.hdtv, Show.10304.hdtv."""
    found = _TWO_IN_DIGITS.search(stem)
    if found is None or int(found["b"]) != int(found["a"]) + 1 or not marks.BROADCAST.search(stem, found.end()):
        return None
    title = titles.plain_title(stem[: found.start()])
    return Guess(kind="episode", title=title, season=int(found["s"]), episodes=(int(found["a"]), int(found["b"])))


def read_chinese_range(stem: str, around: Around) -> Guess | None:
    """标题[第01-15集].Title.S01: season and title behind the brackets, the episodes inside."""
    found = _CHINESE_RANGE.search(stem)
    pack = packs.read_pack(stem) if found else None
    title = titles.clean(_CLOSING.split(pack.head)[-1]) if pack else None
    if found is None or pack is None or not title:
        return None
    return Guess(kind="episode", title=title, season=pack.seasons[0], episodes=_expand(*found.groups()))


def read_padded(stem: str, around: Around) -> Guess | None:
    """Show (2010)/01, Show (2010)/01 - Name: a padded number in front, where the folder has a year but no season."""
    found = _PADDED.fullmatch(stem) if around.release and around.release.kind == "movie" else None
    if found is None or (found["name"] and (not around.title or around.title.lower() in found["name"].lower())):
        return None
    return Guess(kind="episode", title=around.title, year=around.year, episodes=(int(found["n"]),))


def read_fansub(stem: str, around: Around) -> Guess | None:
    """[Group] Title - 05 [1080p], Title - 031 - Name [Group]."""
    if movies.has_year_in_front(stem):
        return None
    guess = anime.read_fansub(stem) or anime.read_numbered(stem)
    in_season = guess is not None and guess.kind == "episode" and guess.season is None and around.season is not None
    return replace(guess, season=around.season) if guess and in_season else guess


def _expand(first: str, last: str | None) -> tuple[int, ...]:
    return numbering.expand([int(each) for each in (first, last) if each], is_range=True)
