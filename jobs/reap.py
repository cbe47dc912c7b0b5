"""Bringing jobs back whose worker is gone: at once on this node, otherwise when their lease runs out."""

from __future__ import annotations

import logging
from collections.abc import Iterable

from django.db.models import Q

from jobs import clock, lease, presence
from jobs.claim import Claim
from jobs.models import Job
from jobs.registry import rules_of

log = logging.getLogger(__name__)

GONE = "The process that worked on it ended in the middle."
OVERDUE = "It took longer than it may without a sign of life."


def reap() -> int:
    """Make lost jobs due again, each to run alone next, or `failed` at their limit; returns their number.

    The attempt stays counted: whoever takes the process along must come to rest some time.
    """
    lost = 0
    for job in _leases_of([drain.name for drain in presence.dead()]):
        lost += _bring_back(job, GONE)
    for job in Job.objects.filter(state=Job.State.LEASED, leased_until__lt=clock.now()):
        lost += _bring_back(job, OVERDUE)
    return lost


def _leases_of(drains: Iterable[str]) -> list[Job]:
    theirs = Q()
    for name in drains:
        theirs |= Q(leased_by__startswith=f"{name}/")
    return list(Job.objects.filter(theirs, state=Job.State.LEASED)) if theirs else []


def _bring_back(job: Job, reason: str) -> bool:
    log.warning("%s %s (attempt %s): %s", job.kind, job.key, job.attempts, reason)
    claim = Claim(job.pk, job.kind, job.key, job.pool, job.priority, job.origin, job.attempts, job.leased_by)
    if job.attempts >= rules_of(job.kind).attempts:
        return lease.fail(claim, reason, error_class="LeaseLost")
    return lease.lose(claim, reason, leased_until=job.leased_until)
