"""What belongs to a film or show without being it: trailers, samples, deleted scenes (Jellyfin's vocabulary)."""

from __future__ import annotations

import re

_BY_FOLDER = {
    "trailers": "trailer",
    "trailer": "trailer",
    "behind the scenes": "behindthescenes",
    "deleted scenes": "deletedscene",
    "interviews": "interview",
    "scenes": "scene",
    "samples": "sample",
    "sample": "sample",
    "shorts": "short",
    "featurettes": "featurette",
    "extras": "other",
    "extra": "other",
    "other": "other",
    "bonus": "other",
    "bonus features": "other",
    "bonus material": "other",
    "special features": "other",
    "making of": "behindthescenes",
    "clips": "clip",
    "backdrops": "themevideo",
    "theme-music": "themesong",
}
EXTRAS_FOLDERS = frozenset(_BY_FOLDER)

_OF_SEASON = re.compile(r"(?:s|season )\d{1,2}[ ._-]+extras?")

_BY_SUFFIX = {
    "trailer": "trailer",
    "sample": "sample",
    "scene": "scene",
    "clip": "clip",
    "interview": "interview",
    "behindthescenes": "behindthescenes",
    "deleted": "deletedscene",
    "deletedscene": "deletedscene",
    "featurette": "featurette",
    "short": "short",
    "extra": "other",
    "other": "other",
}
_SUFFIXES = tuple(_BY_SUFFIX)
_DASHED = re.compile(rf"(?P<name>.*?)\s*-\s*(?P<type>{'|'.join(_BY_SUFFIX)})\d*", re.IGNORECASE | re.DOTALL)
# Only these two are also written with a dot or underscore; "My.Short" is a film.
_DOTTED = re.compile(r"(?P<name>.*?)\s*[._]\s*(?P<type>trailer|sample)\d*", re.IGNORECASE | re.DOTALL)
_ENDS = re.compile(rf"[-._]\s*(?:{'|'.join(_BY_SUFFIX)})\d*$", re.IGNORECASE)
# In Show.S01.1080p.x264-SCENE the last word is a group.
_RELEASE = re.compile(
    r"[^\s]*\.(?:[xh][._]?26[45]|xvid|hevc|avc|divx|dvdr?|bluray|hdtv)-(?!sample|trailer)[a-z]+", re.IGNORECASE
)
_WHOLE = {"trailer": "trailer", "sample": "sample"}
# Bonus numbering of guessit's and Kodi's users: Name-x02-Making Of.
_BONUS = re.compile(r"(?P<name>.*[^\W\d_].*?)[-_. ]x(?P<number>\d{2})(?![^\W_])", re.DOTALL)


def of_folder(name: str) -> str | None:
    """Return the type of extra that files in a folder called `name` are."""
    lowered = name.lower().replace("_", " ").strip()
    return _BY_FOLDER.get(lowered) or ("other" if _OF_SEASON.fullmatch(lowered) else None)


def of_stem(stem: str) -> tuple[str, str] | None:
    """Return the type of extra that `stem` names at its end, and the name before it."""
    if kind := _WHOLE.get(stem.lower()):
        return kind, ""
    if not _ENDS.search(stem):
        return None
    found = None if _RELEASE.fullmatch(stem) else _DASHED.fullmatch(stem)
    found = found or _DOTTED.fullmatch(stem)
    kind = _BY_SUFFIX.get(found["type"].lower()) if found else None
    return (kind, found["name"]) if found and kind else None


def bonus(stem: str) -> str | None:
    """Return the name before a bonus number (Name-x02-Making Of)."""
    found = _BONUS.match(stem)
    return found["name"] if found else None


def may_end(stem: str) -> bool:
    """Return quickly whether `stem` may end in a suffix of an extra."""
    return stem.rstrip("0123456789").lower().endswith(_SUFFIXES)
