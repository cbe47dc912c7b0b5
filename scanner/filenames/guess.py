"""The answer: what one path is believed to say."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any


@dataclass(frozen=True, slots=True)
class Guess:
    """What a path says. `kind` is movie, episode, season, extra, or none where a folder's name does not tell."""

    kind: str
    title: str | None = None
    year: int | None = None
    season: int | None = None
    seasons: tuple[int, ...] = ()  # only of packs that hold several
    episodes: tuple[int, ...] = ()  # absolute numbers too, where the name has no season
    absolute: tuple[int, ...] = ()  # beside a season and episode
    air_date: dt.date | None = None
    part: int | None = None  # of a stack: cd1, cd2
    extra_type: str | None = None
    version: str | None = None  # tells versions of one film apart: "4K", "Director's Cut"
    ids: Mapping[str, str | int] = field(default_factory=dict)

    def as_dict(self) -> dict[str, Any]:
        """Return what is known, ready for JSON: lists for tuples, ISO dates, nothing that is empty."""
        known: dict[str, Any] = {}
        for name in _FIELDS:
            value = getattr(self, name)
            if value is None or value == () or value == {}:
                continue
            known[name] = _plain(value)
        return known


def _plain(value: Any) -> Any:
    match value:
        case tuple():
            return list(value)
        case dt.date():
            return value.isoformat()
        case Mapping():
            return dict(value)
        case _:
            return value


_FIELDS = tuple(each.name for each in fields(Guess))
