"""Putting work into the queue: raw upserts, so that any number of jobs costs a few statements."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.db import connection, transaction

from jobs import clock
from jobs.models import Priority
from jobs.ranking import rank
from jobs.registry import kinds

ROWS_A_STATEMENT = 500
OPEN = "(kind, key) WHERE state IN ('ready', 'leased', 'failed')"
INSERT = """INSERT INTO jobs_job (
    kind, key, pool, needs, origin, priority, rank, due_at, reason, created_at,
    state, again, alone, leased_by, attempts, last_error, error_class, unit) VALUES """
ROW = "(%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, 'ready', FALSE, FALSE, '', 0, '', '', '')"
# A lease has used up its due time: the first change while it runs sets the next one.
FRESH = "(jobs_job.state = 'failed' OR jobs_job.state = 'leased' AND NOT jobs_job.again)"
ENQUEUE = f""" ON CONFLICT {OPEN} DO UPDATE SET
    priority = CASE WHEN excluded.priority < jobs_job.priority THEN excluded.priority ELSE jobs_job.priority END,
    due_at = CASE WHEN {FRESH} OR excluded.due_at < jobs_job.due_at THEN excluded.due_at ELSE jobs_job.due_at END,
    rank = CASE WHEN {FRESH} OR excluded.rank < jobs_job.rank THEN excluded.rank ELSE jobs_job.rank END,
    origin = CASE WHEN excluded.origin <> '' THEN excluded.origin ELSE jobs_job.origin END,
    reason = CASE WHEN excluded.reason <> '' THEN excluded.reason ELSE jobs_job.reason END,
    attempts = CASE WHEN jobs_job.state = 'failed' THEN 0 ELSE jobs_job.attempts END,
    again = jobs_job.state = 'leased',
    state = CASE WHEN jobs_job.state = 'failed' THEN 'ready' ELSE jobs_job.state END"""
SEED = f" ON CONFLICT {OPEN} DO NOTHING"


@dataclass(frozen=True, slots=True)
class Work:
    """Something to do about a thing; pool and source come from the registered kind."""

    kind: str
    key: str
    priority: int = Priority.MEDIUM
    reason: str = ""
    origin: str = ""
    due_at: datetime | None = None


def enqueue(*works: Work) -> int:
    """Say that something happened: each becomes a job or betters, renews or revives the open one.

    Belongs last in the transaction that makes the work. Returns the number of jobs. Raises
    LookupError where nobody handles a kind.
    """
    return _insert(works, ENQUEUE)


def seed(works: Iterable[Work]) -> int:
    """Insert jobs only where nothing is open; returns how many were missing."""
    return _insert(works, SEED)


def _insert(works: Iterable[Work], on_conflict: str) -> int:
    """Insert in one order everywhere (kind, key), so that no two transactions wait for each other."""
    ordered = sorted(_merged(works), key=lambda work: (work.kind, work.key))
    written = 0
    with transaction.atomic(), connection.cursor() as cursor:
        for chunk in _chunks(ordered):
            values = ", ".join([ROW] * len(chunk))
            cursor.execute(INSERT + values + on_conflict, [field for work in chunk for field in _row(work)])
            written += cursor.rowcount
    return written


def _merged(works: Iterable[Work]) -> Iterable[Work]:
    """Make one of the works of a key: PostgreSQL refuses to touch a row twice in a statement."""
    found: dict[tuple[str, str], Work] = {}
    for work in works:
        other = found.get((work.kind, work.key))
        found[work.kind, work.key] = _better(other, work) if other else work
    return found.values()


def _better(first: Work, second: Work) -> Work:
    """Return the later work with the better priority and the earlier due time of both."""
    due = min(first.due_at, second.due_at) if first.due_at and second.due_at else None
    return replace(second, priority=min(first.priority, second.priority), due_at=due)


def _chunks(works: Sequence[Work]) -> Iterator[Sequence[Work]]:
    for start in range(0, len(works), ROWS_A_STATEMENT):
        yield works[start : start + ROWS_A_STATEMENT]


def _row(work: Work) -> tuple[Any, ...]:
    kind = kinds.get(work.kind)
    if kind is None:
        raise LookupError(f"nobody handles {work.kind}")
    now = clock.now()
    due = work.due_at or now
    return (
        work.kind,
        work.key,
        kind.pool,
        kind.needs,
        work.origin,
        int(work.priority),
        rank(work.priority, due),
        clock.stored(due),
        work.reason,
        clock.stored(now),
    )
