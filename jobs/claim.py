"""Taking jobs: a plain look first, then one short transaction that keeps the pool's limit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper

from jobs import clock
from jobs.models import Pool
from jobs.ranking import CRITICAL_SQL
from jobs.registry import kinds

LEASE_S = 60
NO_LIMIT = 1_000_000_000


@dataclass(frozen=True, slots=True)
class Claim:
    """A job that is ours until its lease runs out; `token` guards every write about it."""

    job_id: int
    kind: str
    key: str
    pool: str
    priority: int
    origin: str
    attempts: int
    token: str


@dataclass(frozen=True, slots=True)
class Filter:
    """Which jobs a drain serves: all, or those of some kinds or one origin; and the ones to run alone."""

    kinds: Sequence[str] = ()
    origin: str = ""
    alone: bool = False

    def sql(self, now: datetime, *, apart: bool = False) -> tuple[str, list[Any]]:
        """Return the condition of a job `j` that can be claimed at `now`, with its parameters.

        With `apart` the jobs that run alone count too.
        """
        alone = "" if apart else f" AND {'' if self.alone else 'NOT '}j.alone"
        text, values = self.narrowed(
            f"j.state = 'ready' AND j.due_at <= %s{alone} "
            "AND j.needs NOT IN (SELECT source FROM jobs_hold WHERE until > %s)"
        )
        moment = clock.stored(now)
        return text, [moment, moment, *values]

    def narrowed(self, condition: str) -> tuple[str, list[Any]]:
        """Return `condition` about a job `j` with this filter added, and the filter's parameters."""
        values: list[Any] = [*self.kinds]
        if self.kinds:
            condition += f" AND j.kind IN ({', '.join(['%s'] * len(self.kinds))})"
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


def look(which: Filter = EVERYTHING) -> list[PoolLook]:
    """Return the pools that are not paused, without taking any lock."""
    due, values = which.sql(clock.now())
    work = f"EXISTS (SELECT 1 FROM jobs_job j WHERE j.pool = p.name AND {due}"
    sql = f"""SELECT p.name, p."limit",
        (SELECT count(*) FROM jobs_job l WHERE l.pool = p.name AND l.state = 'leased'),
        {work}), {work} AND j.{CRITICAL_SQL})
        FROM jobs_pool p WHERE p.paused_at IS NULL"""
    with connection.cursor() as cursor:
        cursor.execute(sql, values + values)
        return [PoolLook(name, limit, leases, bool(w), bool(c)) for name, limit, leases, w, c in cursor.fetchall()]


def claim(pool: str, want: int, *, token: str, which: Filter = EVERYTHING, critical: bool = False) -> list[Claim]:
    """Lease up to `want` due jobs of a pool within its limit, the best first.

    With `critical` only those a person asked for, beyond the limit. Paused pools give nothing.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        limit = _lock(cursor, pool)
        if limit is None:
            return []
        return _take(
            cursor, pool, want, limit=NO_LIMIT if critical else limit, token=token, which=which, critical=critical
        )


def open_work(which: Filter, due_within: float) -> bool:
    """Tell whether something is leased, or will be claimable within so many seconds."""
    soon, values = which.sql(clock.now() + timedelta(seconds=due_within), apart=True)
    leased, lease_values = which.narrowed("j.state = 'leased'")
    sql = f"""SELECT EXISTS (SELECT 1 FROM jobs_job j WHERE {leased}) OR EXISTS (
        SELECT 1 FROM jobs_job j JOIN jobs_pool p ON p.name = j.pool AND p.paused_at IS NULL WHERE {soon})"""
    with connection.cursor() as cursor:
        cursor.execute(sql, [*lease_values, *values])
        return bool(cursor.fetchone()[0])


def ensure_pools() -> None:
    """Make the rows of the pools that are still missing."""
    names = {*Pool.LIMITS, *(kind.pool for kind in kinds.values())}
    missing = names.difference(Pool.objects.values_list("name", flat=True))
    Pool.objects.bulk_create(
        [Pool(name=name, limit=Pool.LIMITS.get(name, 4)) for name in sorted(missing)], ignore_conflicts=True
    )


def _lock(cursor: CursorWrapper, pool: str) -> int | None:
    """Lock the pool's row and return its limit; SQLite's transaction already holds the only lock.

    Who counted leases in the statement that takes the lock would count before the others' commits.
    """
    sql = 'SELECT "limit" FROM jobs_pool WHERE name = %s AND paused_at IS NULL'
    if connection.vendor == "postgresql":
        cursor.execute("SET LOCAL synchronous_commit = off")  # a crash only makes a lease undone
        sql += " FOR UPDATE"
    cursor.execute(sql, [pool])
    row = cursor.fetchone()
    return row[0] if row else None


def _take(
    cursor: CursorWrapper, pool: str, want: int, *, limit: int, token: str, which: Filter, critical: bool
) -> list[Claim]:
    now = clock.now()
    due, values = which.sql(now)
    skip = " FOR UPDATE SKIP LOCKED" if connection.features.has_select_for_update_skip_locked else ""
    sql = f"""WITH picked AS (
            SELECT j.id FROM jobs_job j WHERE j.pool = %s AND {due}{f" AND j.{CRITICAL_SQL}" if critical else ""}
            ORDER BY j.rank LIMIT (
                SELECT CASE WHEN count(*) >= %s THEN 0 WHEN count(*) + %s > %s THEN %s - count(*) ELSE %s END
                FROM jobs_job l WHERE l.pool = %s AND l.state = 'leased'){skip})
        UPDATE jobs_job SET state = 'leased', leased_by = %s, leased_at = %s, leased_until = %s,
            attempts = attempts + 1, again = FALSE,
            done_units = NULL, total_units = NULL, unit = '', speed = NULL
        WHERE id IN (SELECT id FROM picked) AND state = 'ready'
        RETURNING id, kind, key, priority, origin, attempts, rank"""
    room: list[Any] = [limit, want, limit, limit, want, pool]
    lease: list[Any] = [token, clock.stored(now), clock.stored(now + timedelta(seconds=LEASE_S))]
    cursor.execute(sql, [pool, *values, *room, *lease])
    best_first = sorted(cursor.fetchall(), key=lambda row: row[-1])
    return [
        Claim(job_id, kind, key, pool, priority, origin, attempts, token)
        for job_id, kind, key, priority, origin, attempts, _ in best_first
    ]
