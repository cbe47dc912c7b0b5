"""What of a title changes while work for it goes on: its state, its strip, its jobs; in three queries."""

from __future__ import annotations

import datetime
import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from django.db.models import CharField, Q, Value
from django.db.models.functions import Cast, Concat
from django.utils import timezone

from jobs.models import IS_OPEN, Job
from jobs.resting import Resting, resting
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
    """The head of a title's page. `waiting` is the match for which a person is to pick the right title.

    `poll` is how often it is asked for again; empty: nothing is under way.
    """

    title: Title
    rows: list[Row]
    strip: Strip
    badge: tuple[str, str]
    jobs: list[tuple[Job, Told]]
    waiting: int | None
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
    """Return a title for its head alone: `waiting` is the match for which a person is to pick the right title."""
    return Title.objects.annotate(waiting=waiting()).filter(pk=pk).first()


def about(title: Title, matches: Sequence[Match] | None = None) -> About:
    """Return what is known of `title` at this moment: one that was read by `of`, or with its matches."""
    rows = _rows(title)
    strip = of_rows(rows) if rows else strips([title])[title.pk]
    found = _jobs(title, matches)
    rests = resting() if found else Resting()
    jobs = [(job, told(job, rests)) for job in found]
    waits = title.waiting if matches is None else _waiting(matches)  # type: ignore[attr-defined]
    badge = _badge(title, strip, waits)
    seen = [(job.pk, job.state, job.attempts, one.state, one.why, one.next_at) for job, one in jobs]
    words = (title.name, title.state, title.described_at, title.refresh_at, title.poster, title.overview, badge)
    revision = hashlib.sha256(repr((seen, words, sorted(strip.counts.items()))).encode()).hexdigest()[:16]
    return About(title, rows, strip, badge, jobs, waits, _poll(jobs), revision)


def matches_of(title: Title) -> list[Match]:
    """Return the matches of a title with their libraries, in order."""
    return list(title.matches.select_related("library").order_by("library__name", "key"))


def _rows(title: Title) -> list[Row]:
    if title.kind != Title.Kind.SHOW:
        return []
    episodes = with_state(Episode.objects.filter(title=title)).order_by("season", "number")
    return [Row(*row) for row in episodes.values_list(*Row._fields)]


def _jobs(title: Title, matches: Iterable[Match] | None) -> list[Job]:
    said = title.matches.order_by().annotate(said=Concat(Value("match:"), Cast("pk", CharField()))).values("said")
    own = said if matches is None else [f"match:{match.pk}" for match in matches]
    found = Job.objects.filter(IS_OPEN, kind__in=KINDS).filter(Q(key=f"title:{title.pk}") | Q(key__in=own))
    return list(found.order_by("rank", "pk")[:SHOWN_JOBS])


def _waiting(matches: Iterable[Match]) -> int | None:
    waits = [one.pk for one in matches if one.state == Match.State.UNMATCHED and one.library.removed_at is None]
    return min(waits, default=None)


def _badge(title: Title, strip: Strip, waits: int | None) -> tuple[str, str]:
    """What a person sees first: files that are gone or unreadable come before what is known of the title."""
    if not (strip.available or strip.counts["queued"]):
        for amiss in ("error", "gone"):
            if strip.counts[amiss]:
                return "episode", amiss
    return "title", "needs" if waits else title.state


def _poll(jobs: list[tuple[Job, Told]]) -> str:
    open_ = [(job, one) for job, one in jobs if one.state != Job.State.FAILED]
    if not open_:
        return ""
    soon = timezone.now() + SOON
    moving = any(one.state == Job.State.LEASED or (one.next_at and one.next_at <= soon) for _job, one in open_)
    return "2s" if moving else "15s"
