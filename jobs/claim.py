"""Taking jobs: a plain look first, then one short transaction that keeps the pool's limit."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper

from jobs import clock
from jobs.look import EVERYTHING, Filter
from jobs.ranking import CRITICAL

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


def claim(pool: str, want: int, *, token: str, which: Filter = EVERYTHING, critical: bool = False) -> list[Claim]:
    """Lease up to `want` due jobs of a pool within its limit, the best first.

    With `critical` only those a person asked for, beyond the limit. Paused pools give nothing.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        limit = _lock(cursor, pool)
        if limit is None:
            return []
        if critical:
            return _take(cursor, pool, want, limit=NO_LIMIT, token=token, which=which, latest=CRITICAL)
        return _take(cursor, pool, want, limit=limit, token=token, which=which)


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
    cursor: CursorWrapper, pool: str, want: int, *, limit: int, token: str, which: Filter, latest: float | None = None
) -> list[Claim]:
    now = clock.now()
    due, values = which.sql(now, latest=latest)
    skip = " FOR UPDATE SKIP LOCKED" if connection.features.has_select_for_update_skip_locked else ""
    sql = f"""WITH picked AS (
            SELECT j.id FROM jobs_job j WHERE j.pool = %s AND {due}
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
