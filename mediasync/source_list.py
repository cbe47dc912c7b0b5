"""What the Sources page shows: per source its standing, its budget, its use of late, and who waits for it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db.models import Count, F, FloatField, Value
from django.db.models.expressions import ExpressionWrapper
from django.db.models.functions import Floor

from jobs.models import IS_OPEN, Job
from mediasync import context
from mediasync.source_why import rule_of, rules_of
from outbound.models import Grant, Source, SourceHour
from pages.live import revision_of
from pages.stored import translated

MINUTES, HOURS = 60, 24
TROUBLED = ("open", "due", "no_key", "paused", "half_open")


@dataclass(slots=True)
class Reading:
    """A source at this moment. `minutes` and `hours` are requests, the oldest first."""

    source: Any
    rules: str
    said: str
    minutes: Sequence[int] = field(default=())
    hours: Sequence[int] = field(default=())
    successes: int = 0
    failures: dict[str, int] = field(default_factory=dict)
    waiting: int = 0
    running: int = 0

    @property
    def last_hour(self) -> int:
        """Requests within the last hour."""
        return sum(self.minutes)

    @property
    def attempts(self) -> int:
        """Requests within the last 24 hours."""
        return sum(self.hours)

    @property
    def share(self) -> float | None:
        """Percent of them that were answered well; None where nothing was asked."""
        return 100 * self.successes / self.attempts if self.attempts else None

    @property
    def troubled(self) -> bool:
        """Whether it rests or waits for somebody."""
        return self.source.shown in TROUBLED

    @property
    def revision(self) -> tuple[Any, ...]:
        """Changes whenever it would look different."""
        source = self.source
        told = (source.name, source.shown, source.until, source.free, source.failures, source.last_error, self.rules)
        return *told, source.tested_at, *self.minutes, *self.hours, self.successes, self.waiting, self.running


@dataclass(frozen=True, slots=True)
class Sources:
    """All of them, and what stands on top of the page."""

    readings: list[Reading]
    threshold: int

    @property
    def revision(self) -> str:
        """Changes whenever the page would look different."""
        return revision_of([reading.revision for reading in self.readings])

    @property
    def troubled(self) -> list[Reading]:
        """Those that rest or wait for somebody."""
        return [reading for reading in self.readings if reading.troubled]

    @property
    def keyless(self) -> list[Reading]:
        """Those that nobody asks, since there is no key; that is no trouble."""
        return [reading for reading in self.readings if reading.source.shown == "keyless"]

    @property
    def well(self) -> int:
        """How many answer."""
        return len(self.readings) - len(self.troubled) - len(self.keyless)

    @property
    def last_trouble(self) -> Source | None:
        """The source that failed last."""
        failed = [reading.source for reading in self.readings if reading.source.last_error_at]
        return max(failed, key=lambda source: source.last_error_at, default=None)

    @property
    def busy(self) -> bool:
        """Whether something moves, so that it is looked at more often."""
        return any(reading.running or reading.troubled for reading in self.readings)


def read(name: str = "") -> Sources:
    """Return every source, or one; the rows themselves come with the frame, the rest in three queries."""
    wire = context.wire()
    sources, moment = [source for source in wire.sources if name in ("", source.name)], wire.moment
    minutes, hours, jobs = _minutes(moment.budget), _hours(moment.wall), _jobs()
    return Sources(
        [_reading(source, minutes, hours.get(source.name, []), jobs, moment.wall) for source in sources],
        settings.CIRCUIT_BREAKER_THRESHOLD,
    )


def hours_of(name: str, *, most: int) -> list[SourceHour]:
    """Return the counters of one source, the newest hour first; in each the failures that came most often first."""
    rows = list(SourceHour.objects.filter(source=name).order_by("-hour")[:most])
    for row in rows:
        row.failures = dict(Counter(row.failures).most_common())  # a database keeps an order of its own
    return rows


def _reading(
    source: Any,
    minutes: Counter[tuple[str, int]],
    hours: list[SourceHour],
    jobs: Counter[tuple[str, str]],
    now: datetime,
) -> Reading:
    first = _hour(now) - timedelta(hours=HOURS - 1)
    by_hour = {_hour(row.hour): row.attempts for row in hours}
    failures: Counter[str] = Counter()
    for row in hours:
        failures.update(row.failures)
    return Reading(
        source=source,
        rules=rules_of(source),
        said=rule_of(source, source.shown, translated(source.why or source.last_error)),
        minutes=[minutes[source.name, minute] for minute in range(MINUTES)],
        hours=[by_hour.get(first + timedelta(hours=place), 0) for place in range(HOURS)],
        successes=sum(row.successes for row in hours),
        failures=dict(failures.most_common()),
        waiting=jobs[source.name, "ready"],
        running=jobs[source.name, "leased"],
    )


def _minutes(now: float) -> Counter[tuple[str, int]]:
    """Return how many requests each source was sent in each minute of the last hour, 0 being the oldest."""
    began = now - MINUTES * 60
    ago = ExpressionWrapper((F("taken_at") - Value(began)) / Value(60.0), output_field=FloatField())
    rows = Grant.objects.filter(arrived_by__gt=began, taken_at__gt=began).order_by()
    counted = rows.annotate(minute=Floor(ago)).values_list("source_id", "minute").annotate(n=Count("pk"))
    return Counter({(name, min(MINUTES - 1, int(minute))): many for name, minute, many in counted})


def _hours(now: datetime) -> dict[str, list[SourceHour]]:
    found: dict[str, list[SourceHour]] = {}
    for row in SourceHour.objects.filter(hour__gte=_hour(now) - timedelta(hours=HOURS - 1)):
        found.setdefault(row.source_id, []).append(row)
    return found


def _jobs() -> Counter[tuple[str, str]]:
    rows = Job.objects.filter(IS_OPEN, state__in=("ready", "leased")).exclude(needs="").order_by()
    return Counter({(name, state): n for name, state, n in rows.values_list("needs", "state").annotate(n=Count("pk"))})


def _hour(moment: datetime) -> datetime:
    return moment.replace(minute=0, second=0, microsecond=0)
