"""What of a title changes while work for it goes on: its state, its strip, its jobs; in three queries."""

from __future__ import annotations

import datetime
import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.db.models import CharField, Exists, OuterRef, Q, Value
from django.db.models.functions import Cast, Concat
from django.utils import timezone

from jobs.listing import with_holds
from jobs.models import IS_OPEN, Job, Pool
from jobs.telling import Told, told
from scanner.models import Episode, Match, Title
from scanner.strips import Strip, of_rows, strips, with_state
from scanner.unmatched import waiting

KINDS = ("scanner.match", "scanner.title", "scanner.write", "scanner.artwork", "scanner.stills", "scanner.inspect")
SHOWN_JOBS = 5
SOON = datetime.timedelta(seconds=60)


class Row(NamedTuple):
    """An episode in a line of a list."""

    season: int
    shown_state: str
    number: int
    air_date: datetime.date | None
    name: str
    pk: int
    wish: str

    def __str__(self) -> str:
        return f"S{self.season:02}E{self.number:02}"


@dataclass(slots=True)
class About:
    """The head of a title's page. `poll` is how often it is asked for again; empty: nothing is under way."""

    title: Title
    rows: list[Row]
    strip: Strip
    badge: tuple[str, str]
    jobs: list[tuple[Job, Told]]
    poll: str
    revision: str

    @property
    def upcoming(self) -> Row | None:
        """The episode that airs next, if that is known."""
        dated = [row for row in self.rows if row.shown_state == "upcoming" and row.air_date and row.season]
        return min(dated, key=lambda row: (row.air_date, row.season, row.number), default=None)

    @property
    def missing(self) -> list[str]:
        """The episodes that are aired and not there, in words and in order: S01E02, S02E03–E05."""
        wanted = [row for row in self.rows if row.shown_state == "missing" and (row.season or row.wish)]
        runs: list[list[Row]] = []
        for row in wanted:
            if runs and (runs[-1][-1].season, runs[-1][-1].number + 1) == (row.season, row.number):
                runs[-1].append(row)
            else:
                runs.append([row])
        return [str(run[0]) if len(run) == 1 else f"{run[0]}–E{run[-1].number:02}" for run in runs]


def of(pk: int) -> Title | None:
    """Return a title as its page shows it: `waiting` is the match that waits for a person to pick the right title."""
    return Title.objects.annotate(waiting=waiting()).filter(pk=pk).first()


def about(title: Title, matches: Iterable[Match] | None = None) -> About:
    """Return what is known of `title` at this moment; `matches` are its own, where they were read already."""
    rows = _rows(title)
    strip = of_rows(rows) if rows else strips([title])[title.pk]
    jobs = [(job, told(job, {job.pool} if job.is_paused else ())) for job in _jobs(title, matches)]
    badge = _badge(title, strip)
    seen = [(job.pk, job.state, job.attempts, one.state, one.why, one.next_at) for job, one in jobs]
    words = (title.name, title.state, title.described_at, title.refresh_at, title.poster, title.overview, badge)
    revision = hashlib.sha256(repr((seen, words, sorted(strip.counts.items()))).encode()).hexdigest()[:16]
    return About(title, rows, strip, badge, jobs, _poll(jobs), revision)


def _rows(title: Title) -> list[Row]:
    if title.kind != Title.Kind.SHOW:
        return []
    episodes = with_state(Episode.objects.filter(title=title)).order_by("season", "number")
    return [Row(*row) for row in episodes.values_list(*Row._fields)]


def _jobs(title: Title, matches: Iterable[Match] | None) -> list[Any]:
    """What is open about the title and its matches, which of it is paused or held included."""
    said = title.matches.order_by().annotate(said=Concat(Value("match:"), Cast("pk", CharField()))).values("said")
    own = said if matches is None else [f"match:{match.pk}" for match in matches]
    found = Job.objects.filter(IS_OPEN, kind__in=KINDS).filter(Q(key=f"title:{title.pk}") | Q(key__in=own))
    if matches is not None and not found.exists():  # as it mostly is: the question below is a long one
        return []
    paused = Pool.objects.filter(name=OuterRef("pool"), paused_at__isnull=False)
    return list(with_holds(found).annotate(is_paused=Exists(paused)).order_by("rank", "pk")[:SHOWN_JOBS])


def _badge(title: Title, strip: Strip) -> tuple[str, str]:
    """What a person sees first: files that are gone or unreadable come before what is known of the title.

    A title that waits for a person (`waiting`, see `of`) says so.
    """
    if not (strip.available or strip.counts["queued"]):
        for amiss in ("error", "gone"):
            if strip.counts[amiss]:
                return "episode", amiss
    return "title", "needs" if getattr(title, "waiting", None) else title.state


def _poll(jobs: list[tuple[Job, Told]]) -> str:
    open_ = [(job, one) for job, one in jobs if one.state != Job.State.FAILED]
    if not open_:
        return ""
    soon = timezone.now() + SOON
    moving = any(one.state == Job.State.LEASED or (one.next_at and one.next_at <= soon) for _job, one in open_)
    return "2s" if moving else "15s"
