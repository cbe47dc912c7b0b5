"""The state of each episode of a set of titles, in three queries however many titles there are."""

from __future__ import annotations

import datetime
import itertools
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Case, Count, Exists, OuterRef, QuerySet, Value, When
from django.utils import timezone

from scanner.models import Episode, EpisodeFile, MediaFile, Title

SEGMENTS = 40  # above this many episodes a strip shows seasons
FILE_STATES = {"missing": "gone", "error": "error", "changed": "changed"}
WORST_FIRST = ("error", "gone", "missing", "changed", "queued", "upcoming", "available")


@dataclass(slots=True)
class Strip:
    """The segments in order, one word each, and how many episodes are in which state."""

    segments: list[str] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)
    by_season: bool = False

    @property
    def available(self) -> int:
        """How many are on disk."""
        return self.counts["available"] + self.counts["changed"]

    @property
    def total(self) -> int:
        """How many there are in all."""
        return self.counts.total()


def with_state(episodes: QuerySet[Episode], today: datetime.date | None = None) -> QuerySet[Any]:
    """Annotate `shown_state`: available, changed, error, gone, missing or upcoming."""
    today = today or timezone.localdate()
    held = EpisodeFile.objects.filter(episode=OuterRef("pk"))
    return episodes.annotate(
        shown_state=Case(
            When(Exists(held.filter(file__state__in=["indexed", "new"])), then=Value("available")),
            When(Exists(held.filter(file__state="changed")), then=Value("changed")),
            When(Exists(held.filter(file__state="error")), then=Value("error")),
            When(Exists(held), then=Value("gone")),
            When(air_date__lt=today, then=Value("missing")),
            default=Value("upcoming"),
        )
    )


def strips(titles: Iterable[Title]) -> dict[int, Strip]:
    """Return the strip of each title by its id: episodes for shows, files for movies.

    Specials count only where a show has nothing else. A show that is not described yet is shown
    by its files.
    """
    titles = list(titles)
    episodes = _episodes([title.pk for title in titles if title.kind == Title.Kind.SHOW])
    without = [title for title in titles if title.pk not in episodes]
    files = _files(without)
    return {title.pk: episodes.get(title.pk) or files.get(title.pk) or Strip() for title in titles}


def of_rows(rows: Sequence[tuple[int, str]]) -> Strip:
    """Return the strip of one title from its (season, state) rows in order."""
    regular = [row for row in rows if row[0] > 0] or list(rows)
    states = [state for _, state in regular]
    strip = Strip(segments=states, counts=Counter(states))
    if len(states) > SEGMENTS:
        strip.by_season = True
        seasons = list(_by_season(regular).values())
        strip.segments = [of_season(found) for found in (seasons if len(seasons) > 1 else _parts(states))]
    return strip


def of_season(states: Sequence[str]) -> str:
    """Return the one word for a season: what most needs a look, where anything is amiss."""
    known = set(states)
    if known <= {"upcoming"}:
        return "upcoming"
    return next(word for word in WORST_FIRST if word in known and word != "upcoming")


def _parts(states: list[str]) -> list[list[str]]:
    """Cut one long season into as many parts as a strip has segments."""
    cuts = [len(states) * place // SEGMENTS for place in range(SEGMENTS + 1)]
    return [states[begin:end] for begin, end in itertools.pairwise(cuts)]


def _by_season(rows: Iterable[tuple[int, str]]) -> dict[int, list[str]]:
    seasons: dict[int, list[str]] = {}
    for season, state in rows:
        seasons.setdefault(season, []).append(state)
    return seasons


def _episodes(ids: list[int]) -> dict[int, Strip]:
    """Long shows are counted in the database; only short ones are read episode by episode."""
    if not ids:
        return {}
    counted = with_state(Episode.objects.filter(title_id__in=ids)).order_by("title_id", "season")
    seasons: dict[int, list[tuple[int, str, int]]] = {}
    for title, season, state, many in counted.values_list("title_id", "season", "shown_state").annotate(n=Count("pk")):
        seasons.setdefault(title, []).append((season, state, many))
    long = {title for title, found in seasons.items() if sum(many for *_rest, many in found) > SEGMENTS}
    grouped = {title: [(s, state) for s, state, many in seasons[title] for _ in range(many)] for title in long}
    short = with_state(Episode.objects.filter(title_id__in=sorted(seasons.keys() - long)))
    for title, season, state in short.order_by("title_id", "season", "number").values_list(
        "title_id", "season", "shown_state"
    ):
        grouped.setdefault(title, []).append((season, state))
    return {title: of_rows(found) for title, found in grouped.items()}


def _files(titles: list[Title]) -> dict[int, Strip]:
    """Movies are one segment, whatever the number of their files: the best of them counts.

    The titles' own columns are not asked for: an outer join would read every file there is.
    """
    known = {title.pk: title for title in titles}
    rows = MediaFile.objects.filter(match__title__in=list(known), extra="").order_by()
    grouped: dict[int, list[tuple[int, str]]] = {}
    for owner, state in rows.values_list("match__title_id", "state"):
        shown = FILE_STATES.get(state) or ("queued" if known[owner].state == Title.State.NEW else "available")
        grouped.setdefault(owner, []).append((1, shown))
    for owner, found in grouped.items():
        if known[owner].kind == Title.Kind.MOVIE:
            found[:] = [max(found, key=lambda row: WORST_FIRST.index(row[1]))]
    return {owner: of_rows(found) for owner, found in grouped.items()}
