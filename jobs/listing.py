"""The queue as a list: what is open, by pool and state, and what has ended."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any
from urllib.parse import urlencode

from django.db.models import BooleanField, Case, Count, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.expressions import RawSQL
from django.utils import timezone

from jobs.models import Hold, Job, Pool

# With the words of the index' own condition: bound parameters would hide that it applies.
OPEN = RawSQL("state IN ('ready', 'leased', 'failed')", [], output_field=BooleanField())
STATES = ("leased", "failed", "waiting", "ready", "done", "cancelled")
ENDED = ("done", "cancelled")
PER = (24, 48, 96)


@dataclass(frozen=True, slots=True)
class QueueQuery:
    """What the address asks for; wrong values became defaults. `waiting`: ready, but tried before."""

    pool: str = ""
    state: str = ""
    page: int = 1
    per: int = 48

    @classmethod
    def parse(cls, given: Mapping[str, str], pools: set[str]) -> QueueQuery:
        """Return the query of a querystring."""
        pool, state = given.get("pool", ""), given.get("state", "")
        page, per = given.get("page", ""), given.get("per", "")
        return cls(
            pool=pool if pool in pools else "",
            state=state if state in STATES else "",
            page=int(page) if page.isascii() and page.isdigit() and len(page) < 9 else 1,
            per=int(per) if per in {str(size) for size in PER} else cls().per,
        )

    def address(self, **changes: Any) -> str:
        """Return the querystring that says the same with `changes`; defaults are left out."""
        wanted, plain = asdict(replace(self, **{"page": 1, **changes})), asdict(QueueQuery())
        return "?" + urlencode({name: value for name, value in wanted.items() if value != plain[name]})

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
        return with_holds(found).order_by(first, "rank", "id")


def with_holds(jobs: QuerySet[Job]) -> QuerySet[Job]:
    """Annotate `held_until` and `held_reason` where the source a job needs is out of reach."""
    hold = Hold.objects.filter(source=OuterRef("needs"), until__gt=timezone.now())
    return jobs.annotate(held_until=Subquery(hold.values("until")[:1]), held_reason=Subquery(hold.values("reason")[:1]))


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
