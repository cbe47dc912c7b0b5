"""The rows of the pools, and jobs of an older version brought in line with the kinds of this one."""

from __future__ import annotations

from jobs.models import Job, Pool
from jobs.registry import kinds


def ensure() -> None:
    """Make the rows that are missing; have open jobs wait in their kind's pool, for their kind's source."""
    names = {*Pool.LIMITS, *(kind.pool for kind in kinds.values())}
    missing = names.difference(Pool.objects.values_list("name", flat=True))
    Pool.objects.bulk_create(
        [Pool(name=name, limit=Pool.LIMITS.get(name, 4)) for name in sorted(missing)], ignore_conflicts=True
    )
    waiting = Job.objects.filter(state__in=[Job.State.READY, Job.State.FAILED])
    for name, pool, needs in set(waiting.values_list("kind", "pool", "needs").distinct()):
        kind = kinds.get(name)
        if kind and (kind.pool, kind.needs) != (pool, needs):
            waiting.filter(kind=name, pool=pool, needs=needs).update(pool=kind.pool, needs=kind.needs)
