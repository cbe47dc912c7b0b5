"""Which picture and which trailer: posters in the reader's language, backdrops without words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from scanner.description import ArtPick, Trailer
from scanner.providers.tmdb_words import base_language

Row = Mapping[str, Any]
TRAILERS_MAX = 3
OFFERS_MAX = 60
GROUPS = {"poster": "posters", "fanart": "backdrops", "logo": "logos"}
NO_LANGUAGE = ("", "xx")


def choose(data: Row, *, language: str) -> dict[str, ArtPick]:
    """Return the pictures chosen by role, as far as there are any; a landscape is a backdrop with the title in it."""
    images = data.get("images")
    own = base_language(language)
    spoken, wordless = [*dict.fromkeys((own, "en"))], [""]
    found = {
        "poster": (_best(images, "posters", [*spoken, *wordless]) or _text(data, "poster_path"), "w780"),
        "fanart": (_best(images, "backdrops", [*wordless, *spoken]) or _text(data, "backdrop_path"), "w1280"),
        "logo": (_best(images, "logos", [*spoken, *wordless]), "w500"),
        "landscape": (_best(images, "backdrops", spoken), "w1280"),
    }
    return {role: ArtPick(path, size) for role, (path, size) in found.items() if path}


def offers(images: Row, *, language: str) -> dict[str, list[dict[str, Any]]]:
    """Return what `/images` offers by role, the reader's language first, then by votes; vectors are not for us."""
    own = base_language(language)
    order = {own: 0, "en": 1, "": 2}
    found = {role: _listed(images, group, order) for role, group in GROUPS.items()}
    found["landscape"] = [row for row in found["fanart"] if row["language"]]
    found["fanart"].sort(key=lambda row: bool(row["language"]))
    return found


def _listed(images: Row, group: str, order: Mapping[str, int]) -> list[dict[str, Any]]:
    listed = images.get(group)
    rows = [row for row in listed if isinstance(row, Mapping)] if isinstance(listed, list) else []
    fitting = [row for row in rows if _is_bitmap(_text(row, "file_path"))]
    fitting.sort(key=lambda row: (-order.get(_language(row), 3), *_votes(row)), reverse=True)
    return [
        {
            "path": _text(row, "file_path"),
            "language": _language(row),
            "width": _size(row, "width"),
            "height": _size(row, "height"),
            "score": _votes(row)[0],
            "votes": _votes(row)[1],
        }
        for row in fitting[:OFFERS_MAX]
    ]


def _size(row: Row, name: str) -> int:
    value = row.get(name)
    return value if isinstance(value, int) else 0


def trailers(videos: Sequence[Row], *, language: str) -> tuple[Trailer, ...]:
    """Return the best trailers, official ones in the reader's language first; teasers only for want of trailers."""
    playable = [row for row in videos if row.get("site") == "YouTube" and _text(row, "key")]
    chosen = [row for row in playable if row.get("type") == "Trailer"] or [
        row for row in playable if row.get("type") == "Teaser"
    ]
    own = base_language(language)
    chosen.sort(key=lambda row: (row.get("iso_639_1") != own, not row.get("official"), _text(row, "published_at")))
    return tuple(Trailer(_text(row, "name"), "YouTube", _text(row, "key")) for row in chosen[:TRAILERS_MAX])


def _best(images: object, group: str, languages: Sequence[str]) -> str:
    """Return the path of the best voted picture of the first language that has one; the rest is not for us."""
    listed = images.get(group) if isinstance(images, Mapping) else None
    pictures = [row for row in listed if isinstance(row, Mapping)] if isinstance(listed, list) else []
    for language in languages:
        fitting = [row for row in pictures if _language(row) == language and _is_bitmap(_text(row, "file_path"))]
        if fitting:
            return _text(max(fitting, key=_votes), "file_path")
    return ""


def _language(picture: Row) -> str:
    code = str(picture.get("iso_639_1") or "")
    return "" if code in NO_LANGUAGE else code


def _is_bitmap(path: str) -> bool:
    return path.startswith("/") and not path.endswith(".svg")


def _votes(picture: Row) -> tuple[float, int, str]:
    return float(picture.get("vote_average") or 0), int(picture.get("vote_count") or 0), _text(picture, "file_path")


def _text(row: Row, name: str) -> str:
    value = row.get(name)
    return value if isinstance(value, str) else ""
