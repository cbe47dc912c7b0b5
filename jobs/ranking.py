"""Who goes first: due time plus patience, so that waiting ages a job without rewriting it."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Case, FloatField, Value, When

PATIENCE_S = (-10_000_000_000, 60, 600, 3_600, 21_600)  # by priority; CRITICAL stands before all
CRITICAL = 0.0  # no rank of another priority is below


def rank(priority: int, due_at: datetime) -> float:
    """Return the place in the line, seconds of the epoch; smaller goes first."""
    return due_at.timestamp() + PATIENCE_S[priority]


def latest_rank(now: datetime) -> float:
    """Return the rank that nothing due by `now` exceeds, so that a look need not read on."""
    return now.timestamp() + max(PATIENCE_S)


def patience() -> Case:
    """Return the patience of the row's own priority, which another process may have bettered meanwhile."""
    return Case(
        *(When(priority=priority, then=Value(float(seconds))) for priority, seconds in enumerate(PATIENCE_S)),
        output_field=FloatField(),
    )
