"""Reading JSON that others may have touched: odd values count as missing, texts are cleaned."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

_UNWRITABLE = re.compile("[^\t\n\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def clean(text: str) -> str:
    """Return the text without what neither XML 1.0 nor a database can hold: controls, lone surrogates."""
    return _UNWRITABLE.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def as_date(value: object) -> date | None:
    """Read an ISO date; "", None and nonsense are None."""
    try:
        return date.fromisoformat(value[:10]) if isinstance(value, str) else None
    except ValueError:
        return None


def text(row: Mapping[str, Any], name: str) -> str:
    """Return a text, cleaned; "" where there is none."""
    value = row.get(name)
    return clean(value) if isinstance(value, str) else ""


def texts(row: Mapping[str, Any], name: str) -> tuple[str, ...]:
    """Return the texts of a list, cleaned."""
    value = row.get(name)
    return tuple(clean(item) for item in value if isinstance(item, str)) if isinstance(value, list) else ()


def whole(row: Mapping[str, Any], name: str) -> int | None:
    """Return a whole number or None."""
    value = row.get(name)
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def required(row: Mapping[str, Any], name: str) -> int:
    """Return a whole number that is not negative; raises ValueError without one."""
    value = whole(row, name)
    if value is None or value < 0:
        raise ValueError(f"{name} is missing")
    return value


def mapping(row: Mapping[str, Any], name: str) -> dict[str, Any]:
    """Return an object; empty where there is none."""
    value = row.get(name)
    return value if isinstance(value, dict) else {}


def several(row: Mapping[str, Any], name: str, kind: Any) -> tuple[Any, ...]:
    """Return the rows of a list as `kind.from_json` reads them; rows it refuses are left out."""
    value = row.get(name)
    found = []
    for item in value if isinstance(value, list) else ():
        try:
            found.append(kind.from_json(item))
        except (ValueError, AttributeError):  # not an object, or without its number: as if it were not there
            continue
    return tuple(found)
