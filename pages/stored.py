"""Sentences that are kept in English, said in the language of the reader.

Reasons of events, jobs, matches and scans are stored as English sentences: one constant text with values in it. The
catalogue of a language has these texts too (`tests/sentences.py` collects them where they are written), so a stored
sentence is recognised by its text, and its values are put into the translation. What nobody recognises stays as it is.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache, cached_property, lru_cache
from pathlib import Path

from django.conf import settings
from django.utils.translation import get_language, gettext, ngettext, npgettext, pgettext, to_locale

CONTEXT = "stored"
PLACE = re.compile(r"%\((\w+)\)[\d.]*[sdfg]|%[sd]|\{(\w+)\}")
# Values that people or the outside world named: never a word of ours, even where they look like one.
NAMED = frozenset({"actor", "key", "library", "name", "path", "shown", "source", "title"})
OURS = frozenset({"pool"})  # values that are always a word of ours
JOINTS = (" ", "; ", ": ", " · ", ", ")  # between sentences that were put together, the widest first
LONGEST = 1_000  # characters; no sentence of ours is as long
FEWEST_LETTERS = 8  # of its own, by which a text that is not only stored is told from others
SENTENCES = re.compile(r"(?<=\.) ")
COUNTED = re.compile(r"(\d+) (.+)", re.DOTALL)
MAGIC = 0x950412DE


@dataclass(frozen=True)
class Text:
    """A text of the catalogue with places for values; `several` is its plural form, if it has one."""

    text: str
    context: str
    one: str
    several: str

    @cached_property
    def pieces(self) -> list[str]:
        """What stands between the places."""
        found, end = [], 0
        for place in PLACE.finditer(self.text):
            found.append(self.text[end : place.start()].replace("%%", "%"))
            end = place.end()
        return [*found, self.text[end:].replace("%%", "%")]

    @cached_property
    def letters(self) -> int:
        """How many letters of its own it has: of two texts that fit, the one with more is meant."""
        return sum(map(str.isalpha, "".join(self.pieces)))

    @property
    def telling(self) -> str:
        """The longest piece: without it in a sentence no expression has to be tried."""
        return max(self.pieces, key=len)

    @cached_property
    def expression(self) -> re.Pattern[str]:
        """What finds the values in a sentence."""
        return re.compile("(.*?)".join(map(re.escape, self.pieces)), re.DOTALL)

    def target(self, values: Sequence[str]) -> str:
        """Return the translation, with places."""
        if not self.several:
            return pgettext(self.context, self.one) if self.context else gettext(self.one)
        number = next((int(value) for value in values if value.isdecimal()), 1)
        if self.context:
            return npgettext(self.context, self.one, self.several, number)
        return ngettext(self.one, self.several, number)


def translated(sentence: object) -> str:
    """Return a stored sentence in the language of the reader; unchanged where it is none of ours."""
    language, text = get_language(), str(sentence or "")
    return _translated(language, text) if language and _texts(language) and len(text) <= LONGEST else text


def is_known(sentence: str) -> bool:
    """Return whether a sentence is one that the catalogue of the reader's language has, whole or put together."""
    return _joined(get_language() or "", sentence) is not None


@lru_cache(maxsize=2048)
def _translated(language: str, text: str) -> str:
    found = _joined(language, text)
    return text if found is None else found


def _joined(language: str, text: str) -> str | None:
    """Return the translation of a sentence, of several in a row, or of a list; None where it is none of ours."""
    if " " not in text:  # a word of ours, or a value: a number, a host
        return _word(text)
    whole = _tolerant(language, text)
    if whole is not None:
        return whole
    for joint in JOINTS:
        parts = SENTENCES.split(text) if joint == " " else text.split(joint)
        pieces = [_joined(language, part) for part in parts] if 1 < len(parts) < 20 else [None]
        if all(part is not None for part in pieces) or (joint == " " and any(pieces)):
            return joint.join(new or old for new, old in zip(pieces, parts, strict=True))
    return None


def _tolerant(language: str, text: str) -> str | None:
    """A sentence may have got a capital or a full stop where it was put into another, or have lost the stop."""
    found = _whole(language, text)
    if found is None and text.endswith("."):
        found = _whole(language, text[:-1])
        return f"{found}." if found is not None else _capital(language, text[:-1], ".")
    if found is None and (stopped := _whole(language, f"{text}.")):
        return stopped.removesuffix(".")
    return found if found is not None else _capital(language, text, "")


def _capital(language: str, text: str, stop: str) -> str | None:
    if not text[:1].isupper():
        return None
    found = _whole(language, text[:1].lower() + text[1:])
    return found[:1].upper() + found[1:] + stop if found is not None else None


def _word(text: str) -> str | None:
    known = pgettext(CONTEXT, text)
    return known if known != text else None


def _whole(language: str, text: str) -> str | None:
    if known := _word(text):
        return known
    if (counted := COUNTED.fullmatch(text)) and (what := _word(counted[2])):
        return f"{counted[1]} {what}"
    for template in _candidates(language, text):
        if found := template.expression.fullmatch(text):
            return _filled(language, template, found.groups())
    general = gettext(text)
    return general if general != text else None


def _candidates(language: str, text: str) -> list[Text]:
    """Return the texts that may fit, those with most letters of their own first."""
    by_word = _texts(language)
    first = [one for telling, one in by_word.get(text.partition(" ")[0], ()) if telling in text]
    others = [one for telling, one in by_word.get("", ()) if telling in text]
    return sorted(first + others, key=lambda one: -one.letters) if len(first) + len(others) > 1 else first + others


def _filled(language: str, template: Text, values: Sequence[str]) -> str:
    names = [place[1] or place[2] or "" for place in PLACE.finditer(template.text)]
    inner = [_inner(language, name, value) for name, value in zip(names, values, strict=True)]
    by_name, in_order = dict(zip(names, inner, strict=True)), iter(inner)

    def value(place: re.Match[str]) -> str:
        name = place[1] or place[2]
        return by_name.get(name, place[0]) if name else next(in_order, "")

    return PLACE.sub(value, template.target(values)).replace("%%", "%")


def _inner(language: str, name: str, value: str) -> str:
    if name in NAMED:
        return value
    return (value and gettext(value)) if name in OURS else _value(language, value)


def _value(language: str, text: str) -> str:
    """A value may be a sentence, or a list of things with what is the matter with each: `film.mkv: it is cut off`."""
    found = _joined(language, text)
    return "; ".join(_said_of(language, part) for part in text.split("; ")) if found is None else found


def _said_of(language: str, text: str) -> str:
    thing, mark, said = text.partition(": ")
    return f"{thing}{mark}{_translated(language, said)}" if " " in said else text


@cache
def _texts(language: str) -> dict[str, list[tuple[str, Text]]]:
    """Return the texts of a language by their first word, "" where that is a value; each with its longest piece."""
    found: dict[str, list[tuple[str, Text]]] = {}
    for text in _read(Path(settings.LOCALE_PATHS[0]) / to_locale(language) / "LC_MESSAGES" / "django.mo"):
        if PLACE.search(text.text) and text.letters >= (2 if text.context else FEWEST_LETTERS):
            first, space, _rest = text.pieces[0].partition(" ")
            found.setdefault(first if space else "", []).append((text.telling, text))
    return found


def _read(path: Path) -> Iterator[Text]:
    """Yield the texts of a compiled catalogue: the library that reads it forgets its plurals."""
    if not path.is_file():
        return
    data = path.read_bytes()
    magic, _version, many, table = struct.unpack_from("<4I", data)
    for index in range(many if magic == MAGIC else 0):
        length, start = struct.unpack_from("<2I", data, table + 8 * index)
        context, mark, text = data[start : start + length].decode().rpartition("\x04")
        if mark and context != CONTEXT:
            continue
        one, _nul, several = text.partition("\0")
        for form in filter(None, (one, several)):
            yield Text(form, context, one, several)
