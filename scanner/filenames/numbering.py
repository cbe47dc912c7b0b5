"""Season and episode marks, with every episode of a file that holds several."""

from __future__ import annotations

import re
from dataclasses import dataclass

MOST_EPISODES = 200  # of one file; a longer range is a misread number
_SEASON_WORDS = (
    r"seasons?|series|saisons?|temporadas?|temp?|stagion[ei]|staffeln?|s[äa]song|sesong|seizoen|sezon[aul]*|kausi|s[æa]son|évad"
    r"|сезон|シーズン|se"
)
# "Episode" in full, in the languages of Europe; the short forms only count behind a season.
EPISODE_WORDS = (
    r"[eé]pisod(?:es?|io|ul|en|i)?|epis[oó]dio|folgen?|odcinek|cap[ií]tulo|aflevering|avsnitt|afsnit|jakso"
    r"|b[oö]l[uü]m|epizod[ae]?|сери[яи]|серія|эпизод|епізод"
)
_EPISODE_WORDS = rf"{EPISODE_WORDS}|epi?|cap|afl"
_EDGE = r"(?<![^\W_])"
OPENED = r"(?:\((?=\d{1,4}(?:-\d{1,4})?\)))?"  # Ep(01-10)

_PAIR = re.compile(
    rf"{_EDGE}(?:"
    r"S(?P<s1>\d{1,4})[ ._(\-]{0,3}(?:E(?:P|pisode)?|XE?(?!26[45](?!\d)))[ ._]?" + OPENED + r"(?P<e1>\d{1,5})"
    r"|(?P<s2>\d{1,2}|19[3-9]\d|20\d\d)(?P<x>X)E?(?P<e2>\d{1,3})"
    rf"|(?:{_SEASON_WORDS})[ ._]*№?(?P<s3>\d{{1,4}})[ ._,()\-]{{0,4}}"
    rf"(?:{_EPISODE_WORDS}|E)[ ._]*№?{OPENED}(?P<e3>\d{{1,5}})"
    r"|S(?P<s4>\d{1,4})[ ._]-[ ._](?:Episode|Ep)[ ._](?P<e4>\d{1,5})"
    # [5.01]; 2nd Season - 02; S0102, where 0102 is no year; S01.02.
    r"|(?<=\[)(?P<s5>\d{1,2})\.(?P<e5>\d{2,3})(?=\])"
    r"|(?P<s6>\d{1,2})(?:st|nd|rd|th)[ ._]Season[ ._]+(?:-[ ._]+)?(?P<e6>\d{2,3})(?![^\W_])"
    r"|S(?P<s7>(?!19|20)\d\d)(?P<e7>\d\d)(?![^\W_])"
    r"|S(?P<s8>\d\d)\.(?P<e8>\d\d)(?=\.)"
    # T01E02; (S2-07); - 6.01 -; Episode 6.01; 2 сезон 24 серия.
    r"|T(?P<s9>\d{1,2})X?E(?P<e9>\d{1,3})"
    r"|(?<=[(\[])S(?P<s10>\d)-(?P<e10>\d\d)(?=[)\]])"
    r"|S(?P<s14>\d{1,2})[ ](?P<e14>\d{2,3})(?=$|[ ](?:\[|-[ ]))"
    r"|(?<=-[ ])(?P<s11>\d{1,2})\.(?P<e11>\d\d)(?=[ ]-[ ])"
    r"|(?:Episode|Ep)[ ](?P<s12>\d{1,2})\.(?P<e12>\d\d)(?=[ ])"
    r"|(?P<s13>\d{1,2})[ ._-]?(?:sez(?:on)?|сез(?:он)?)[ ._]+(?P<e13>\d{1,4})[ ._-]?(?:ser(?:i[aiy]+)?|сер(?:и[яи])?)"
    r"(?![^\W_])"
    r")(?!\d)",
    re.IGNORECASE,
)
# Spanish releases: [Cap.102], [Cap.102_104]: season and episode in one number.
_CAP = re.compile(r"\[Cap[. ](?P<s>\d{1,2})(?P<e>\d\d)(?:[_ ](?P<to_s>\d{1,2})(?P<to_e>\d\d))?(?!\d)", re.IGNORECASE)
_CAP_HEAD = re.compile(r"[ ._-]*(?:\bTemp(?:orada)?[ ._]*\d|\bTem[ ._]\d|\[|\d{3,4}p)", re.IGNORECASE)
# What may follow the first number: E04, -E04, x04, - 02x04, .S01E04, -04 (glued), & 4 (the next number only).
_NEXT = re.compile(
    r"(?P<dash>[ ._]?[-~][ ._]?|[ ._,&+]{0,3}|[ ._](?:and|und|en|et|y|e)[ ._])"
    r"(?:S(?P<season>\d{1,4})[ ._]?E|(?P<xseason>\d{1,4})X(?=\d)|EP?[ ._]?(?=\d))(?P<number>\d{1,5})(?!\d)",
    re.IGNORECASE,
)
_NEXT_X = re.compile(
    r"(?P<dash>[ ._]?[-~][ ._]?|[ ._,&+]{0,3})(?:(?P<season>\d{1,4})?XE?|E)(?P<number>(?!26[45])\d{1,3})(?!\d)",
    re.IGNORECASE,
)
_NEXT_BARE = re.compile(r"(?P<dash>[-~])(?P<number>\d{1,5})(?![^\W_]|!)")
_NEXT_WORD = re.compile(r"[ .](?:&|\+|and|und|en|et|y|e)[ .](?P<number>\d{1,4})(?![^\W_])")


@dataclass(frozen=True, slots=True)
class Numbers:
    """Season and episodes, and where in the name they stand."""

    season: int | None
    episodes: tuple[int, ...]
    start: int
    end: int


def read_pair(name: str) -> Numbers | None:
    """Return the first season and episode mark of `name` with all its episodes."""
    if "[" in name and (cap := _CAP.search(name)):
        ends = [int(each) for each in (cap["e"], cap["to_e"]) if each]
        head = _CAP_HEAD.search(name)
        start = min(head.start() if head else cap.start(), cap.start())
        return Numbers(int(cap["s"]), expand(ends, is_range=True), start, cap.end())
    for found in _PAIR.finditer(name):
        season, first = (int(each) for each in found.groups() if each and each.isdecimal())
        if not is_season(season) or _is_in_group(found):
            continue
        episodes, end = read_chain(name, found.end(), first, season, by_x=found["x"] is not None)
        return Numbers(season, episodes, found.start(), end)
    return None


def _is_in_group(found: re.Match[str]) -> bool:
    """Return whether a mark is part of a group's name ([0x539] Show - 01)."""
    name, end = found.string, found.end()
    return found.start() == 1 and name[0] == "[" and name[end : end + 1] == "]" and _PAIR.search(name, end) is not None


def is_season(number: int) -> bool:
    """Return whether a number may count a season: small, or a year."""
    return number < 200 or 1930 <= number < 2100


def read_chain(
    name: str, at: int, first: int, season: int | None, *, by_x: bool = False
) -> tuple[tuple[int, ...], int]:
    """Return all episodes of a mark whose first number ends at `at`, and where they end."""
    numbers, dashes = [first], 0
    patterns = (_NEXT_X, _NEXT_BARE, _NEXT_WORD) if by_x else (_NEXT, _NEXT_BARE, _NEXT_WORD)
    while len(numbers) < MOST_EPISODES and (found := _follows(patterns, name, at)):
        kinds = found.groupdict()
        other = kinds.get("season") or kinds.get("xseason")
        number = int(found["number"])
        if not _continues(found.re, numbers[-1], number):
            break
        at = found.end()
        if other and season is not None and int(other) != season:
            break  # a file across two seasons stands under its first
        numbers.append(number)
        dashes += "-" in (kinds.get("dash") or "") or "~" in (kinds.get("dash") or "")
    return expand(numbers, is_range=dashes == 1 and len(numbers) == 2), at


def _follows(patterns: tuple[re.Pattern[str], ...], name: str, at: int) -> re.Match[str] | None:
    for pattern in patterns:
        if found := pattern.match(name, at):
            return found
    return None


def _continues(pattern: re.Pattern[str], last: int, number: int) -> bool:
    return number == last + 1 if pattern is _NEXT_WORD else number > last


def expand(numbers: list[int], *, is_range: bool, most: int = MOST_EPISODES) -> tuple[int, ...]:
    """Return two ends as all that lies between them, and a list as it stands, without repeats."""
    first, last = numbers[0], numbers[-1]
    if is_range and first < last:
        return tuple(range(first, min(last, first + most - 1) + 1))
    return tuple(sorted(set(numbers)))
