"""What of a title changes while work for it goes on: its state, its strip, its jobs; in three queries."""

from __future__ import annotations

import datetime
import hashlib
from dataclasses import dataclass
from typing import Any

from django.db.models import CharField, Exists, F, OuterRef, Q, Value
from django.db.models.functions import Cast, Concat
from django.utils import timezone

from jobs.listing import with_holds
from jobs.models import IS_OPEN, Job, Pool
from jobs.telling import Told, told
from scanner.models import Episode, Match, Title
from scanner.strips import Strip, of_rows, strips, with_state

KINDS = ("scanner.match", "scanner.title", "scanner.write", "scanner.artwork", "scanner.stills", "scanner.inspect")
SHOWN_JOBS = 5
SOON = datetime.timedelta(seconds=60)


@dataclass(slots=True)
class About:
    """The head of a title's page. `poll` is how often it is asked for again; empty: nothing is under way."""

    title: Title
    rows: list[tuple[int, str]]
    strip: Strip
    badge: tuple[str, str]
    jobs: list[tuple[Job, Told]]
    poll: str
    revision: str


def about(title: Title) -> About:
    """Return what is known of `title` at this moment."""
    rows = _rows(title)
    strip = of_rows(rows) if rows else strips([title])[title.pk]
    jobs = [(job, told(job, {job.pool} if job.is_paused else ())) for job in _jobs(title)]
    badge = _badge(title, strip)
    seen = [(job.pk, job.state, job.attempts, one.state, one.why, one.next_at) for job, one in jobs]
    words = (title.name, title.state, title.described_at, title.refresh_at, title.poster, title.overview, badge)
    revision = hashlib.sha256(repr((seen, words, sorted(strip.counts.items()))).encode()).hexdigest()[:16]
    return About(title, rows, strip, badge, jobs, _poll(jobs), revision)


def _rows(title: Title) -> list[tuple[int, str]]:
    if title.kind != Title.Kind.SHOW:
        return []
    episodes = with_state(Episode.objects.filter(title=title)).order_by("season", "number")
    return list(episodes.values_list("season", "shown_state"))


def _jobs(title: Title) -> list[Any]:
    """What is open about the title and its matches, which of it is paused or held included."""
    own = Match.objects.filter(title=title).annotate(said=Concat(Value("match:"), Cast("pk", CharField())))
    paused = Pool.objects.filter(name=OuterRef("pool"), paused_at__isnull=False)
    found = Job.objects.filter(IS_OPEN, kind__in=KINDS).filter(
        Q(key=f"title:{title.pk}") | Q(key__in=own.values("said"))
    )
    return list(with_holds(found).annotate(is_paused=Exists(paused)).order_by(F("rank"), "pk")[:SHOWN_JOBS])


def _badge(title: Title, strip: Strip) -> tuple[str, str]:
    """What a person sees first: files that are gone or unreadable come before what is known of the title."""
    if not (strip.available or strip.counts["queued"]):
        for amiss in ("error", "gone"):
            if strip.counts[amiss]:
                return "episode", amiss
    return "title", title.state


def _poll(jobs: list[tuple[Job, Told]]) -> str:
    open_ = [(job, one) for job, one in jobs if one.state != Job.State.FAILED]
    if not open_:
        return ""
    soon = timezone.now() + SOON
    moving = any(one.state == Job.State.LEASED or (one.next_at and one.next_at <= soon) for _job, one in open_)
    return "2s" if moving else "15s"
