"""The queue as a list: what is open, by pool and state, and what has ended."""

from __future__ import annotations

from dataclasses import dataclass, replace

from django.db.models import BooleanField, Case, Count, Q, QuerySet, Value, When
from django.db.models.expressions import RawSQL

from jobs.models import Job, Pool
from pages.query import ListQuery, one_of

# With the words of the index' own condition: bound parameters would hide that it applies.
OPEN = RawSQL("state IN ('ready', 'leased', 'failed')", [], output_field=BooleanField())
STATES = ("leased", "failed", "waiting", "ready", "done", "cancelled")
ENDED = ("done", "cancelled")


@dataclass(frozen=True, slots=True)
class QueueQuery(ListQuery):
    """What the address of the Queue asks for. `waiting`: ready, but tried before."""

    pool: str = ""
    state: str = one_of(STATES)
    per: int = 24

    def within(self, pools: set[str]) -> QueueQuery:
        """Return the query without a pool that does not exist."""
        return self if not self.pool or self.pool in pools else replace(self, pool="")

    def jobs(self) -> QuerySet[Job]:
        """Return the jobs asked for: running ones first, then those that need a person, then by rank."""
        found = Job.objects.filter(state=self.state) if self.state in ENDED else Job.objects.filter(OPEN)
        if self.pool:
            found = found.filter(pool=self.pool)
        if self.state == "waiting":
            found = found.filter(state="ready", attempts__gt=0)
        elif self.state == "ready":
            found = found.filter(state="ready", attempts=0)
        elif self.state:
            found = found.filter(state=self.state)
        if self.state in ENDED:
            return found.order_by("-ended_at", "-id")
        first = Case(When(state="leased", then=Value(0)), When(state="failed", then=Value(1)), default=Value(2))
        return found.order_by(first, "rank", "id")


def open_counts() -> dict[str, dict[str, int]]:
    """Return how many open jobs each pool has: {"metadata": {"ready": 3, "waiting": 1, …}}."""
    tried = Count("pk", filter=Q(state="ready", attempts__gt=0))
    counts: dict[str, dict[str, int]] = {}
    for pool, state, many, waiting in (
        Job.objects.filter(OPEN).values_list("pool", "state").annotate(many=Count("pk"), waiting=tried)
    ):
        found = counts.setdefault(pool, dict.fromkeys(("ready", "waiting", "leased", "failed"), 0))
        found[state] += many - waiting
        found["waiting"] += waiting
    return counts


def pools() -> list[Pool]:
    """Return the pools in their order."""
    return list(Pool.objects.order_by("name"))
