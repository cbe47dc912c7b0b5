"""Counters per source and hour, gathered in this process and written in batches."""

from __future__ import annotations

import logging
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime

from django.db import DatabaseError
from django.utils import timezone

from outbound import budget
from outbound.models import Source, SourceHour

log = logging.getLogger(__name__)

BATCH, EVERY = 50, 5.0  # attempts, seconds: what comes first is written


@dataclass(slots=True)
class Sums:
    """What one source did in one hour and is not written yet."""

    numbers: Counter[str] = field(default_factory=Counter)
    failures: Counter[str] = field(default_factory=Counter)
    seconds: float = 0.0
    wait_seconds: float = 0.0


class Tally:
    """The sums of this process. The last request of a burst writes them, so nothing is left lying."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._sums: dict[tuple[str, datetime], Sums] = {}
        self._gathered = 0
        self._under_way = 0
        self._flushed_at = time.monotonic()
        self.sent = 0

    def begin(self) -> None:
        """Count an attempt that is under way."""
        with self._lock:
            self._under_way += 1
            self.sent += 1

    def end(self, source: str, *, failure: str, size: int, seconds: float, waited: float, is_retry: bool) -> None:
        """Add an attempt that ended; `failure` is its class, empty after a success."""
        hour = timezone.now().replace(minute=0, second=0, microsecond=0)
        with self._lock:
            sums = self._sums.setdefault((source, hour), Sums())
            sums.numbers.update(attempts=1, successes=not failure, retries=is_retry, bytes=size)
            sums.failures.update([failure] if failure else [])
            sums.seconds += seconds
            sums.wait_seconds += waited
            self._under_way -= 1
            self._gathered += 1
            due = self._under_way == 0 or self._gathered >= BATCH or time.monotonic() - self._flushed_at > EVERY
        if due:
            self.flush()

    def flush(self) -> None:
        """Write what was gathered; what cannot be written now stays for the next time."""
        with self._lock:
            sums, self._sums, self._gathered = self._sums, {}, 0
            self._flushed_at = time.monotonic()
        for (source, hour), found in sorted(sums.items(), key=lambda item: item[0]):
            try:
                _add(source, hour, found)
            except DatabaseError as error:
                log.warning("Counters of %s were not written yet: %s", source, error)
                self._keep((source, hour), found)

    def _keep(self, key: tuple[str, datetime], found: Sums) -> None:
        with self._lock:
            sums = self._sums.setdefault(key, Sums())
            sums.numbers += found.numbers
            sums.failures += found.failures
            sums.seconds += found.seconds
            sums.wait_seconds += found.wait_seconds


class Meter:
    """Counts one attempt: its `size` in bytes is set inside the block, its failure is what flies out."""

    def __init__(self, source: str, *, waited: float, is_retry: bool) -> None:
        self.source, self.waited, self.is_retry = source, waited, is_retry
        self.size = 0
        self._started = 0.0

    def __enter__(self) -> Meter:
        tally.begin()
        self._started = time.monotonic()
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        tally.end(
            self.source,
            failure=kind.__name__ if kind else "",
            size=self.size,
            seconds=time.monotonic() - self._started,
            waited=self.waited,
            is_retry=self.is_retry,
        )


def sent_by_this_process() -> int:
    """Return how many requests this process has sent, all sources, retries and redirects included."""
    return tally.sent


def requests_sent(since: datetime) -> int:
    """Return how many requests all processes sent since then: exact for the last hour, else by whole hours."""
    moment = budget.now()
    if (moment.wall - since).total_seconds() <= budget.KEPT:
        return budget.sent_since(since, moment)
    tally.flush()
    first = since.replace(minute=0, second=0, microsecond=0)
    return sum(SourceHour.objects.filter(hour__gte=first).values_list("attempts", flat=True))


def _add(source: str, hour: datetime, sums: Sums) -> None:
    with budget.relaxed():
        if not Source.objects.select_for_update().filter(pk=source).exists():
            return  # removed meanwhile
        row = SourceHour.objects.filter(source=source, hour=hour).first() or SourceHour(source_id=source, hour=hour)
        for name, number in sums.numbers.items():
            setattr(row, name, getattr(row, name) + number)
        row.failures = dict(Counter(row.failures) + sums.failures)
        row.seconds += sums.seconds
        row.wait_seconds += sums.wait_seconds
        row.save()


tally = Tally()
