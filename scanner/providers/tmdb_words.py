"""In which language to say it: per field from the asked language, its base, English, the original."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from scanner.lenient import clean

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Words:
    """The three texts of a title that TMDB translates."""

    title: str
    overview: str
    tagline: str


def choose(data: Row, *, name: str, original: str, language: str) -> Words:
    """Return the texts of an answer; `name` and `original` are what its kind calls the title.

    TMDB fills a missing title with another language's and leaves a missing overview or tagline
    empty, so titles are looked up among the translations first and the others taken as they come.
    """
    translations = _translations(data)
    own = str(data.get("original_language") or "")
    order = list(_order(translations, language=language, own=own))
    titles = (
        _field(translations.get(code, {}), name) or (_field(data, original) if code[0] == own else "") for code in order
    )
    said = next(filter(None, titles), "") if translations else ""
    return Words(
        title=said or _field(data, name) or _field(data, original),
        overview=_field(data, "overview") or _first(translations, order, "overview"),
        tagline=_field(data, "tagline") or _first(translations, order, "tagline"),
    )


def base_language(language: str) -> str:
    """Return the two letters of "de-DE"."""
    return language.split("-")[0]


def region(language: str) -> str:
    """Return the country of "de-DE", or ""."""
    return language.partition("-")[2]


Code = tuple[str, str]  # ("de", "AT")


def _order(translations: Mapping[Code, Row], *, language: str, own: str) -> Iterator[Code]:
    yield (base_language(language), region(language))
    for base in dict.fromkeys((base_language(language), "en", own)):
        yield from (code for code in translations if code[0] == base)
        yield (base, "")


def _translations(data: Row) -> dict[Code, Row]:
    listed = data.get("translations")
    found = listed.get("translations") if isinstance(listed, Mapping) else None
    return {
        (str(row.get("iso_639_1") or ""), str(row.get("iso_3166_1") or "")): row["data"]
        for row in (found if isinstance(found, list) else ())
        if isinstance(row, Mapping) and isinstance(row.get("data"), Mapping)
    }


def _first(translations: Mapping[Code, Row], order: list[Code], name: str) -> str:
    return next((text for code in order if (text := _field(translations.get(code, {}), name))), "")


def _field(row: Row, name: str) -> str:
    value = row.get(name)
    return clean(value).strip() if isinstance(value, str) else ""
