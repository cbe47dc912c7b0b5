"""Plex's `.plexmatch`: what a person says a folder is, and which file holds which episode."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from scanner.lenient import clean
from scanner.sidecars.ids import spelled

LINES_MOST = 5_000
_LINE = re.compile(r"\s*([A-Za-z]{1,12})\s*:\s*(.{1,1000})")
_GUID = re.compile(r"(?:com\.plexapp\.agents\.)?(tmdb|tvdb|imdb|themoviedb|thetvdb)://([\w]{1,20})", re.ASCII)
_EPISODE = re.compile(
    r"(?:S(?P<season>\d{1,4})|(?P<special>SP))?[ .]?E?(?P<first>\d{1,4})(?:-E?(?P<last>\d{1,4}))?\s*:\s*(?P<path>.+)",
    re.IGNORECASE | re.ASCII,
)
MOST_IN_ONE = 50  # episodes of a file


@dataclass(frozen=True, slots=True)
class PlexMatch:
    """What a `.plexmatch` says. `episodes`: paths below its folder -> (season or None, numbers)."""

    title: str = ""
    year: int | None = None
    ids: Mapping[str, int | str] = field(default_factory=dict)
    season: int | None = None
    episodes: Mapping[str, tuple[int | None, tuple[int, ...]]] = field(default_factory=dict)


def read_plexmatch(data: bytes) -> PlexMatch:
    """Return the hints of a `.plexmatch`; lines that say nothing are passed over."""
    said = list(_lines(data))
    first = dict(reversed(said))
    guid = _GUID.search(first.get("guid", ""))
    given = [(name, first[name]) for name in ("tmdbid", "imdbid", "tvdbid") if name in first]
    year, season = first.get("year", ""), first.get("season", "")
    return PlexMatch(
        title=first.get("title") or first.get("show") or "",
        year=int(year) if re.fullmatch(r"(?:1[89]|20)\d\d", year, re.ASCII) else None,
        ids=dict(spelled([*given, *([(guid[1], guid[2])] if guid else [])])),
        season=int(season) if re.fullmatch(r"\d{1,4}", season, re.ASCII) else None,
        episodes=dict(_episodes(value for name, value in said if name in ("ep", "episode"))),
    )


def _lines(data: bytes) -> Iterator[tuple[str, str]]:
    for line in data.decode("utf-8-sig", "replace").splitlines()[:LINES_MOST]:
        found = _LINE.fullmatch(line)
        if found:
            yield found[1].lower(), clean(found[2]).strip()


def _episodes(lines: Iterator[str]) -> Iterator[tuple[str, tuple[int | None, tuple[int, ...]]]]:
    for line in lines:
        found = _EPISODE.fullmatch(line)
        if found is None:
            continue
        first, last = int(found["first"]), int(found["last"] or found["first"])
        season = 0 if found["special"] else int(found["season"]) if found["season"] else None
        if first <= last < first + MOST_IN_ONE:
            yield found["path"].strip().lstrip("/"), (season, tuple(range(first, last + 1)))
