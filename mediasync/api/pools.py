"""Pools of the queue: pause and resume."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.http import HttpRequest
from ninja import Path, Router, Schema
from pydantic import Field

from jobs import listing, queue
from jobs.models import Pool
from mediasync.api import problems
from mediasync.api.auth import actor_of
from mediasync.api.door import acts, reads
from mediasync.api.jobs import pool_names
from mediasync.api.paging import Text, Word
from mediasync.api.shapes import accepts, looks_like
from mediasync.keys import Scope

router = Router(tags=["queue"])


class PoolRow(Schema):
    """A pool: how many of its jobs run at once, and how many are open."""

    name: str
    limit: int
    paused_at: datetime | None
    paused_reason: str
    ready: int
    waiting: int
    leased: int
    failed: int

    model_config = looks_like(
        {
            "name": "metadata",
            "limit": 8,
            "paused_at": None,
            "paused_reason": "",
            "ready": 3,
            "waiting": 0,
            "leased": 1,
            "failed": 0,
        }
    )


class PauseAsked(Schema):
    """Why a pool is paused."""

    reason: Text = Field("", description="Shown to everybody who wonders.")

    model_config = accepts({"reason": "until tonight"})


@reads(router, "/pools", list[PoolRow])
def list_pools(request: HttpRequest) -> Any:
    """List the pools.

    Each with its limit, whether it is paused, and how many jobs are open.
    """
    counts = listing.open_counts()
    return [_pool_row(pool, counts.get(pool.name, {})) for pool in listing.pools()]


@acts(router, "/pools/{name}/pause", {200: PoolRow}, scope=Scope.ADMIN)
def pause_pool(request: HttpRequest, name: Path[Word], asked: PauseAsked | None = None) -> Any:
    """Pause a pool.

    What runs is finished; nothing more is started until it is resumed.
    """
    if not _is_paused(name):
        actor = actor_of(request)
        queue.pause(name, (asked.reason if asked else "") or f"by {actor}", actor=actor)
    return _pool_shown(name)


@acts(router, "/pools/{name}/resume", {200: PoolRow}, scope=Scope.ADMIN)
def resume_pool(request: HttpRequest, name: Path[Word]) -> Any:
    """Resume a pool.

    Nothing happens where it is not paused.
    """
    if _is_paused(name):
        queue.resume(name, actor=actor_of(request))
    return _pool_shown(name)


def _is_paused(name: str) -> bool:
    if name not in pool_names():
        raise problems.missing(f"pool “{name}”")
    return Pool.objects.filter(pk=name, paused_at__isnull=False).exists()


def _pool_shown(name: str) -> dict[str, Any]:
    pool = Pool.objects.filter(pk=name).first() or Pool(name=name, limit=Pool.LIMITS.get(name, 4))
    return _pool_row(pool, listing.open_counts().get(name, {}))


def _pool_row(pool: Pool, counts: dict[str, int]) -> dict[str, Any]:
    opened = {state: counts.get(state, 0) for state in ("ready", "waiting", "leased", "failed")}
    told_of = {name: getattr(pool, name) for name in ("name", "limit", "paused_at", "paused_reason")}
    return {**told_of, **opened}
