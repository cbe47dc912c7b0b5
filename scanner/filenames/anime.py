"""Fansub names: a group in brackets, a title, an absolute number, technical brackets."""

from __future__ import annotations

import re

from scanner.filenames import marks, numbering, packs, titles
from scanner.filenames.folders import of_pack
from scanner.filenames.guess import Guess

_MOST_IN_BATCH = 1500  # a batch is a folder of many files, so more than one file may hold
_GROUP = re.compile(r"\s*(?:\[[^\[\]]*\]\s*|【[^【】]*】\s*|★[^★\[【]*★?\s*)+")
_BRACKET = re.compile(r"[\[【]\s*([^\[\]【】]*?)\s*[\]】]")
_PAREN = re.compile(r"\s*\((?P<inside>[^()]*)\)")
_NUMBER = re.compile(
    r"(?:第|EP?)?\s*(?P<n>\d{1,4})(?:\s*[-~]\s*(?P<to>\d{1,4}))?\s*(?:v\d)?[\s.]*(?:話|话|集|回|END|Fin|完)?",
    re.IGNORECASE,
)
_CHECKSUM = re.compile(r"[0-9A-Fa-f]{8}")
_SEASON_END = re.compile(
    r"[\s_.]+\(?(?:(?:S(?:eason\s?)?|第)(?P<season>\d{1,2})(?:季|期)?|(?P<nth>\d)(?:st|nd|rd|th)\sseason)\)?"
    r"(?:\s-\s[^\W\d_].*[^\W\d_])?$",  # S03 - Name of the arc
    re.IGNORECASE,
)
_SPECIAL = re.compile(r"\s+(?:-\s+)?(?:OVA|ONA|OAD|OVD|NC(?:OP|ED)\d*)\b.*$")
_NUMBER_END = re.compile(r"\s-\s\d{2,4}(?:-\d{2,4})?$")  # Title - 05 (2016)
_DASH_NUMBER = re.compile(r"\s-\s\d{2,4}(?:v\d)?(?=\s*(?:[\[(]|$))")
_UNCLOSED = re.compile(r"\s\([^()]*$")
_SOURCE_END = re.compile(r"\s(?P<n>\d{2,3})[.\s](?:dvd|bd|tv|web)(?![^\W_])", re.IGNORECASE)
_VERSION_END = re.compile(r"\s+v\d$")
_DOTS_AS_SPACES = re.compile(r"(?<!\d)\.|\.(?!\d(?![^\W_]))")  # 05.5 keeps its dot
_LATIN_PART = re.compile(r"[A-Za-z][A-Za-z\d\s'’!:,.&+~-]*[A-Za-z\d!.)]")
_HAN = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]")

_AFTER = r"(?:v\d+|[abc])?(?=\s|$)"
# What stands between the group and the technical brackets, strictest rule first.
_SPELLINGS = (
    # Title 01 - 24, Title 001-024, Title (001-024), Title - 01 ~ 10
    re.compile(r"(?P<title>.*?\S)\s+(?:-\s+)?\(?(?P<n>\d{1,4})(?:[-~]|\s~\s)(?P<to>\d{2,4})\)?$"),
    re.compile(r"(?P<title>.*?\S)\s+(?:-\s+)?(?P<n>0\d{1,2})\s-\s(?P<to>\d{2,4})$"),
    # Title S2 1000
    re.compile(r"(?P<title>.*?\S\s+S\d{1,2})\s+(?P<n>\d{3,4})(?P<to>)$", re.IGNORECASE),
    # Title - 05, Title - 05.5, Title - 11 - Name, Title - 017 (115)
    re.compile(rf"(?P<title>.*?\S)\s+-\s+(?P<n>\d{{1,4}})(?P<to>)(?:\.\d)?{_AFTER}"),
    # Title Episode 05, Title Ep05
    re.compile(rf"(?P<title>.*?\S)[\s-]+(?:Episode|Ep|E)\s?(?P<n>\d{{1,4}})(?P<to>){_AFTER}", re.IGNORECASE),
    # 05 Title, 05 - Title
    re.compile(r"(?P<n>0\d{1,2}|[1-9]\d)(?P<to>)(?:\s+-|\.)?\s+(?P<title>[^\W\d_].*)"),
    # Title 第05話
    re.compile(r"(?P<title>.*?\S)\s+第(?P<n>\d{1,4})(?P<to>)[話话集回]"),
    # Title (9)
    re.compile(r"(?P<title>.*?\S)\s+\((?P<n>\d{1,3})\)(?P<to>)$"),
    # Title 105
    re.compile(r"(?P<title>.*?[^\W\d_].*?)[\s-]+#?(?P<n>\d{2,4})(?P<to>)(?:v\d)?(?:\s+(?:END|Fin))?$", re.IGNORECASE),
    # Title 05 Name
    re.compile(r"(?P<title>.*?[^\W\d_].*?)\s+(?P<n>0\d{1,2})(?P<to>)(?:v\d)?\s"),
)


def read_fansub(name: str) -> Guess | None:
    """Return what a name says that begins with a group in brackets."""
    found = _GROUP.match(name)
    if found is None:
        return None
    rest = name[found.end() :]
    if not rest.strip() and len(brackets := _BRACKET.findall(name)) == 1:
        return Guess(kind="movie", title=titles.clean(brackets[0]))
    if not rest.strip(" ._") or len(_BRACKET.findall(found[0])) > 1:
        return _of_brackets(name) or (_of_words(rest) if rest.strip(" ._") else None)
    guess = _of_words(rest)
    if guess and guess.kind == "movie" and (guess.title or "").isdecimal():
        head, year = titles.split_year(name)  # "[REC] 2 (2009)": without the bracket there is no title
        return Guess(kind="movie", title=titles.clean(head), year=year)
    return guess


def read_numbered(name: str) -> Guess | None:
    """Return what a name without a group says whose number is plainly absolute: Title - 031 - Name [Group]."""
    words, bracket = _words(name)
    found = next((found for at in (0, 2, 3) if (found := _SPELLINGS[at].match(words))), None)
    if (
        found is None
        or _is_year(found["n"], "")
        or ((pack := packs.read_pack(words)) and len(pack.seasons) > 1)
        or not (found["n"][0] == "0" or len(found["n"]) == 4 or bracket is not None or len(words) < len(name.rstrip()))
    ):
        return None
    return (
        _guess(found["title"], found["n"], found["to"], numbering.MOST_EPISODES)
        if titles.is_plain(titles.split_year(found["title"])[0].rstrip())
        else None
    )


def _of_words(rest: str) -> Guess | None:
    words, bracket = _words(rest)
    if bracket is not None:
        return _guess(words, bracket["n"], bracket["to"])
    if _SEASON_END.search(words):
        return _guess(words, "", "")
    for spelling in _SPELLINGS:
        found = spelling.match(words)
        if found and not _is_year(found["n"], found["title"]):
            return _guess(found["title"], found["n"], found["to"])
    if pack := packs.read_pack(words):
        return of_pack(pack)
    if special := _SPECIAL.search(words):
        return _guess(words[: special.start()], "", "")
    mark = marks.ANY.search(words, 1)
    title, year = titles.split_year(_VERSION_END.sub("", words[: mark.start()] if mark else words))
    return Guess(kind="movie", title=titles.clean(_one_script(title)), year=year) if title.strip() else None


def _words(rest: str) -> tuple[str, re.Match[str] | None]:
    """Return the words in front of the technical brackets, and a number that stands in the first of these."""
    rest = rest.replace("_", " ") if rest.count("_") >= rest.count(" ") else rest
    spaced = " " in _BRACKET.split(rest, maxsplit=1)[0].strip()
    rest = rest if spaced else _DOTS_AS_SPACES.sub(" ", rest)
    numbered = _DASH_NUMBER.search(rest)  # brackets in front of it are the title's, those behind are technical
    bracket = _BRACKET.search(rest, numbered.end() if numbered else 0)
    words = rest[: bracket.start()] if bracket else rest
    for paren in _PAREN.finditer(words):
        if marks.ANY.search(paren["inside"]) or _NUMBER_END.search(words, 0, paren.start()):
            words = words[: paren.start()]
            break
    words = _UNCLOSED.sub("", words)
    if mark := _SOURCE_END.search(words):
        words = words[: mark.end("n")]
    number = _NUMBER.fullmatch(bracket[1]) if bracket and words.strip(" .-") and not numbered else None
    return words.strip(" .-"), None if number and _is_year(number["n"], "") else number


def _guess(title: str, number: str, to: str | None, most: int = _MOST_IN_BATCH) -> Guess:
    title, season = split_season(title.strip(" .-_"))
    title, year = titles.split_year(title)
    if season is None and year:
        title, season = split_season(title)
    numbers = [int(each) for each in (number, to) if each]
    episodes = numbering.expand(numbers, is_range=True, most=most) if numbers else ()
    return Guess(
        kind="episode", title=titles.clean(_one_script(title)) or None, year=year, season=season, episodes=episodes
    )


# Show - 313-315, Show 313-315, Show - 05.5; "Show at 29" is a title.
_ABSOLUTE_END = re.compile(
    r"(?:[ ._]+-[ ._]+(?P<n>\d{2,4})(?:\.\d|-(?P<to>\d{2,4}))?|[ ._]+(?P<n2>\d{2,4})-(?P<to2>\d{2,4}))$"
)
_GROUP_ABSOLUTE_END = re.compile(r"(?<=\w)[ ._]+(?P<n>\d{3,4})$")


def absolute_before(head: str) -> tuple[str, tuple[int, ...]] | None:
    """Return title and absolute numbers of a head that ends in these: Show - 313-315 (- s16e03-05)."""
    found = _ABSOLUTE_END.search(head)
    if found is None and head.startswith(("[", "【")):
        found = _GROUP_ABSOLUTE_END.search(head)
    if found is None:
        return None
    numbers = [int(each) for each in found.groups() if each]
    return head[: found.start()], numbering.expand(numbers, is_range=True)


def split_season(title: str) -> tuple[str, int | None]:
    """Take a season off the end of a title (Title S2)."""
    found = _SEASON_END.search(title)
    return (title[: found.start()].rstrip(" -"), int(found["season"] or found["nth"])) if found else (title, None)


def _is_year(number: str, title: str) -> bool:
    return len(number) == 4 and 1930 <= int(number) <= 2040 and not title.rstrip().endswith("-")


def _of_brackets(name: str) -> Guess | None:
    """[Group][标题][Title][2019][05][1080p]: the last number is the episode, the first Latin words the title."""
    tokens = [token for token in _BRACKET.findall(name)[1:] if token]
    numbers = [found for token in tokens if (found := _NUMBER.fullmatch(token))]
    numbers = [each for each in numbers if not _is_year(each["n"], "")] or numbers
    words = [token for token in tokens if _is_title(token)]
    latin = sorted((token for token in words if _LATIN_PART.search(token)), key=lambda token: bool(_HAN.search(token)))
    if not numbers or not words:
        return None
    return _guess((latin or words)[0], numbers[-1]["n"], numbers[-1]["to"])


def _is_title(token: str) -> bool:
    return not (
        _NUMBER.fullmatch(token)
        or _CHECKSUM.fullmatch(token)
        or marks.ANY.search(token)
        or (token.isascii() and len(token) < 5)
        or len(token) < 2
    )


def _one_script(title: str) -> str:
    """Return the Latin part of a title that stands there in two scripts."""
    if not _HAN.search(title):
        return title
    parts = [part for part in re.split(r"[/_·|]", title) if part.strip()]
    latin = [part for part in parts if not _HAN.search(part)] or _LATIN_PART.findall(title)
    return max(latin, key=len) if latin and len(max(latin, key=len)) > 3 else title
