"""Claims: eight processes take jobs in batches from one queue, on SQLite and on PostgreSQL."""

from __future__ import annotations

import multiprocessing
import os
import resource
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.db import OperationalError, connections

from benches.bars import at_most
from benches.household import Household
from benches.postgres import private_postgres
from jobs import claim, lease, look, pools, queue
from jobs.models import Job, Pool

PROCESSES, BATCH = 8, 20
LIMITS = {"metadata": 40, "inspect": 5}
FORK = multiprocessing.get_context("fork")


@dataclass(slots=True)
class Share:
    """What one process did."""

    claimed: list[int] = field(default_factory=list)
    locked: int = 0
    most: Counter[str] = field(default_factory=Counter)
    cpu_s: float = 0


def run(arguments: list[str]) -> dict[str, Any]:
    """Work off some thousand jobs on each database that is installed; `sqlite` or `postgres` choose one."""
    chosen = [name for name in ("sqlite", "postgres") if name in arguments] or ["sqlite", "postgres"]
    figures: dict[str, float] = {}
    bars: dict[str, Any] = {}
    for name in chosen:
        with ExitStack() as stack:
            folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
            url = stack.enter_context(private_postgres()) if name == "postgres" else ""
            stack.enter_context(Household(folder, url).open())
            _measure(name, figures, bars)
    return {"figures": figures, "bars": bars}


def _measure(name: str, figures: dict[str, float], bars: dict[str, Any], jobs: int = 8_000) -> None:
    pools.ensure()
    for pool, limit in LIMITS.items():
        Pool.objects.filter(name=pool).update(limit=limit)
    kinds = ("bench.quick", "bench.stubborn")
    queue.enqueue(*(queue.Work(kinds[number % 10 == 0], f"claim:{number}") for number in range(jobs)))
    start = time.monotonic()
    shares = _work_off()
    seconds = time.monotonic() - start
    claimed = Counter(job for share in shares for job in share.claimed)
    passed = max(share.most[pool] - limit for share in shares for pool, limit in LIMITS.items())
    figures[f"{name}_jobs_a_second"] = jobs / seconds
    figures[f"{name}_most_leases"] = max(share.most["metadata"] for share in shares)
    bars[f"{name}_doubles"] = at_most(sum(count - 1 for count in claimed.values()), 0)
    bars[f"{name}_locked"] = at_most(sum(share.locked for share in shares), 0)
    bars[f"{name}_leases_beyond_a_limit"] = at_most(max(passed, 0), 0)
    bars[f"{name}_left_undone"] = at_most(Job.objects.exclude(state=Job.State.DONE).count(), 0)
    bars[f"{name}_cpu_ms_a_job"] = at_most(1000 * sum(share.cpu_s for share in shares) / jobs, 1)


def _work_off() -> Sequence[Share]:
    """Fork the workers and gather what they did."""
    connections.close_all()
    answers = FORK.SimpleQueue()
    workers = [FORK.Process(target=_worker, args=(answers,)) for _ in range(PROCESSES)]
    for worker in workers:
        worker.start()
    shares = [answers.get() for _ in workers]
    for worker in workers:
        worker.join()
    return shares


def _worker(answers: Any) -> None:
    share = Share()
    used = resource.getrusage(resource.RUSAGE_SELF)
    count = 0
    while looks := [pool for pool in look.look() if pool.has_work]:
        for pool in looks:
            count += 1
            try:
                _batch(share, pool.name, f"bench-{os.getpid()}/{count}")
            except OperationalError as error:
                share.locked += "locked" in str(error)
    now = resource.getrusage(resource.RUSAGE_SELF)
    share.cpu_s = now.ru_utime + now.ru_stime - used.ru_utime - used.ru_stime
    answers.put(share)


def _batch(share: Share, pool: str, token: str) -> None:
    """Claim a batch and end it, having counted all leases of the pool meanwhile."""
    claimed = claim.claim(pool, BATCH, token=token)
    if not claimed:
        time.sleep(0.002)
        return
    leases = Job.objects.filter(pool=pool, state=Job.State.LEASED).count()
    share.most[pool] = max(share.most[pool], leases)
    share.claimed += [job.job_id for job in claimed]
    for job in claimed:
        if not lease.finish(job):
            share.claimed.append(job.job_id)
