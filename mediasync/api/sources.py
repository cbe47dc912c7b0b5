"""Services on the network: how they stand, one request to see, and a reset."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any, Literal

from django.http import HttpRequest
from django.utils import timezone
from ninja import Path, Router, Schema
from pydantic import Field

from mediasync.api import problems
from mediasync.api.auth import actor_of
from mediasync.api.door import acts, reads
from mediasync.api.paging import Word
from mediasync.api.shapes import looks_like
from mediasync.keys import Scope
from mediasync.standing import standing
from outbound import services
from outbound.models import Source
from outbound.sources import specs

router = Router(tags=["sources"])
EXAMPLE = {
    "name": "tmdb",
    "base_url": "https://api.themoviedb.org/3",
    "circuit": "closed",
    "open_until": None,
    "paused_until": None,
    "paused_reason": "",
    "key_refused": False,
    "failures": 0,
    "rules": [{"requests": 35, "seconds": 10.0}],
    "budget_free": 33,
    "workers": 1,
    "max_workers": None,
    "rate": 0.4,
    "last_error": None,
    "last_24h": {"attempts": 120, "successes": 119, "failures": {"Transient": 1}, "bytes": 1048576},
    "shown": "closed",
    "until": None,
    "why": "",
}


class Rule(Schema):
    """At most so many requests in any so many seconds."""

    requests: int
    seconds: float


class Day(Schema):
    """What was asked of it in the last 24 hours."""

    attempts: int
    successes: int
    failures: dict[str, int]
    bytes: int


class SourceRow(Schema):
    """A service. `shown`, `until` and `why` are what the pages say of it; `rate` is requests a second of late."""

    name: str
    base_url: str
    circuit: Literal["closed", "open", "half_open"]
    open_until: datetime | None
    paused_until: datetime | None
    paused_reason: str
    key_refused: bool
    failures: int
    rules: list[Rule]
    budget_free: int
    workers: int
    max_workers: int | None
    rate: float
    last_error: str | None
    last_24h: Day
    shown: str = Field(description="closed, open, half_open, due (about to try again), paused, no_key.")
    until: datetime | None
    why: str

    model_config = looks_like(EXAMPLE)


class Tested(Schema):
    """Whether it answered, and a sentence."""

    ok: bool
    message: str

    model_config = looks_like({"ok": True, "message": "tmdb answers."})


class TestedSoon(Schema):
    """How many services are tested; what came of it is in /sources and /health."""

    sources: int

    model_config = looks_like({"sources": 2})


@reads(router, "/sources", list[SourceRow])
def list_sources(request: HttpRequest) -> Any:
    """List the services.

    Budget, circuit and last error of each.
    """
    return _rows(Source.objects.order_by("name"))


@acts(router, "/sources/test", {202: TestedSoon}, scope=Scope.ADMIN)
def check_sources(request: HttpRequest) -> Any:
    """Test every service.

    A job each; nobody waits for the answers.
    """
    return {"sources": services.test_all(actor=actor_of(request))}


@reads(router, "/sources/{name}", SourceRow)
def get_source(request: HttpRequest, name: Path[Word]) -> Any:
    """Get a service.

    How it stands at this moment.
    """
    return _rows([_get(name)])[0]


@acts(router, "/sources/{name}/test", {200: Tested}, scope=Scope.ADMIN, errors=[409])
def check_source(request: HttpRequest, name: Path[Word]) -> Any:
    """Send one request to a service.

    Within its budget. `ok` says whether it answered well. 409 where nothing of this version asks it.
    """
    _get(name)
    if name not in specs:
        raise problems.moved_on(f"Nothing asks {name} any more.")
    ok, message = services.test(name)
    return {"ok": ok, "message": message}


@acts(router, "/sources/{name}/reset", {200: SourceRow}, scope=Scope.ADMIN)
def reset_source(request: HttpRequest, name: Path[Word]) -> Any:
    """Close the circuit and end every pause.

    The next request shows how things are.
    """
    services.reset(_get(name), actor=actor_of(request))
    return _rows([_get(name)])[0]


def _get(name: str) -> Source:
    source = Source.objects.filter(pk=name).first()
    if source is None:
        raise problems.missing(f"source “{name}”")
    return source


def _rows(sources: Iterable[Source]) -> list[dict[str, Any]]:
    read, now = list(sources), timezone.now()
    told = []
    for source, facts in zip(read, services.facts_of(read), strict=True):
        shown, until, why = standing(source, now)
        told.append({**facts, "shown": shown, "until": until, "why": why})
    return told
