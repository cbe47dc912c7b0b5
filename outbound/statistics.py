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

from jobs.errors import Interrupted
from outbound import budget
from outbound.errors import Forbidden
from outbound.models import Source, SourceHour

log = logging.getLogger(__name__)

BATCH, EVERY = 50, 5.0  # attempts, seconds: what comes first is written


@dataclass(frozen=True, slots=True)
class Outcome:
    """How one attempt ended: `failure` is what flew out, None after a success."""

    failure: type[BaseException] | None
    size: int
    seconds: float
    waited: float
    is_retry: bool

    @property
    def was_sent(self) -> bool:
        """Whether anything went out: our own guard stops a request before."""
        return self.failure is None or not issubclass(self.failure, Forbidden)


@dataclass(slots=True)
class Sums:
    """What one source did in one hour and is not written yet."""

    numbers: Counter[str] = field(default_factory=Counter)
    failures: Counter[str] = field(default_factory=Counter)
    seconds: float = 0.0
    wait_seconds: float = 0.0

    def add(self, outcome: Outcome) -> None:
        """Count one attempt; one that was told to stop is neither success nor failure."""
        failure = outcome.failure
        self.numbers.update(attempts=1, successes=failure is None, retries=outcome.is_retry, bytes=outcome.size)
        if failure is not None and not issubclass(failure, Interrupted):
            self.failures[failure.__name__] += 1
        self.seconds += outcome.seconds
        self.wait_seconds += outcome.waited


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

    def end(self, source: str, outcome: Outcome) -> None:
        """Add an attempt that ended; what was never sent is not counted."""
        hour = timezone.now().replace(minute=0, second=0, microsecond=0)
        with self._lock:
            self._under_way -= 1
            if outcome.was_sent:
                self._sums.setdefault((source, hour), Sums()).add(outcome)
                self._gathered += 1
            else:
                self.sent -= 1
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
        seconds = time.monotonic() - self._started
        tally.end(self.source, Outcome(kind, self.size, seconds, self.waited, self.is_retry))


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
