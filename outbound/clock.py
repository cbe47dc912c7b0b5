"""The one clock of the budget: monotonic on one node, the database's where several nodes share it."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

import psutil
from django.db import connection
from django.utils import timezone

DATABASE = "database"
RUNAWAY = 1.0  # seconds the database's clock may drift from ours between two looks


@dataclass(frozen=True, slots=True)
class Moment:
    """Now: `budget` in seconds of the grants' clock, `wall` for pauses and breakers (aware).

    `clock` names the grants' clock; `jumped` tells that it ran away since this process last looked.
    """

    budget: float
    wall: datetime
    clock: str
    jumped: bool = False


def now() -> Moment:
    """Return the present moment; on PostgreSQL this asks the database."""
    if connection.vendor != "postgresql":
        return Moment(time.monotonic(), timezone.now(), _boot_id())
    before = time.monotonic()
    with connection.cursor() as cursor:
        cursor.execute("SELECT extract(epoch FROM clock_timestamp())::float8")
        seconds: float = cursor.fetchone()[0]
    jumped = _drift.jumped(seconds, before, time.monotonic())
    return Moment(seconds, datetime.fromtimestamp(seconds, UTC), DATABASE, jumped)


class _Drift:
    """How far the database's clock lies from our monotonic one, watched for sudden changes."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._offset: float | None = None

    def jumped(self, seconds: float, before: float, after: float) -> bool:
        """Tell whether the clock left the span in which it must lie; slow drift is followed."""
        with self._lock:
            known, low, high = self._offset, seconds - after, seconds - before
            self._offset = (low + high) / 2 if known is None else min(max(known, low), high)
            return known is not None and not low - RUNAWAY <= known <= high + RUNAWAY


_drift = _Drift()


@cache
def _boot_id() -> str:
    """Return what tells this boot's monotonic clock from another's."""
    try:
        return Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii").strip()
    except OSError:
        return f"boot-{psutil.boot_time():.0f}"
