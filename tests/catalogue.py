"""The words of the pages in other languages: which there are, and bringing the catalogues level with them.

By hand: `python -m tests.catalogue` adds what is new to each `.po`, drops what is gone, and compiles it.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

from tests.sentences import sentences

ROOT = Path(__file__).resolve().parent.parent
LOCALE = ROOT / "locale"
STORED = "stored"  # the context of sentences that the database keeps in English (`pages/stored.py`)
PARTS = ("mediasync", "downloads", "scanner", "outbound", "jobs", "pages", "journal", "terminal")
KEYWORDS = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
}


def words() -> Catalog:
    """Return every text that pages and commands mark for translation, and every sentence that is stored."""
    found = Catalog(charset="utf-8")
    for source in _sources():
        for _line, message, _comments, context in extract("python", io.BytesIO(source.encode()), keywords=KEYWORDS):
            if message:
                found.add(message, context=context)
    for sentence in sentences():
        found.add(sentence, context=STORED)
    return found


def catalogue(language: str) -> Catalog:
    """Return what is translated into a language."""
    with _path(language).open("rb") as file:
        return read_po(file, locale=language)


def compiled(found: Catalog) -> bytes:
    """Return the catalogue as the program reads it."""
    target = io.BytesIO()
    write_mo(target, found)
    return target.getvalue()


def update(language: str) -> None:
    """Bring the catalogue of a language level with the words there are, and compile it."""
    old, fresh = catalogue(language), words()
    level = Catalog(locale=language, project="mediasync", charset="utf-8", fuzzy=False)
    level.mime_headers = [("Content-Type", "text/plain; charset=utf-8"), ("Plural-Forms", old.plural_forms)]
    for message in sorted((one for one in fresh if one.id), key=lambda one: str(one.id)):
        known = old.get(message.id, message.context)
        level.add(message.id, known.string if known else None, context=message.context, flags=message.flags)
    with _path(language).open("wb") as file:
        write_po(file, level, width=100)
    _path(language).with_suffix(".mo").write_bytes(compiled(catalogue(language)))


def languages() -> list[str]:
    """Return the languages that have a catalogue."""
    return sorted(path.name for path in LOCALE.iterdir() if path.is_dir())


def _sources() -> Iterator[str]:
    for part in PARTS:
        for path in sorted((ROOT / part).rglob("*.py")):
            yield path.read_text(encoding="utf-8")
    for path in sorted((ROOT / "templates").rglob("*.html")):
        yield templatize(path.read_text(encoding="utf-8"), origin=str(path))


def _path(language: str) -> Path:
    return LOCALE / language / "LC_MESSAGES" / "django.po"


if __name__ == "__main__":
    for each in languages():
        update(each)
