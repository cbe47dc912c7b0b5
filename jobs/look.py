"""Looking for work without taking any lock: what could be claimed, where there is room, what is open."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import connection
from django.db.backends.utils import CursorWrapper

from jobs import clock
from jobs.ranking import CRITICAL, latest_rank
from jobs.registry import kinds


@dataclass(frozen=True, slots=True)
class Filter:
    """Which jobs a drain serves: all, or those of some kinds or one origin; and the ones to run alone."""

    kinds: Sequence[str] = ()
    origin: str = ""
    alone: bool = False

    def sql(self, now: datetime, *, latest: float | None = None, apart: bool = False) -> tuple[str, list[Any]]:
        """Return the condition of a job `j` that can be claimed at `now`, with its parameters.

        `latest` is the last rank to take; with `apart` the jobs that run alone count too.
        """
        alone = "" if apart else f" AND {self._alone}"
        rank = latest_rank(now) if latest is None else latest
        text, values = self.narrowed(
            f"j.state = 'ready' AND j.rank <= %s AND j.due_at <= %s{alone} "
            "AND j.needs NOT IN (SELECT source FROM jobs_hold WHERE until > %s)"
        )
        moment = clock.stored(now)
        return text, [rank, moment, moment, *values]

    def has_due(self, now: datetime, free: Sequence[str]) -> tuple[str, list[Any]]:
        """Return the same condition in the form that the index of pool, source and due time answers."""
        condition = f"j.state = 'ready' AND {self._alone} AND j.needs IN ({_marks(free)}) AND j.due_at <= %s"
        text, values = self.narrowed(condition)
        return text, [*free, clock.stored(now), *values]

    @property
    def _alone(self) -> str:
        return "j.alone" if self.alone else "NOT j.alone"

    def narrowed(self, condition: str) -> tuple[str, list[Any]]:
        """Return `condition` about a job `j` with this filter added, and the filter's parameters."""
        values: list[Any] = [*self.kinds]
        if self.kinds:
            condition += f" AND j.kind IN ({_marks(self.kinds)})"
        if self.origin:
            condition += " AND j.origin = %s"
            values.append(self.origin)
        return condition, values


@dataclass(frozen=True, slots=True)
class PoolLook:
    """What a plain read sees of a pool; it may have changed a moment later."""

    name: str
    limit: int
    leases: int
    has_work: bool
    has_critical: bool


EVERYTHING = Filter()


def _marks(values: Sequence[object]) -> str:
    return ", ".join(["%s"] * len(values))


def look(which: Filter = EVERYTHING) -> list[PoolLook]:
    """Return the pools that are not paused.

    Each question is one seek in an index, however many jobs wait: for their time, or for a held source.
    """
    now = clock.now()
    with connection.cursor() as cursor:
        free = _free_sources(cursor, now)
        work, work_values = which.has_due(now, free)
        critical, critical_values = which.sql(now, latest=CRITICAL)
        sql = f"""SELECT p.name, p."limit",
            (SELECT count(*) FROM jobs_job l WHERE l.pool = p.name AND l.state = 'leased'),
            EXISTS (SELECT 1 FROM jobs_job j WHERE j.pool = p.name AND {work}),
            EXISTS (SELECT 1 FROM jobs_job j WHERE j.pool = p.name AND {critical})
            FROM jobs_pool p WHERE p.paused_at IS NULL"""
        cursor.execute(sql, work_values + critical_values)
        return [PoolLook(name, limit, leases, bool(w), bool(c)) for name, limit, leases, w, c in cursor.fetchall()]


def _free_sources(cursor: CursorWrapper, now: datetime) -> list[str]:
    """Return what jobs may need and is not held; the empty name is in every installation."""
    cursor.execute("SELECT source FROM jobs_hold WHERE until > %s", [clock.stored(now)])
    held = {row[0] for row in cursor.fetchall()}
    return sorted({"", *(kind.needs for kind in kinds.values())} - held)


def alone_due() -> bool:
    """Tell whether a job waits to be run alone."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT EXISTS (SELECT 1 FROM jobs_job WHERE alone AND state = 'ready' AND due_at <= %s)",
            [clock.stored(clock.now())],
        )
        return bool(cursor.fetchone()[0])


def open_work(which: Filter, due_within: float) -> bool:
    """Tell whether something is leased, or will be claimable within so many seconds."""
    soon, values = which.sql(clock.now() + timedelta(seconds=due_within), apart=True)
    leased, lease_values = which.narrowed("j.state = 'leased'")
    sql = f"""SELECT EXISTS (SELECT 1 FROM jobs_job j WHERE {leased}) OR EXISTS (
        SELECT 1 FROM jobs_job j JOIN jobs_pool p ON p.name = j.pool AND p.paused_at IS NULL WHERE {soon})"""
    with connection.cursor() as cursor:
        cursor.execute(sql, [*lease_values, *values])
        return bool(cursor.fetchone()[0])
