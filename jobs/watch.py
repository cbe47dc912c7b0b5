"""Looking after a drain's jobs: whose they are, how far they are, how long they may still take."""

from __future__ import annotations

import logging
import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from jobs import clock, lease, presence, reap, schedules, sight
from jobs.models import Drain, Job
from jobs.registry import rules_of
from jobs.running import Running

if TYPE_CHECKING:
    from jobs.drain import Tally

log = logging.getLogger(__name__)

MEMORY_LIMIT = 500 << 20
STUCK_S = 30  # a thread that does not end so long after it was told is left behind with its process


class Watch:
    """What a drain does beside claiming, each part at its own pace."""

    def __init__(self, row: Drain, running: dict[int, Running], tally: Tally) -> None:
        self.drains = 1
        self.left_to_others: frozenset[str] = frozenset()
        self.renew = False
        self._row = row
        self._running = running
        self._tally = tally
        self._next: dict[Callable[[], object], float] = {}

    def turn(self) -> None:
        """Do what is due."""
        self._every(60, clock.synchronise)
        self._every(1, self._look_at_own_jobs)
        self._every(5, schedules.take_due)
        self._every(3, self._count_drains)
        self._every(5, reap.reap)
        self._every(10, self._extend)
        self._every(10, self._heartbeat)

    def stuck(self) -> list[Running]:
        """Return the jobs whose thread did not end though it was told to."""
        late = time.monotonic() - STUCK_S
        return [job for job in list(self._running.values()) if job.told.is_set() and job.told_at < late]

    def _every(self, seconds: float, act: Callable[[], object]) -> None:
        now = time.monotonic()
        if now >= self._next.get(act, 0):
            self._next[act] = now + seconds
            act()

    def _look_at_own_jobs(self) -> None:
        """Tell jobs that were cancelled or taken over to stop; write the progress of the others."""
        jobs = dict(self._running)
        if not jobs:
            return
        ours = dict(Job.objects.filter(pk__in=jobs, state=Job.State.LEASED).values_list("pk", "leased_by"))
        for pk, job in jobs.items():
            if ours.get(pk) != job.token and not job.ended:
                job.tell_to_stop()
            else:
                job.write_progress()
        self.renew = self.renew or bool(self.stuck())

    def _extend(self) -> None:
        """Extend the jobs that beat lately or are within their kind's limit; the others run out."""
        now = time.monotonic()
        alive = [
            job
            for job in list(self._running.values())
            if not job.told.is_set() and now - max(job.beat, job.started) < rules_of(job.kind).limit
        ]
        if alive:
            lease.extend([job.job_id for job in alive], drain=self._row.name)

    def _heartbeat(self) -> None:
        memory = memory_bytes()
        Drain.objects.filter(pk=self._row.pk).update(
            beat_at=clock.now(), memory_bytes=memory, done=self._tally.done, errors=self._tally.failed
        )
        self.left_to_others = sight.left_to_others(self._row)
        if memory > MEMORY_LIMIT and self._row.role == Drain.Role.WORKER:  # nobody would replace another
            log.warning("this worker uses %d MB: it ends and a new one takes its place", memory >> 20)
            self.renew = True

    def _count_drains(self) -> None:
        self.drains = presence.live()


def memory_bytes() -> int:
    """Return the resident memory of this process; 0 where the kernel does not tell."""
    try:
        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    except OSError:
        return 0
    return pages * os.sysconf("SC_PAGE_SIZE")
