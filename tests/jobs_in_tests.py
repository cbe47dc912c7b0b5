"""Running one job in a test, in the calling thread and through the same steps as a drain."""

from __future__ import annotations

import itertools

from zeal import zeal_ignore

from jobs import pools, queue
from jobs.claim import Claim
from jobs.models import Job
from jobs.perform import perform
from jobs.running import Running

_runs = itertools.count(1)


def job_for(kind: str, key: str) -> Job:
    """Return the newest job of that kind and key; raises Job.DoesNotExist."""
    with zeal_ignore():  # a test may look at its job as often as it likes
        return Job.objects.filter(kind=kind, key=str(key)).latest("pk")


def lease_job(kind: str, key: str) -> Running:
    """Take the open job (made if there is none, due or not) as a drain would."""
    pools.ensure()
    queue.seed([queue.Work(kind, str(key))])
    with zeal_ignore():
        job = Job.objects.get(kind=kind, key=str(key), state__in=Job.OPEN)
    token = f"test/{next(_runs)}"
    Job.objects.filter(pk=job.pk).update(state="leased", leased_by=token, attempts=job.attempts + 1, again=False)
    found = Claim(job.pk, kind, job.key, job.pool, job.priority, job.origin, job.attempts + 1, token)
    return Running(found)


def run_job(kind: str, key: str, *, raises: bool = True) -> Job:
    """Run one job to its end and return it.

    A handler's bug (anything but RetryLater, GiveUp and Interrupted) is raised again unless `raises` is
    False, so that a test does not pass over it.
    """
    running = lease_job(kind, str(key))
    perform(running)
    if raises and running.bug is not None:
        raise running.bug
    with zeal_ignore():
        return Job.objects.get(pk=running.job_id)
