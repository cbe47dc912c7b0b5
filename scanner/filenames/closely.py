"""A closer look at names that are not tidy: one reader after the other, the strictest first, guessit last."""

from __future__ import annotations

import re
from dataclasses import replace

from scanner.filenames import anime, dates, marks, movies, numbering, packs, refusals, titles
from scanner.filenames.fast import same_name
from scanner.filenames.folders import Around, of_pack
from scanner.filenames.guess import Guess
from scanner.filenames.unusual import ask_for_title, ask_guessit

_LEADING_NUMBER = re.compile(
    r"(?:E|EP|Ep\.|Episode)?[ ._]*(?P<n>\d{1,4})(?:[-~](?P<to>\d{1,4}))?(?:v\d)?(?=[ ._-]|$)", re.IGNORECASE
)
_SEASON_DASH_NUMBER = re.compile(r"(?P<season>\d{1,2})-(?P<n>\d{2})(?=[ .]-[ .])")
_AFTER_TITLE = re.compile(r"[ ._-]+(?P<n>\d{2,4})(?:v\d)?(?=[ ._\[(-]|$)")
_EPISODE_ONLY = re.compile(
    r"(?<![^\W_])(?:(?P<letter>E)|(?P<word>EP|Episode|Episodio|Folge)[ ._]{0,2})(?P<n>\d{1,5})(?:v\d)?(?![^\W_])", re.IGNORECASE
)
_OF = re.compile(r"(?<![^\W_])(?P<n>\d{1,2})of\d{1,2}(?![^\W_])", re.IGNORECASE)
_BOLUM = re.compile(r"(?<![^\W_])(?P<n>\d{1,4})\.?[ ._]?(?:blm|b[oö]l[uü]m)(?![^\W_])", re.IGNORECASE)
_PART = re.compile(r"(?<![^\W_])(?:part|pt)[ ._](?P<n>\d{1,2}|one|two|three|four|five|six|seven|eight|nine|ten)(?![^\W_])", re.I)
_SEASON_WORD_END = re.compile(rf"(?:{packs.WORDS})[ ._]*$", re.IGNORECASE)
# Show.103.104.hdtv, Show.10304.hdtv: season and two episodes in a row, without any letter.
_TWO_IN_DIGITS = re.compile(r"[ ._](?P<s>\d{1,2})(?P<a>\d\d)(?:[ ._-](?P=s))?(?P<b>\d\d)(?=[ ._-])")
_PART_AFTER = re.compile(r"[ ._-]+(?:part|pt)[ ._]?(?P<n>\d)(?!\d)", re.IGNORECASE)
_EPISODE_WORD = re.compile(r"(?<![^\W_])episode[ ._]\d", re.IGNORECASE)
_NUMBER_WORDS = "zero one two three four five six seven eight nine ten".split()
_DATE_PREFIX = re.compile(r"^[012]\d[01]\d[0-3]\d[ .](?=\S)")  # 210131 Title
_COUNTED = re.compile(r"(?P<n>0\d{1,2})(?:-(?P<to>\d{2,3}))?\.[ .](?P<title>[^\W\d_].*?)(?=[ .]-[ .]|$)")
_CHINESE_RANGE = re.compile(r"第(\d{1,4})(?:-(\d{1,4}))?[集話话回]")
_WORDS_ONLY = re.compile(r"[^\W\d_]+(?:[ ._-][^\W\d_]+)+")
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
_CLOSING = re.compile(r"[\]】]")
_IN_SEASON = re.compile(r"(?P<title>[^\W\d_].*?)(?: - |[ ._])(?P<n>\d{2,4})(?:v\d)?(?=$| - | ?[\[(])")
_TRAILING_NUMBER = re.compile(r"[ ._-]+E(?:P|pisode)?[ ._]?\d+[ ._-]*$", re.IGNORECASE)


def read_closely(stem: str, around: Around, tail: str) -> Guess | None:
    """Return what `stem` says between its folders; `tail` is the path as guessit should see it."""
    if refusals.says_nothing(stem) and numbering.read_pair(stem) is None:
        return around.release
    bare = titles.without_site(refusals.turned_round(stem).replace("_", " "))
    for reader in _READERS:
        if guess := reader(bare, around):
            return guess if guess.title else _titled(guess, bare, around, tail)
    return _unusual(bare, around, tail)


def _dated(stem: str, around: Around) -> Guess | None:
    """Show.2020.01.31.Guest: a date that stands in front of any number."""
    found = dates.read_date(stem)
    if found is None or stem[max(0, found.start - 1) : found.start] in ("(", "["):
        return None
    numbers = numbering.read_pair(stem)
    if numbers and numbers.start < found.start:
        return None
    head = _TRAILING_NUMBER.sub("", stem[: found.start])
    part = _PART_AFTER.match(stem, found.end)
    return Guess(
        kind="episode", title=_plain_title(head), air_date=found.date, part=int(part["n"]) if part else None
    )


def _paired(stem: str, around: Around) -> Guess | None:
    """Show S01E02 in all its spellings."""
    numbers = numbering.read_pair(stem)
    if numbers is None:
        return None
    title, year = titles.split_year(stem[: numbers.start].rstrip(" ([-._"))
    absolute = anime.absolute_before(title)
    if absolute:
        title = absolute[0]
    return Guess(
        kind="episode",
        title=_plain_title(title),
        year=year,
        season=numbers.season,
        episodes=numbers.episodes,
        absolute=absolute[1] if absolute else (),
    )


def _plain_title(head: str) -> str | None:
    """Return the title that `head` plainly is; None leaves the question to guessit or the folder."""
    head = _DATE_PREFIX.sub("", titles.without_group(head).strip(" ._-"))
    head = titles.first_name(titles.latin_of_mixed(head))
    return titles.clean(head) if head and titles.is_plain(head) else None


def _numbered_in_season(stem: str, around: Around) -> Guess | None:
    """Season 1/02 - Name, Season 1/02-03 - Name, Season 2/Show - 101."""
    if around.season is None:
        return None
    found = _LEADING_NUMBER.match(stem)
    if found is None:
        return _last_in_season(stem, around)
    numbers = [int(each) for each in (found["n"], found["to"]) if each]
    if found["to"] and numbers[1] <= numbers[0]:
        numbers = numbers[:1]
    return Guess(kind="episode", season=around.season, episodes=numbering.expand(numbers, is_range=True))


def _counted(stem: str, around: Around) -> Guess | None:
    """003. Show - Name: a padded number in front of the show's title."""
    found = _COUNTED.match(stem)
    if found is None:
        return None
    numbers = [int(each) for each in (found["n"], found["to"]) if each]
    title = _plain_title(found["title"])
    return Guess(kind="episode", title=title, episodes=numbering.expand(numbers, is_range=True)) if title else None


def _last_in_season(stem: str, around: Around) -> Guess | None:
    found = _IN_SEASON.match(stem)
    if found is None or not titles.is_plain(found["title"]) or found["n"][:2] in ("19", "20"):
        return None
    return Guess(kind="episode", title=titles.clean(found["title"]), season=around.season, episodes=(int(found["n"]),))


def _numbered_after_folder(stem: str, around: Around) -> Guess | None:
    """The Show/The Show - 02 - Name: what follows the folder's title is the number."""
    title = around.title
    if not title:
        return None
    found = _AFTER_TITLE.match(stem, len(title)) if same_name(stem[: len(title)], title) else None
    if found is None or (len(found["n"]) == 4 and found["n"][:2] in ("19", "20")):
        return None
    return Guess(kind="episode", title=titles.clean(stem[: len(title)]), season=around.season, episodes=(int(found["n"]),))


def _season_dash_number(stem: str, around: Around) -> Guess | None:
    """4-12 - Name: season and episode in front."""
    found = _SEASON_DASH_NUMBER.match(stem)
    return Guess(kind="episode", season=int(found["season"]), episodes=(int(found["n"]),)) if found else None


def _episode_only(stem: str, around: Around) -> Guess | None:
    """Show.E07, Show Ep01-12: an episode without a season."""
    found = _EPISODE_ONLY.search(stem)
    if found is None or found.start() == 0:
        return None
    film = movies.read_film(stem) if (found["word"] or "").lower() == "episode" else None
    if film and film.year and str(film.year) in stem[found.end() :]:
        return None  # Star Wars Episode 4 1977
    episodes, _ = numbering.read_chain(stem, found.end("n"), int(found["n"]), None)
    title, year = titles.split_year(titles.without_group(stem[: found.start()]).strip(" ._-"))
    title, season = anime.split_season(title)
    if season is None and (pack := packs.read_pack(title)):
        title, season = pack.head, pack.seasons[0]
    return Guess(kind="episode", title=_plain_title(title), year=year, season=season, episodes=episodes)


def _of_so_many(stem: str, around: Around) -> Guess | None:
    """Show.5of9.Name, Show 12.Bolum, Show.Part.Two.HDTV: numbers of series without seasons."""
    found = _OF.search(stem) or _BOLUM.search(stem)
    if found is None:
        found = _PART.search(stem)
        if found is None or not marks.BROADCAST.search(stem, found.end()):
            return None  # without a broadcast it is a film in parts
    head, season = stem[: found.start()], None
    if pack := packs.read_pack(head):
        head, season = pack.head, pack.seasons[0]
    if _SEASON_WORD_END.search(head):
        return None  # Season 3of5
    title = _plain_title(head)
    word = found["n"].lower()
    number = int(word) if word.isdigit() else _NUMBER_WORDS.index(word)
    return Guess(kind="episode", title=title, season=season, episodes=(number,)) if title else None


def _two_in_digits(stem: str, around: Around) -> Guess | None:
    found = _TWO_IN_DIGITS.search(stem)
    if found is None or int(found["b"]) != int(found["a"]) + 1 or not marks.BROADCAST.search(stem, found.end()):
        return None
    title = _plain_title(stem[: found.start()])
    return Guess(kind="episode", title=title, season=int(found["s"]), episodes=(int(found["a"]), int(found["b"])))


def _fansub(stem: str, around: Around) -> Guess | None:
    guess = anime.read_fansub(stem) or anime.read_numbered(stem)
    return replace(guess, season=around.season) if guess and guess.season is None and around.season else guess


def _chinese_pack(stem: str, around: Around) -> Guess | None:
    """标题[第01-15集].Title.S01: season and title behind the brackets, the episodes inside."""
    found = _CHINESE_RANGE.search(stem)
    pack = packs.read_pack(stem) if found else None
    title = titles.clean(_CLOSING.split(pack.head)[-1]) if pack else None
    if found is None or pack is None or not title:
        return None
    numbers = [int(each) for each in found.groups() if each]
    return Guess(kind="episode", title=title, season=pack.seasons[0], episodes=numbering.expand(numbers, is_range=True))


def _pack(stem: str, around: Around) -> Guess | None:
    """Show.S01.1080p, Show Season 1-3: seasons as a whole."""
    pack = packs.read_pack(stem)
    if pack is None or _EPISODE_WORD.search(stem):
        return None
    guess = of_pack(pack)
    return guess if guess.title and titles.is_plain(titles.without_group(titles.split_year(pack.head)[0])) else None


def _film(stem: str, around: Around) -> Guess | None:
    film = movies.read_film(stem)
    if film is None or around.season is not None:
        return None
    folder = around.release
    if folder and folder.title and folder.year == film.year and film.title.lower().endswith(folder.title.lower()):
        return folder  # the file's title has something in front of it
    return Guess(kind="movie", title=film.title, year=film.year)


def _short_date(stem: str, around: Around) -> Guess | None:
    """Show.200131.720p: six digits, where nothing else numbers the name."""
    found = dates.read_short_date(stem)
    title = _plain_title(stem[: found.start]) if found else None
    return Guess(kind="episode", title=title, air_date=found.date) if found and title else None


def _marked(stem: str, around: Around) -> Guess | None:
    """Title.1080p.x264: words without any number in front of a quality mark."""
    mark = marks.TECHNICAL.search(stem, 1)
    if mark is None or around.title or marks.BROADCAST.search(stem) or _YEAR.search(stem):
        return None
    head = stem[: mark.start()].rstrip(" ._-([")
    plain = _WORDS_ONLY.fullmatch(head) and not marks.ANY.search(head)
    return Guess(kind="movie", title=titles.clean(head)) if plain else None


_READERS = (
    _dated,
    _paired,
    _two_in_digits,
    _chinese_pack,
    _episode_only,
    _fansub,
    _numbered_in_season,
    _season_dash_number,
    _counted,
    _numbered_after_folder,
    _of_so_many,
    _pack,
    _film,
    _short_date,
    _marked,
)


def _titled(guess: Guess, stem: str, around: Around, tail: str) -> Guess:
    """Complete a guess whose numbers are sure and whose title is not: the folder's, or guessit's."""
    if around.title and (around.season is not None or around.release):
        return replace(guess, title=around.title, year=guess.year or around.year)
    numbers = numbering.read_pair(stem)
    asked = ask_for_title(tail.rpartition("/")[0], stem[: numbers.start]) if numbers else ask_guessit(tail)
    title = asked.title if asked else None
    return replace(guess, title=title or around.title, year=guess.year or (asked.year if asked else None))


def _unusual(stem: str, around: Around, tail: str) -> Guess | None:
    if around.release:
        return around.release
    asked = ask_guessit(tail)
    if asked and not asked.title and not asked.episodes and around.title is None:
        return _film_of_digits(stem, around)  # 1984 alone is a title
    if asked and _misread(asked, stem):
        return _film_of_digits(stem, around)
    return _last_of_two(asked, stem) if asked else None


def _last_of_two(asked: Guess, stem: str) -> Guess:
    """Two numbers in a row that are no range: the first belongs to the title (Agent 47 217)."""
    first, *others = asked.episodes or (0,)
    if len(others) != 1 or others[0] in (first, first + 1) or not asked.title:
        return asked
    words = re.sub(r"[ ._]+", " ", stem)
    longer = f"{asked.title} {first}"
    return replace(asked, title=longer, episodes=tuple(others)) if words.startswith(longer + " ") else asked


def _misread(asked: Guess, stem: str) -> bool:
    """Return whether guessit took digits of the title for season and episode (300 is no 3x00)."""
    if asked.season is None or len(asked.episodes) != 1 or asked.air_date:
        return False
    digits = f"{asked.season}{asked.episodes[0]:02d}"
    if len(digits) == 4 and digits[:2] in ("19", "20"):
        return True  # 2049 is no 20x49
    return stem.startswith(digits) or not any(stem.find(each) >= 0 for each in (digits, str(asked.episodes[0])))


def _film_of_digits(stem: str, around: Around) -> Guess:
    mark = marks.ANY.search(stem, 1)
    return Guess(kind="movie", title=titles.clean(stem[: mark.start()] if mark else stem))
