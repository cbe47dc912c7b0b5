"""The queue: jobs and their pools."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any, Literal

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from ninja import Path, Query, Router, Schema
from pydantic import Field

from jobs import listing, queue
from jobs.listing import QueueQuery
from jobs.models import IS_OPEN, Job, Pool, Priority
from jobs.resting import Resting, resting
from jobs.telling import told
from mediasync.api import problems
from mediasync.api.auth import actor_of
from mediasync.api.door import acts, reads
from mediasync.api.paging import NEWEST, Asked, Id, Key, Page, Text, Word, page
from mediasync.api.shapes import accepts, looks_like
from mediasync.keys import Scope
from scanner.listing import names_of

router = Router(tags=["queue"])
ORDERS = {"newest": NEWEST, "rank": (Key("rank"), Key("id"))}
EXAMPLE = {
    "id": 4711,
    "kind": "scanner.title",
    "key": "title:17",
    "subject": "Harbour Lights",
    "pool": "metadata",
    "priority": 1,
    "state": "ready",
    "shown": "held",
    "why": "tmdb is resting: it asked us to wait",
    "next_at": "2026-11-22T21:46:00Z",
    "due_at": "2026-11-22T21:45:00Z",
    "leased_until": None,
    "attempts": 1,
    "last_error": "",
    "reason": "it has new files",
    "done_units": None,
    "total_units": None,
    "unit": "",
    "needs": "tmdb",
    "origin": "scan:12",
    "created_at": "2026-11-22T21:44:00Z",
    "ended_at": None,
}


class JobRow(Schema):
    """A job. `state` is the stored one; `shown`, `why` and `next_at` are what the Queue page says of it."""

    id: int
    kind: str
    key: str
    subject: str = Field(description="What the key stands for, such as the name of a title.")
    pool: str
    priority: int = Field(description="0 a person asked, 1 new, 2 changed, 3 stale, 4 full refresh.")
    state: str
    shown: str = Field(description="`state`, or waiting, held (its source rests), paused (its pool is).")
    why: str
    next_at: datetime | None
    due_at: datetime
    leased_until: datetime | None
    attempts: int
    last_error: str
    reason: str
    done_units: int | None
    total_units: int | None
    unit: str
    needs: str
    origin: str
    created_at: datetime
    ended_at: datetime | None

    model_config = looks_like(EXAMPLE)


class JobFilters(Asked):
    """Which jobs."""

    state: Literal["open", "leased", "failed", "waiting", "ready", "done", "cancelled"] = Field(
        "open", description="`open` is everything that has not ended; `waiting` was tried before."
    )
    pool: Word = Field("", description="Jobs of one pool.")
    kind: Word = Field("", description="Jobs of one kind, such as scanner.title.")
    origin: Word = Field("", description="What caused them, such as scan:12.")
    key: Text = Field("", description="What they are about, such as title:17.")
    sort: Literal["newest", "rank"] = Field("newest", description="`rank` is the order in which they run.")


class PriorityAsked(Schema):
    """The priority a job is to have."""

    priority: int = Field(ge=0, le=4, description="0 goes first.")

    model_config = accepts({"priority": 1})


class JobsAsked(Schema):
    """What is to be done with several jobs; `priority` is for that verb."""

    do: Literal["retry", "cancel", "priority"]
    ids: list[Id] = Field(min_length=1, max_length=1000)
    priority: int = Field(2, ge=0, le=4)

    model_config = accepts({"do": "retry", "ids": [4711, 4712]})


class Changed(Schema):
    """How many jobs were changed; those that have moved on are left out."""

    jobs: int

    model_config = looks_like({"jobs": 2})


def rows(jobs: Iterable[Job]) -> list[dict[str, Any]]:
    """Return jobs as they are answered: three queries, however many there are."""
    found = list(jobs)
    rests = resting()
    names = names_of(job.key for job in found)
    return [_row(job, names, rests) for job in found]


def _row(job: Job, names: dict[str, str], rests: Resting) -> dict[str, Any]:
    said = told(job, rests)
    return {
        **{name: getattr(job, name) for name in JobRow.model_fields if hasattr(job, name)},
        "subject": names.get(job.key, job.key),
        "shown": said.state,
        "why": said.why,
        "next_at": said.next_at,
    }


def latest_job(kind: str, key: str) -> dict[str, Any]:
    """Return the open job of this kind about this thing, as it is answered; the last one where none is open now."""
    found = Job.objects.filter(kind=kind, key=key)
    job = found.filter(IS_OPEN).first() or found.order_by("-id").first()
    if job is None:
        raise problems.moved_on("Its job is over and forgotten already.")
    return rows([job])[0]


@reads(router, "/jobs", Page[JobRow])
def list_jobs(request: HttpRequest, response: HttpResponse, filters: Query[JobFilters]) -> Any:
    """List jobs.

    Newest first, or in the order in which they run. Without a filter everything that has not ended.
    """
    if filters.pool and filters.pool not in pool_names():
        raise problems.invalid("query", "pool", f"there is no pool of this name; there are {', '.join(pool_names())}.")
    state = "" if filters.state == "open" else filters.state
    found = QueueQuery(pool=filters.pool, state=state).jobs()
    for name in ("kind", "origin", "key"):
        if value := getattr(filters, name):
            found = found.filter(**{name: value})
    cheap = state not in listing.ENDED
    return page(request, response, found, ORDERS[filters.sort], filters, count=cheap, shape=rows)


@acts(router, "/jobs/bulk", {202: Changed}, scope=Scope.ADMIN)
def change_jobs(request: HttpRequest, asked: JobsAsked) -> Any:
    """Retry, cancel or prioritise several jobs.

    As on the Queue page: those that have moved on are left out, and one event tells of all.
    """
    chosen, actor = Job.objects.filter(pk__in=asked.ids), actor_of(request)
    if asked.do == "retry":
        return {"jobs": queue.retry(chosen, actor=actor)}
    if asked.do == "cancel":
        return {"jobs": queue.cancel(chosen, actor=actor)}
    return {"jobs": queue.prioritise(chosen, asked.priority, actor=actor)}


@reads(router, "/jobs/{pk}", JobRow)
def get_job(request: HttpRequest, pk: Path[Id]) -> Any:
    """Get a job.

    What ended is kept for a while.
    """
    return _shown(pk)


@acts(router, "/jobs/{pk}/retry", {202: JobRow}, scope=Scope.ADMIN, errors=[409])
def retry_job(request: HttpRequest, pk: Path[Id]) -> Any:
    """Try a job again now.

    One that has ended is queued anew and has a new id then. 409 while it runs.
    """
    job = _get(pk)
    if not queue.retry(_only(pk), actor=actor_of(request)):
        raise problems.moved_on("This job runs at this moment.")
    return latest_job(job.kind, job.key)


@acts(router, "/jobs/{pk}/cancel", {200: JobRow}, scope=Scope.ADMIN, errors=[409])
def cancel_job(request: HttpRequest, pk: Path[Id]) -> Any:
    """Cancel a job.

    A running one is told to stop within a second. 409 where it has been done already.
    """
    if _get(pk).state != Job.State.CANCELLED and not queue.cancel(_only(pk), actor=actor_of(request)):
        raise problems.moved_on("This job is done already.")
    return _shown(pk)


@acts(router, "/jobs/{pk}/priority", {200: JobRow}, scope=Scope.ADMIN, errors=[409])
def set_job_priority(request: HttpRequest, pk: Path[Id], asked: PriorityAsked) -> Any:
    """Change the priority of a job.

    409 where it has ended.
    """
    job = _get(pk)
    wanted = Priority(asked.priority)
    same = job.priority == wanted and job.state in Job.OPEN
    if not same and not queue.prioritise(_only(pk), wanted, actor=actor_of(request)):
        raise problems.moved_on("This job has ended.")
    return _shown(pk)


def _only(pk: int) -> QuerySet[Job]:
    return Job.objects.filter(pk=pk)


def _get(pk: int) -> Job:
    job = _only(pk).first()
    if job is None:
        raise problems.missing(f"job {pk}")
    return job


def _shown(pk: int) -> dict[str, Any]:
    return rows([_get(pk)])[0]


def pool_names() -> list[str]:
    """Return the names of all pools there are."""
    return sorted({*Pool.LIMITS, *Pool.objects.values_list("pk", flat=True)})
