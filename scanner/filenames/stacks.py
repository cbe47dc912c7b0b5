"""Films in several files: cd1, cd2, part1, part2."""

from __future__ import annotations

import re

_STACKED = re.compile(
    r"(?P<name>.*[^\W_)\]].*?|.*[)\]])[ ._-]+(?:(?:cd|dvd|dis[ck])[ ._-]*|(?P<part>part|pt)[ ._-]*)(?P<n>\d{1,2})",
    re.IGNORECASE | re.DOTALL,
)
_BRACKETED = re.compile(
    r"(?P<name>.*\S)[ ._-]+\((?:cd|dvd|dis[ck]|part|pt)[ ._-]*(?P<n>\d{1,2})\)", re.IGNORECASE | re.DOTALL
)
_GLUED = re.compile(r"p(?:ar)?t\d{1,2}$", re.IGNORECASE)
_YEAR_END = re.compile(r"(?:19|20)\d\d\W*$")


def read_stack(stem: str) -> tuple[str, int] | None:
    """Return the name before a stack mark and its number; "Part 2" of a title without a year is its title."""
    if stem.endswith(")") and (bracketed := _BRACKETED.fullmatch(stem)):
        return bracketed["name"], int(bracketed["n"])
    if not stem[-1:].isdigit():
        return None
    found = _STACKED.fullmatch(stem)
    if found is None or (found["part"] and not _GLUED.search(stem) and not _YEAR_END.search(found["name"])):
        return None
    return found["name"], int(found["n"])
