"""Ids of titles as files beside the media spell them: whichever program wrote them, under our names."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from xml.etree.ElementTree import Element

_ALIASES = {
    "themoviedb": "tmdb", "tmdbid": "tmdb", "tmdb_id": "tmdb", "imdbid": "imdb", "imdb_id": "imdb", "tvdbid": "tvdb",
    "thetvdb": "tvdb", "tvdb_id": "tvdb", "wikidataid": "wikidata",
}  # fmt: skip
ELEMENTS = ("tmdbid", "tmdb_id", "imdbid", "imdb_id", "tvdbid", "tvdb_id")
SPELLING = {
    "tmdb": re.compile(r"\d{1,9}", re.ASCII), "tvdb": re.compile(r"\d{1,9}", re.ASCII),
    "imdb": re.compile(r"tt\d{7,9}", re.ASCII), "wikidata": re.compile(r"Q\d{1,12}", re.ASCII),
}  # fmt: skip


def spelled(given: Sequence[tuple[str, str]]) -> Iterator[tuple[str, int | str]]:
    """Yield ids under our names; what is not spelt like an id of its service, or is 0, is passed over."""
    for name, value in reversed(given):  # the first one of a service wins
        source, text = name_of(name), value.strip()
        if source in SPELLING and SPELLING[source].fullmatch(text) and text.strip("0"):
            yield source, int(text) if text.isdigit() else text


def name_of(source: str) -> str:
    """Return our name of a service: "tmdb" for "TheMovieDB"."""
    lowered = source.strip().lower()
    return _ALIASES.get(lowered, lowered)


def is_alias(name: str) -> bool:
    """Say whether an element is called like a service's id."""
    return name in _ALIASES


def of_element(root: Element) -> dict[str, int | str]:
    """Return the ids in an NFO's element; a `<uniqueid>` comes before all other ways to say it."""
    given = [(item.get("type") or _guessed(item.text or ""), item.text or "") for item in root.findall("uniqueid")]
    given += [(name, root.findtext(name) or "") for name in ELEMENTS]
    given += [("imdb", root.findtext("id") or "")]  # a bare number in <id> was tvdb's for shows, anybody's for movies
    given += [(entry.findtext("key") or "", entry.findtext("value") or "") for entry in root.findall("ids/entry")]
    given += list(_of_guide(root.findtext("episodeguide") or ""))
    return dict(spelled(given))


def _guessed(value: str) -> str:
    return "imdb" if SPELLING["imdb"].fullmatch(value.strip()) else ""


def _of_guide(text: str) -> Iterator[tuple[str, str]]:
    """Kodi 20 keeps the ids that a scraper needs for episodes as JSON."""
    if not text.lstrip().startswith("{"):
        return
    try:
        said = json.loads(text)
    except (ValueError, RecursionError):
        return
    for name, value in said.items() if isinstance(said, dict) else ():
        if isinstance(value, str | int):
            yield name, str(value)
