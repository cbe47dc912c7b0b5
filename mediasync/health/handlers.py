"""The jobs that look after everything."""

from __future__ import annotations

from jobs import schedules
from jobs.models import Priority
from jobs.registry import handles
from mediasync.health import looking
from outbound import services, skew

EVERYTHING = "everything"

schedules.declare("health checks", kind="health.look", every_s=300, priority=Priority.LOW)


@handles("health.look", pool="upkeep", base=60, cap=600)
def look(key: str) -> None:
    """Measure what is due (with the key "everything" all), and write down what has changed."""
    looking.look(deep=key == EVERYTHING)


@handles("health.source", pool="upkeep", base=60, attempts=1)
def test_source(key: str) -> None:
    """Ask a service once; its breaker, pauses and clock learn from the answer."""
    name = key.partition(":")[2]
    skew.forget(name)
    services.test(name)
    looking.look(deep=False)
