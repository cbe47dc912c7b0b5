"""The queue's own upkeep."""

from __future__ import annotations

import logging
from datetime import time
from itertools import islice

from jobs import presence, prune, reseeds, schedules
from jobs.models import Priority
from jobs.registry import handles
from jobs.works import seed

log = logging.getLogger(__name__)

schedules.declare("reseed", kind="jobs.reseed", every_s=60, priority=Priority.HIGH)
schedules.declare("prune", kind="jobs.prune", daily_at=time(4, 0), priority=Priority.LOW)


@handles("jobs.reseed", pool="upkeep", base=30, cap=300)
def reseed(key: str) -> None:
    """Make the jobs that should exist and do not, at most 2,000 a run; one app's error stops no other."""
    room = reseeds.MOST_A_MINUTE
    errors = []
    for name, works in reseeds.sources.items():
        try:
            room -= seed(list(islice(works(), room)))
        except Exception as error:
            log.exception("reseed of %s", name)
            errors.append(error)
    if errors:
        raise errors[0]


@handles("jobs.prune", pool="upkeep")
def prune_ended(key: str) -> None:
    """Forget ended jobs, old events and dead drains."""
    prune.prune()
    presence.forget_silent()
