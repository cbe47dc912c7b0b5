"""What is not worked on now whatever its turn: pools that are paused, and sources that are out of reach."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import Value

from jobs import clock
from jobs.models import Hold, Job, Pool
from pages import moment


@dataclass(frozen=True, slots=True)
class Resting:
    """Names of paused pools, and of each source that rests until when and why."""

    pools: frozenset[str] = frozenset()
    holds: Mapping[str, tuple[datetime, str]] = field(default_factory=dict)

    def until(self, job: Job) -> datetime | None:
        """Return until when the source that a job needs is out of reach; None where it is not."""
        found = self.holds.get(job.needs)
        return found[0] if found and found[0] > clock.now() else None

    def reason(self, job: Job) -> str:
        """Return why the source that a job needs is out of reach, in its words."""
        found = self.holds.get(job.needs)
        return found[1] if found else ""


def resting() -> Resting:
    """Return what rests at this moment: one small query for all that a moment shows."""
    return moment.shared("resting", _read)


def _read() -> Resting:
    holds = Hold.objects.filter(until__gt=clock.now()).annotate(pool=Value(""))
    paused = Pool.objects.filter(paused_at__isnull=False).annotate(source=Value(""))
    rows = list(
        holds.values_list("source", "pool", "until", "reason").union(
            paused.values_list("source", "pk", "paused_at", "source"), all=True
        )
    )
    return Resting(
        frozenset(pool for _source, pool, _until, _reason in rows if pool),
        {source: (until, reason) for source, _pool, until, reason in rows if source},
    )
