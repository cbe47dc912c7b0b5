"""The state of each episode of a set of titles, in two queries however many titles there are."""

from __future__ import annotations

import datetime
import itertools
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from django.db import connection
from django.db.models import Case, Count, Exists, OuterRef, QuerySet, Sum, Value, When, Window
from django.utils import timezone

from scanner.models import Episode, EpisodeFile, MediaFile, Title

SEGMENTS = 40  # above this many episodes a strip shows seasons
FILE_STATES = {"missing": "gone", "error": "error", "changed": "changed"}
WORST_FIRST = ("error", "gone", "missing", "changed", "queued", "upcoming", "available", "ignored")
# One row an episode; of titles with more than a strip has segments, one row a season and state.
BRIEFLY = """SELECT title_id, season, CASE WHEN together > {segments} THEN 0 ELSE number END AS place,
shown_state, COUNT(*) FROM ({episodes}) AS one GROUP BY title_id, season, place, shown_state
ORDER BY title_id, season, place"""


class Held(NamedTuple):
    """Files of a title in one folder, one state and one role (`extra`): how many, and bytes in all."""

    title: int
    library: int
    folder: str
    state: str
    extra: str
    many: int
    size: int


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
    """Annotate `shown_state`: available, changed, error, ignored, gone, missing or upcoming."""
    today = today or timezone.localdate()
    held = EpisodeFile.objects.filter(episode=OuterRef("pk"))
    return episodes.annotate(
        shown_state=Case(
            When(Exists(held.filter(file__state__in=["indexed", "new"])), then=Value("available")),
            When(Exists(held.filter(file__state="changed")), then=Value("changed")),
            When(Exists(held.filter(file__state="error")), then=Value("error")),
            When(wish=Episode.Wish.IGNORED, then=Value("ignored")),
            When(Exists(held), then=Value("gone")),
            When(air_date__lt=today, then=Value("missing")),
            default=Value("upcoming"),
        )
    )


def strips(titles: Iterable[Title], *, held: Sequence[Held] | None = None) -> dict[int, Strip]:
    """Return the strip of each title by its id: episodes for shows, files for movies.

    Specials count only where a show has nothing else. A show that is not described yet is shown
    by its files. `held`: the files of these titles, where they are known already.
    """
    titles = list(titles)
    episodes = _episodes([title.pk for title in titles if title.kind == Title.Kind.SHOW])
    without = [title for title in titles if title.pk not in episodes]
    files = _files(without, files_of(without) if held is None else held)
    return {title.pk: episodes.get(title.pk) or files.get(title.pk) or Strip() for title in titles}


def of_rows(rows: Sequence[tuple[Any, ...]]) -> Strip:
    """Return the strip of one title from its rows in order; each begins with season and state."""
    regular = [row for row in rows if row[0] > 0] or list(rows)
    states = [row[1] for row in regular]
    strip = Strip(segments=states, counts=Counter(states))
    if len(states) > SEGMENTS:
        strip.by_season = True
        seasons = list(_by_season(regular).values())
        strip.segments = [of_season(found) for found in (seasons if len(seasons) > 1 else _parts(states))]
    return strip


def of_season(states: Sequence[str]) -> str:
    """Return the one word for a season: what most needs a look, where anything is amiss."""
    known = set(states)
    if "upcoming" in known <= {"upcoming", "ignored"}:
        return "upcoming"
    return next(word for word in WORST_FIRST if word in known and word != "upcoming")


def _parts(states: list[str]) -> list[list[str]]:
    """Cut one long season into as many parts as a strip has segments."""
    cuts = [len(states) * place // SEGMENTS for place in range(SEGMENTS + 1)]
    return [states[begin:end] for begin, end in itertools.pairwise(cuts)]


def _by_season(rows: Iterable[tuple[Any, ...]]) -> dict[int, list[str]]:
    seasons: dict[int, list[str]] = {}
    for row in rows:
        seasons.setdefault(row[0], []).append(row[1])
    return seasons


def _episodes(ids: list[int]) -> dict[int, Strip]:
    """Long shows are counted in the database; only short ones are read episode by episode."""
    if not ids:
        return {}
    found = with_state(Episode.objects.filter(title_id__in=ids)).order_by()
    together = found.annotate(together=Window(Count("pk"), partition_by="title"))
    sql, given = together.values("title_id", "season", "number", "shown_state", "together").query.sql_with_params()
    grouped: dict[int, list[tuple[int, str]]] = {}
    with connection.cursor() as cursor:
        cursor.execute(BRIEFLY.format(segments=SEGMENTS, episodes=sql), given)
        for title, season, _place, state, many in cursor.fetchall():
            grouped.setdefault(title, []).extend([(season, state)] * many)
    return {title: of_rows(rows) for title, rows in grouped.items()}


def files_of(titles: Iterable[Title]) -> list[Held]:
    """Return what the titles have on disk, summed up, in one query.

    The titles' own columns are not asked for: an outer join would read every file there is.
    """
    rows = MediaFile.objects.filter(match__title__in=[title.pk for title in titles]).order_by()
    values = rows.values_list("match__title_id", "match__library_id", "match__folder", "state", "extra")
    return [Held(*row) for row in values.annotate(many=Count("pk"), size=Sum("size_bytes"))]


def _files(titles: list[Title], held: Sequence[Held]) -> dict[int, Strip]:
    """Movies are one segment, whatever the number of their files: the best of them counts."""
    known = {title.pk: title for title in titles}
    grouped: dict[int, list[tuple[int, str]]] = {}
    for one in held:
        if one.extra or one.title not in known:
            continue
        waits = known[one.title].state == Title.State.NEW
        shown = FILE_STATES.get(one.state) or ("queued" if waits else "available")
        grouped.setdefault(one.title, []).extend([(1, shown)] * one.many)
    for owner, found in grouped.items():
        if known[owner].kind == Title.Kind.MOVIE:
            found[:] = [max(found, key=lambda row: WORST_FIRST.index(row[1]))]
    return {owner: of_rows(found) for owner, found in grouped.items()}
