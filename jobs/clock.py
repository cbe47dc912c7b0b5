"""The queue's clock: the database's where several nodes share one, otherwise our own."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.db import connection
from django.utils import timezone

_ahead = timedelta()  # how far the database's clock is ahead of ours


def now() -> datetime:
    """Return the queue's time, aware."""
    return timezone.now() + _ahead


def synchronise() -> None:
    """Learn how far PostgreSQL's clock is from ours; processes that live long do so every minute."""
    global _ahead  # noqa: PLW0603  one clock a process
    if connection.vendor != "postgresql":
        return
    with connection.cursor() as cursor:
        before = timezone.now()
        cursor.execute("SELECT clock_timestamp()")
        after = timezone.now()
        theirs: datetime = cursor.fetchone()[0]
    _ahead = theirs - (before + (after - before) / 2)


def stored(moment: datetime) -> Any:
    """Return `moment` as raw SQL of this database takes it."""
    return connection.ops.adapt_datetimefield_value(moment)
