"""Counts, statistics and health."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Literal

from django.db.models import Count, QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from ninja import Query, Router, Schema
from pydantic import Field

from jobs.models import Job
from mediasync.api.door import reads
from mediasync.api.paging import Asked, Key, Page, Word, page
from mediasync.api.shapes import looks_like
from mediasync.health import looking, telling
from mediasync.health.facts import Facts
from mediasync.management.commands.status import gather
from outbound.models import SourceHour
from scanner import standings
from scanner.models import Match, MediaFile, Scan

router = Router(tags=["system"])
HEALTH = {
    "check": "workers",
    "ok": True,
    "message": "2 workers gave a sign of life within a minute",
    "cure": "",
    "level": "ok",
    "subject": "",
    "name": "",
    "seen_at": None,
    "hidden": False,
}
WORKER = {
    "id": "host-4711-ab12cd",
    "pid": 4711,
    "host": "host:1a2b3c4d",
    "pool": None,
    "busy": False,
    "job": None,
    "since": None,
    "done": 12,
    "errors": 0,
}


class Finding(Schema):
    """What a check found; `cure` says what would help, `name` what it is about where there are several."""

    check: str
    ok: bool
    message: str
    cure: str
    level: Literal["ok", "notice", "warning", "error"]
    subject: str
    name: str
    seen_at: datetime | None = Field(description="When it was measured; null: just now.")
    hidden: bool = Field(description="Somebody hid it until it changes.")

    model_config = looks_like(HEALTH)


class Health(Schema):
    """Whether all is well."""

    ok: bool
    findings: list[Finding]

    model_config = looks_like({"ok": True, "findings": [HEALTH]})


class Worker(Schema):
    """A live worker, and what it holds."""

    id: str
    pid: int
    host: str
    pool: str | None
    busy: bool
    job: str | None
    since: datetime | None
    done: int
    errors: int

    model_config = looks_like(WORKER)


class LibraryCount(Schema):
    """A library in short."""

    name: str
    kind: str
    path: str
    files: int
    demo: bool


class StatusFull(Schema):
    """What there is, what runs, and whether all is well: the document of `./run status --json`."""

    version: str
    database: str
    broker: str
    libraries: list[LibraryCount]
    items: dict[str, int]
    jobs: dict[str, int]
    workers: list[Worker]
    health: list[Finding]

    model_config = looks_like(
        {
            "version": "0.1",
            "database": "sqlite",
            "broker": "orm",
            "libraries": [{"name": "Films", "kind": "movies", "path": "/media/films", "files": 1200, "demo": False}],
            "items": {"INDEXED": 1200},
            "jobs": {"done": 40},
            "workers": [WORKER],
            "health": [HEALTH],
        }
    )


class Counts(Schema):
    """How many things are in which state."""

    items: dict[str, int]
    titles: dict[str, int]
    matches: dict[str, int]
    jobs: dict[str, int]
    scans: dict[str, int]

    model_config = looks_like(
        {
            "items": {"INDEXED": 1200, "UNMATCHED": 3},
            "titles": {"INDEXED": 900},
            "matches": {"MATCHED": 897, "UNMATCHED": 3},
            "jobs": {"done": 40},
            "scans": {"done": 12},
        }
    )


class HourRow(Schema):
    """What was asked of a source in an hour; `seconds` between grant and last byte, `wait_seconds` for the budget."""

    source: str
    hour: datetime
    attempts: int
    successes: int
    failures: dict[str, int]
    retries: int
    bytes: int
    seconds: float
    wait_seconds: float

    model_config = looks_like(
        {
            "source": "tmdb",
            "hour": "2026-11-22T21:00:00Z",
            "attempts": 120,
            "successes": 119,
            "failures": {"Transient": 1},
            "retries": 1,
            "bytes": 1048576,
            "seconds": 31.5,
            "wait_seconds": 2.5,
        }
    )


class HourFilters(Asked):
    """Which hours."""

    source: Word = Field("", description="Hours of one source.")
    hours: int = Field(24, ge=1, le=8760, description="How far back.")


@reads(router, "/statistics/states", Counts)
def count_states(request: HttpRequest) -> Any:
    """Count things by state.

    The numbers that Home leads with.
    """
    files = MediaFile.objects.with_shown_state().filter(library__removed_at=None)
    return {
        "items": _counted(files, "shown_state", upper=True),
        "titles": {state.upper(): many for state, many in standings.counts().items()},
        "matches": _counted(Match.objects.filter(library__removed_at=None), "state", upper=True),
        "jobs": _counted(Job.objects.all(), "state"),
        "scans": _counted(Scan.objects.all(), "state"),
    }


@reads(router, "/statistics/sources", Page[HourRow])
def list_source_hours(request: HttpRequest, response: HttpResponse, filters: Query[HourFilters]) -> Any:
    """List statistics by source and hour.

    Newest first. Hours in which nothing was asked have no row.
    """
    since = timezone.now() - timedelta(hours=filters.hours)
    found = SourceHour.objects.filter(hour__gte=since)
    if filters.source:
        found = found.filter(source=filters.source)
    columns = [name for name in HourRow.model_fields if name != "source"]
    keys = (Key("hour", down=True), Key("id", down=True))
    return page(request, response, found.values("id", "source_id", *columns), keys, filters, count=True, shape=_hours)


@reads(router, "/status", StatusFull)
def get_status(request: HttpRequest) -> Any:
    """Get the state of everything.

    What `./run status --json` prints.
    """
    return gather()


@reads(router, "/health", Health)
def get_health(request: HttpRequest) -> Any:
    """Get what the health checks found.

    200 also where something is the matter: `ok` says so, and each finding its cure. What somebody hid does not count.
    """
    facts = Facts()
    found = [telling.document(finding, facts) for finding in looking.findings(facts)]
    return {"ok": all(finding["ok"] or finding["hidden"] for finding in found), "findings": found}


def _counted(rows: QuerySet[Any, Any], column: str, *, upper: bool = False) -> dict[str, int]:
    found = rows.order_by().values_list(column).annotate(n=Count("pk"))
    return {state.upper() if upper else state: many for state, many in found}


def _hours(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [{**row, "source": row["source_id"]} for row in rows]
