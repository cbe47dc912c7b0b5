"""Ids that a person wrote into a name: [tmdbid-1], {tvdb-2}, (imdb=tt0000003), a bare tt0000003."""

from __future__ import annotations

import re

_BRACKETS = {"[": "]", "{": "}", "(": ")"}
_TAG = re.compile(
    r"(?P<open>[\[({])\s*(?P<source>imdb|tmdb|tvdb|tvmaze|anidb|anilist|anisearch|trakt|mal)(?:id)?[=\-: ]"
    r"(?P<value>[^\[\](){}\s]+?)\s*(?P<close>[\])}])",
    re.IGNORECASE,
)
_BARE_IMDB = re.compile(r"(?<![^\W_])tt\d{7,8}(?![^\W_])", re.IGNORECASE)
_IMDB = re.compile(r"tt\d{5,10}", re.IGNORECASE)
_MOST_DIGITS = 12  # longer is no id, and would not fit a column


def read_ids(name: str) -> dict[str, str | int]:
    """Return the ids in `name`; the first of a source wins, and brackets have to match."""
    ids: dict[str, str | int] = {}
    for tag in _TAG.finditer(name):
        value = _value(tag["source"].lower(), tag["value"])
        if value is not None and tag["source"].isascii() and _BRACKETS[tag["open"]] == tag["close"]:
            ids.setdefault(tag["source"].lower(), value)
    if "imdb" not in ids and (bare := _BARE_IMDB.search(name)):
        ids["imdb"] = bare[0].lower()
    return ids


def without_ids(name: str) -> str:
    """Return `name` without its id tags, so that their digits are taken for nothing else."""
    return _TAG.sub(" ", name)


def has_ids(name: str) -> bool:
    """Return quickly whether `name` may hold an id."""
    return "tt" in name or "id" in name or "db-" in name or "db=" in name or "db " in name or "DB" in name


def _value(source: str, text: str) -> str | int | None:
    if source == "imdb":
        return text.lower() if _IMDB.fullmatch(text) else None
    return int(text) if text.isascii() and text.isdigit() and len(text) <= _MOST_DIGITS else None
