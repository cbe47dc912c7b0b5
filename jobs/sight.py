"""Which pools a node leaves to others, because it does not see what their jobs work on."""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import timedelta

from jobs import clock
from jobs.models import Drain
from jobs.presence import SILENT_S

_checks: list[tuple[frozenset[str], Callable[[], bool]]] = []


def declare(pools: Collection[str], sees: Callable[[], bool]) -> None:
    """Have `sees` tell whether this node can do the jobs of these pools as well as any other."""
    _checks.append((frozenset(pools), sees))


def left_to_others(drain: Drain) -> frozenset[str]:
    """Write down to which pools the drain's node is blind; return those that another node can serve now.

    A node alone is asked nothing: that a disk is away has to be found out by the work itself.
    """
    fresh = clock.now() - timedelta(seconds=SILENT_S)
    workers = Drain.objects.filter(role=Drain.Role.WORKER, beat_at__gt=fresh).exclude(node=drain.node)
    others = list(workers.values_list("blind_to", flat=True))
    blind = sorted({pool for pools, sees in _checks if others and not sees() for pool in pools})
    if blind != drain.blind_to:
        Drain.objects.filter(pk=drain.pk).update(blind_to=blind)
        drain.blind_to = blind
    return frozenset(pool for pool in blind if any(pool not in theirs for theirs in others))
