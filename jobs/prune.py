"""Forgetting what is over: ended jobs, expired holds, old events."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import timedelta

from django.db import models

from jobs import clock, running
from jobs.models import Hold, Job
from journal.models import Event

ROWS = 500  # a delete holds SQLite's only write lock for about 10 ms
REST_S = 0.02
KEEP_ENDED = timedelta(days=7)
KEEP_UPKEEP = timedelta(days=1)  # a reseed each minute would be most of the history
KEEP_AT_MOST = 50_000
KEEP_EVENTS = timedelta(days=365)


def prune() -> int:
    """Delete ended jobs after 7 days (at most 50,000 are kept) and events after a year; returns how many rows."""
    now = clock.now()
    ended = Job.objects.filter(ended_at__isnull=False)
    newest = ended.order_by("-ended_at").values_list("ended_at", flat=True)[KEEP_AT_MOST : KEEP_AT_MOST + 1].first()
    before = max(now - KEEP_ENDED, newest) if newest else now - KEEP_ENDED
    Hold.objects.filter(until__lt=now).delete()
    return sum(
        (
            _in_pieces(lambda: ended.filter(ended_at__lte=before)),
            _in_pieces(lambda: ended.filter(pool="upkeep", ended_at__lt=now - KEEP_UPKEEP)),
            _in_pieces(lambda: Event.objects.filter(at__lt=now - KEEP_EVENTS)),
        )
    )


def _in_pieces(rows: Callable[[], models.QuerySet[models.Model]]) -> int:
    """Delete a set in short transactions, with rests in which others can write."""
    deleted = 0
    while pks := list(rows().order_by("pk").values_list("pk", flat=True)[:ROWS]):
        model = rows().model
        deleted += model._default_manager.filter(pk__in=pks).delete()[0]
        running.beat(done=deleted, unit="rows")
        running.check()
        time.sleep(REST_S)
    return deleted
