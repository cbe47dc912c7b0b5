"""Names that say nothing: hashes, random letters, names written backwards."""

from __future__ import annotations

import re

_TOKEN = re.compile(r"[A-Za-z0-9]+")
_HEX = re.compile(r"(?=[a-f]*\d)(?=\d*[a-f])[a-f0-9]{12,}|(?=[A-F]*\d)(?=\d*[A-F])[A-F0-9]{16,}")
_SWITCH = re.compile(r"(?<=[A-Za-z])\d|(?<=\d)[A-Za-z]")
_BACKWARDS = re.compile(r"(?<![^\W_])(?:p0(?:27|801)|i0801|p0612|\d{2,3}E\d\dS)(?![^\W_])", re.IGNORECASE)
_LONG_TOKEN = 11
_MANY_SWITCHES = 3


def says_nothing(stem: str) -> bool:
    """Return whether most of `stem` is a hash or random letters and digits."""
    tokens = _TOKEN.findall(stem)
    letters = sum(map(len, tokens))
    return bool(letters) and sum(len(token) for token in tokens if _is_random(token)) >= 0.6 * letters


def _is_random(token: str) -> bool:
    if len(token) < _LONG_TOKEN:
        return False
    return _HEX.fullmatch(token) is not None or len(_SWITCH.findall(token)) >= _MANY_SWITCHES


def turned_round(stem: str) -> str:
    """Return `stem` the right way round where its marks stand backwards (p027.10E10S)."""
    return stem[::-1] if _BACKWARDS.search(stem) else stem
