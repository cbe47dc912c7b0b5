"""What the address of a list asks for, as a typed value: filters, order and page live in the URL and nowhere else."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import MISSING, dataclass, field, fields, replace
from typing import Any, ClassVar, Self
from urllib.parse import urlencode

PER = (24, 48, 96)
LONGEST_TEXT = 200
NOT_KEPT = ("q", "letter", "page")  # a search is for now, a letter and a page are places in it


def one_of(known: Mapping[str, Any] | tuple[str, ...], default: str = "") -> Any:
    """Return a field that holds one of the known words; any other becomes the default."""
    return field(default=default, metadata={"known": known})


def like(pattern: str) -> Any:
    """Return a text field that is left out unless all of it has this shape (a regular expression)."""
    return field(default="", metadata={"like": re.compile(pattern, re.ASCII)})


def whole(value: str | None, default: int) -> int:
    """Return a number as the database can hold it: some digits, no more than nine."""
    return int(value) if value and value.isascii() and value.isdigit() and len(value) <= 9 else default


@dataclass(frozen=True, slots=True)
class ListQuery:
    """What every list can be asked: which page of how many rows. Subclasses add their filters as fields.

    Text fields are cut to 200 characters, numbers to nine digits, `one_of` fields to what is known:
    a wrong address shows the list as it is without that filter, never an error.
    """

    page: int = 1
    per: int = 48

    sizes: ClassVar[tuple[int, ...]] = PER

    @classmethod
    def parse(cls, given: Mapping[str, str]) -> Self:
        """Return the query of a querystring; what cannot be understood is left at its default."""
        found: dict[str, Any] = {}
        for part in fields(cls):
            default = part.default if part.default is not MISSING else ""
            value, known = given.get(part.name), part.metadata.get("known")
            if value is None:
                continue
            if isinstance(default, int):
                found[part.name] = whole(value, default)
            elif known is None:
                text = value.replace("\0", "").strip()[:LONGEST_TEXT]
                shape = part.metadata.get("like")
                found[part.name] = text if shape is None or shape.fullmatch(text) else ""
            elif value in known:
                found[part.name] = value
        if found.get("per") not in cls.sizes:
            found.pop("per", None)
        found["page"] = max(1, found.get("page", 1))
        return cls(**found)

    def address(self, **changes: Any) -> str:
        """Return the querystring ("?…") that says the same with `changes`, on page 1 unless told; defaults left out."""
        return "?" + urlencode(self._said(replace(self, **{"page": 1, **changes})))

    @property
    def kept(self) -> str:
        """What is remembered of this list for its next visit: everything but a search and the page."""
        return urlencode({name: value for name, value in self._said(self).items() if name not in NOT_KEPT})

    @property
    def filtered(self) -> bool:
        """Whether anything narrows the list: order, view and page do not."""
        said = self._said(self)
        return any(name not in ("page", "per", "sort", "view") for name in said)

    def _said(self, wanted: Self) -> dict[str, Any]:
        plain = type(self)()
        names = [*(part.name for part in fields(self) if part.name not in ("page", "per")), "page", "per"]
        return {name: value for name in names if (value := getattr(wanted, name)) != getattr(plain, name)}
