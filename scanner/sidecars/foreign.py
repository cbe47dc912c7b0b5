"""A metadata.json that is not of our making, or of an older one's: raw answers of TMDB, or plain names and ids."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from scanner.description import Description
from scanner.lenient import as_date, clean, mapping, text, whole
from scanner.sidecars.ids import is_alias, name_of, spelled

KINDS = {"movie": "movie", "film": "movie", "tv": "show", "show": "show", "series": "show", "tvshow": "show"}
CAMEL = {"tmdbId": "tmdb", "imdbId": "imdb", "tvdbId": "tvdb", "tmdbID": "tmdb", "imdbID": "imdb", "tvdbID": "tvdb"}
OF_TMDB = ("poster_path", "backdrop_path", "vote_average", "original_language")  # an answer of TMDB as it came


def read_foreign_document(data: bytes) -> Description | None:
    """Return what another program's metadata.json says of a title; None where it says nothing of one.

    Its kind is "" where the document leaves open whether it is a film or a show.
    """
    try:
        document = json.loads(data)
    except (ValueError, RecursionError):
        return None
    if not isinstance(document, dict):
        return None
    ids = _ids(document)
    title = text(document, "title") or text(document, "name")
    if not (ids or title):
        return None
    released = as_date(document.get("release_date") or document.get("first_air_date") or document.get("premiered"))
    year = whole(document, "year") or (released.year if released else None)
    return Description(
        kind=_kind(document),
        title=title,
        ids=ids,
        described_by="nfo",
        original_title=text(document, "original_title") or text(document, "original_name"),
        overview=text(document, "overview") or text(document, "plot"),
        tagline=text(document, "tagline"),
        release_date=released,
        year=year if year and 1800 < year < 2200 else None,
        runtime_min=whole(document, "runtime") or whole(document, "runtime_min"),
        genres=tuple(_names(document.get("genres"))),
    )


def _kind(document: Mapping[str, Any]) -> str:
    for name in ("kind", "type", "media_type", "mediaType"):
        if found := KINDS.get(text(document, name).lower()):
            return found
    if "first_air_date" in document or "number_of_seasons" in document:
        return "show"
    return "movie" if "release_date" in document else ""


def _ids(document: Mapping[str, Any]) -> dict[str, int | str]:
    rows = {**mapping(document, "external_ids"), **mapping(document, "ids"), **document}
    given = []
    for name, value in rows.items():
        if isinstance(value, str | int) and not isinstance(value, bool):
            if name in CAMEL:
                given.append((CAMEL[name], str(value)))
            elif is_alias(name) or name in ("tmdb", "imdb", "tvdb"):
                given.append((name_of(name), str(value)))
    if any(name in document for name in OF_TMDB):
        given.append(("tmdb", str(document.get("id", ""))))
    return dict(spelled(given))


def _names(value: object) -> list[str]:
    rows = value if isinstance(value, list) else []
    found = (row.get("name") if isinstance(row, dict) else row for row in rows[:50])
    return [clean(name) for name in found if isinstance(name, str) and name]
