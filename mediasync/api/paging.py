"""Pages that stay right while rows come and go: the next one begins after a row, not at a number."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any, Generic, TypeVar

from django.core import signing
from django.db.models import F, OrderBy, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from ninja import Schema
from pydantic import Field

from mediasync.api import problems

MOST, USUAL = 200, 50
SIGNER = signing.Signer(salt="mediasync.api.cursor")
Row = TypeVar("Row")

Text = Annotated[str, Field(max_length=200, pattern=r"^[^\x00]*$")]
Word = Annotated[str, Field(max_length=60, pattern=r"^[^\x00]*$")]
Id = Annotated[int, Field(ge=1, le=2**63 - 1)]


class Asked(Schema):
    """What every list can be asked."""

    limit: int = Field(USUAL, ge=1, le=MOST, description="Rows on a page, 200 at most.")
    cursor: str | None = Field(
        None,
        max_length=4000,
        pattern=r"^[A-Za-z0-9_:.=-]*$",
        description="`next` of the page before, with the same filters.",
    )


class Page(Schema, Generic[Row]):
    """A page of a list. `next` is the cursor of the page after it, null on the last one.

    `total` counts the whole list where that is cheap, else it is null.
    """

    items: list[Row]
    next: str | None = Field(examples=[None])
    total: int | None = Field(examples=[1])


@dataclass(frozen=True, slots=True)
class Key:
    """A column that a list is ordered by; nulls come last, on every database."""

    name: str
    down: bool = False
    nullable: bool = False

    def order(self) -> OrderBy:
        """Return the term of ORDER BY."""
        last = True if self.nullable else None
        return F(self.name).desc(nulls_last=last) if self.down else F(self.name).asc(nulls_last=last)

    def beyond(self, value: Any) -> Q:
        """Return what comes after a row with this value."""
        if value is None:
            return Q(pk__in=())
        after = Q(**{f"{self.name}__{'lt' if self.down else 'gt'}": value})
        return after | Q(**{f"{self.name}__isnull": True}) if self.nullable else after

    def same(self, value: Any) -> Q:
        """Return the rows with this very value."""
        return Q(**{f"{self.name}__isnull": True}) if value is None else Q(**{self.name: value})


NEWEST = (Key("id", down=True),)


def page(
    request: HttpRequest,
    response: HttpResponse,
    found: QuerySet[Any, Any],
    keys: Sequence[Key],
    asked: Asked,
    *,
    count: bool | int = False,
    shape: Callable[[list[Any]], list[Any]] = list,
) -> dict[str, Any]:
    """Return the page of `found` (rows as dicts or objects) that is asked for, in the order of `keys`.

    `count`: whether counting the list is cheap, or how many there are. `shape` makes what is answered
    of the rows, all at once.
    """
    mark = _mark(asked, keys)
    wanted = found.order_by(*(key.order() for key in keys))
    if asked.cursor:
        wanted = wanted.filter(_after(keys, _opened(asked.cursor, mark)))
    rows = list(wanted[: asked.limit + 1])
    more, rows = len(rows) > asked.limit, rows[: asked.limit]
    following = _closed(keys, rows[-1], mark) if more else None
    if following:
        given = request.GET.copy()
        given["cursor"] = following
        response.headers["Link"] = f'<{request.path}?{given.urlencode()}>; rel="next"'
    total = found.order_by().count() if count is True else None if count is False else count
    return {"items": shape(rows), "next": following, "total": total}


def _after(keys: Sequence[Key], values: Sequence[Any]) -> Q:
    """Return the rows behind the one with these values; the first term lets an index find the place."""
    behind, same = Q(pk__in=()), Q()
    for key, value in zip(keys, values, strict=True):
        behind |= same & key.beyond(value)
        same &= key.same(value)
    first, value = keys[0], values[0]
    near = Q() if first.nullable else Q(**{f"{first.name}__{'lte' if first.down else 'gte'}": value})
    return near & behind


def _mark(asked: Asked, keys: Sequence[Key]) -> str:
    """Return what a cursor belongs to: the filters and the order, not the size of the page."""
    filters = sorted((name, value) for name, value in asked.model_dump().items() if name not in ("cursor", "limit"))
    return hashlib.sha256(repr((filters, keys)).encode()).hexdigest()[:8]


def _closed(keys: Sequence[Key], row: Any, mark: str) -> str:
    found = [row[key.name] if isinstance(row, dict) else getattr(row, key.name) for key in keys]
    values = [["at", value.isoformat()] if isinstance(value, datetime) else value for value in found]
    return SIGNER.sign_object([mark, *values], compress=True)


def _opened(cursor: str, mark: str) -> list[Any]:
    """Return the values in a cursor of ours; raises Problem for any other."""
    try:
        kept, *values = SIGNER.unsign_object(cursor)
    except (signing.BadSignature, ValueError) as error:
        raise problems.invalid("query", "cursor", "this is no cursor of ours; begin without one.") from error
    if kept != mark:
        raise problems.invalid("query", "cursor", "it belongs to other filters or another order; begin without one.")
    return [datetime.fromisoformat(value[1]) if isinstance(value, list) else value for value in values]
