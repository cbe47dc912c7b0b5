"""Everything the page of one season shows, in four queries beside that for its title."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import Any

from django.db.models import F
from django.utils import formats
from django.utils.translation import gettext as _

from pages.paging import Pages
from pages.stored import translated
from scanner import gallery
from scanner.inspection import with_facts
from scanner.models import Episode, MediaFile, Season, Title
from scanner.strips import Strip, of_rows, with_state

EPISODES = 60


@dataclass(frozen=True, slots=True)
class Line:
    """An episode, its files, and in a sentence why it is not here (empty where it is)."""

    episode: Any
    files: list[MediaFile]
    why: str
    still: Any = None  # a picture for the web with its address and size, where there is one


@dataclass(frozen=True, slots=True)
class SeasonSheet:
    """A season with its episodes and its neighbours."""

    title: Title
    season: Season
    strip: Strip
    pages: Pages
    lines: list[Line]
    before: Season | None
    after: Season | None
    poster: Any = None


def season_sheet(title: Title, number: int, *, page: int) -> SeasonSheet | None:
    """Return the sheet of a season, `EPISODES` of its episodes at a time; None where there is no such season."""
    episodes = list(with_state(Episode.objects.filter(title=title, season=number)).defer("details").order_by("number"))
    known = {season.number: season for season in Season.objects.filter(title=title)}
    if episodes:  # from names alone, before anybody described the season
        known.setdefault(number, Season(title=title, number=number))
    if number not in known:
        return None
    seasons = sorted(known.values(), key=lambda one: (one.number == 0, one.number))
    place = seasons.index(known[number])
    pages = Pages(page, EPISODES, len(episodes))
    shown = episodes[pages.slice]
    files = _files(shown)
    poster, stills = gallery.of_season(title, number)
    return SeasonSheet(
        title=title,
        season=seasons[place],
        strip=of_rows([(1, episode.shown_state) for episode in episodes]),
        pages=pages,
        lines=[Line(one, held := files.get(one.pk, []), why(one, held), stills.get(one.number)) for one in shown],
        before=seasons[place - 1] if place else None,
        after=seasons[place + 1] if place + 1 < len(seasons) else None,
        poster=poster,
    )


def why(episode: Any, files: list[MediaFile]) -> str:
    """Return in a sentence why an episode is not there, or what is the matter with its file."""
    date = _said(episode.air_date)
    sentences = {
        "missing": _("It aired on %s, and no file of it is in the library.") % date,
        "upcoming": _("It airs on %s.") % date if date else _("Nobody knows yet when it airs."),
        "ignored": _("You said that it is not wanted."),
        "gone": _("Its file is not on disk any more."),
        "changed": _("Its file has changed and is looked at again."),
        "error": next((translated(file.last_error) for file in files if file.last_error), "")
        or _("Its file cannot be read."),
    }
    return sentences.get(episode.shown_state, "")


def _said(date: datetime.date | None) -> str:
    return formats.date_format(date, "DATE_FORMAT") if date else ""


def _files(episodes: list[Any]) -> dict[int, list[MediaFile]]:
    held = MediaFile.objects.filter(episodefile__episode__in=[one.pk for one in episodes])
    found: dict[int, list[MediaFile]] = {}
    for file in held.select_related("info").annotate(holds=F("episodefile__episode")).order_by("path"):
        found.setdefault(file.holds, []).append(with_facts(file))  # type: ignore[attr-defined]  # annotated
    return found
