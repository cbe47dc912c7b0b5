"""Under which letter a title stands, and the letters a list of titles can be opened at (pure)."""

from __future__ import annotations

from collections.abc import Iterable

LATIN = "abcdefghijklmnopqrstuvwxyz"
DIGITS, OTHER = "0", "other"
_SCRIPTS = ((0x3B1, 0x3C9), (0x430, 0x45F), (0x5D0, 0x5EA), (0x620, 0x64A))  # Greek, Cyrillic, Hebrew, Arabic
ALPHABETS = LATIN + "".join(chr(code) for first, last in _SCRIPTS for code in range(first, last + 1))
NUMERALS = "0123456789"
KNOWN = (DIGITS, *ALPHABETS, OTHER)


def letter(initial: str) -> str:
    """Return the letter of a folded name's first sign: itself, all digits together, everything else together."""
    if initial and initial in NUMERALS:
        return DIGITS
    return initial if initial and initial in ALPHABETS else OTHER


def listed(initials: Iterable[str]) -> list[str]:
    """Return the letters at which titles stand, in the order of their alphabets."""
    used = {letter(initial) for initial in initials}
    return [each for each in KNOWN if each in used]


def word(each: str) -> str:
    """Return how a letter is written: "A", "0–9", "…"."""
    return {DIGITS: "0–9", OTHER: "…"}.get(each, each.upper())
