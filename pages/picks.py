"""Rows that a person picked in a list for one action: some by their ids, or everything that the list's filter finds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, TypeVar

from django.db.models import Model, QuerySet
from django.http import QueryDict

MOST = 10_000
Thing = TypeVar("Thing", bound=Model)


@dataclass(frozen=True, slots=True)
class Picks:
    """`ids` as ticked, or `everything` that matches the filter the form carries along."""

    ids: tuple[int, ...] = ()
    everything: bool = False

    @classmethod
    def parse(cls, given: QueryDict) -> Picks:
        """Return what a form ticked: fields `pick`, or `everything`; what is no id is left out."""
        ids = {int(text) for text in given.getlist("pick") if text.isascii() and text.isdigit() and len(text) <= 18}
        return cls(ids=tuple(sorted(ids)[:MOST]), everything=bool(given.get("everything")))

    def __bool__(self) -> bool:
        return self.everything or bool(self.ids)

    def of(self, found: QuerySet[Thing, Any]) -> QuerySet[Thing, Any]:
        """Return the rows of a filtered list that were picked."""
        return found if self.everything else found.filter(pk__in=self.ids)
