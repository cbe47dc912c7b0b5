"""Where one can go from every page: what a household looks at, and what keeps it running (UI.md §2)."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise


@dataclass(frozen=True, slots=True)
class Place:
    """A page of the navigation; `key` follows g on the keyboard, `section` is what its pages call themselves."""

    section: str
    url: str
    word: _StrPromise
    icon: str
    key: str
    about: _StrPromise | str = ""

    @property
    def address(self) -> str:
        """Where it is."""
        return reverse(self.url)


MAIN = (
    Place("home", "home", _("Home"), "home", "h"),
    Place("library", "scanner:library", _("Library"), "film", "l"),
    Place("queue", "queue", _("Queue"), "queue-list", "q"),
)
OPERATE = (
    Place("scans", "scanner:scan-list", _("Scans"), "arrow-path", "c", _("What the folders hold, and when we looked")),
    Place(
        "unmatched",
        "scanner:unmatched",
        _("Unmatched"),
        "question-mark-circle",
        "m",
        _("Folders without a clear title"),
    ),
    Place("history", "history", _("History"), "clock", "i", _("What happened, and why")),
    Place("sources", "source-list", _("Sources"), "signal", "s", _("Who is asked, how often, and who rests")),
    Place("system", "system", _("System"), "cpu-chip", "y", _("Health, workers, schedules, backups")),
    Place("settings", "settings", _("Settings"), "cog-6-tooth", "e", _("Folders, metadata, people, appearance")),
)


@cache
def places() -> tuple[tuple[Place, ...], tuple[Place, ...]]:
    """Return the main places and those for operating, as far as this server has them."""
    return tuple(filter(_is_there, MAIN)), tuple(filter(_is_there, OPERATE))


def _is_there(place: Place) -> bool:
    try:
        return bool(place.address)
    except NoReverseMatch:
        return False
