"""A drain: serves all pools of the queue with its threads, as long as its process lives."""

from __future__ import annotations

import itertools
import math
import os
import threading
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

from django.db import Error as DatabaseError
from django.db import close_old_connections

from jobs import alone, claim, clock, lease, look, pools, presence, stopping
from jobs.alone import AloneProcess
from jobs.look import Filter, PoolLook
from jobs.models import Drain as DrainRow
from jobs.outage import Outage
from jobs.perform import Outcome, perform
from jobs.running import Running
from jobs.threads import Threads
from jobs.thrift import Thrift
from jobs.watch import Watch

LOOK_S = 0.2
IDLE_LOOK_S = 0.4  # once there was nothing to do for a while; the drains of a cluster look in turns
IDLE_AFTER_S = 5
GRACE_S = 0.5  # for what is in flight when a stop is asked for
SHUT_S = 0.3  # for threads to notice that their sockets are shut
DATABASE_PAUSE_S = 1


@dataclass(slots=True)
class Tally:
    """How many runs ended in which way."""

    done: int = 0
    failed: int = 0
    put_off: int = 0
    lost: int = 0

    @property
    def runs(self) -> int:
        """How many runs there were in all."""
        return self.done + self.failed + self.put_off + self.lost

    def count(self, outcome: Outcome) -> None:
        """Add one run."""
        name = {Outcome.DONE: "done", Outcome.FAILED: "failed", Outcome.PUT_OFF: "put_off"}.get(outcome, "lost")
        setattr(self, name, getattr(self, name) + 1)


class Drain:
    """Claims for free threads only and hands each job to one; its own thread does the looking after."""

    def __init__(
        self, role: str = DrainRow.Role.WORKER, *, ticket: str = "", which: Filter = look.EVERYTHING, most: int = 0
    ) -> None:
        clock.synchronise()
        self.tally = Tally()
        self.row = presence.register(role, ticket=ticket)
        self.running: dict[int, Running] = {}
        self.watch = Watch(self.row, self.running, self.tally)
        self.which = which
        self._most = most  # threads in all; 0: as many as the shares of the pools
        self._count = itertools.count(1)
        self._extra: Running | None = None
        self._lock = threading.Lock()
        self._wake = threading.Event()
        self._threads = Threads()
        self._thrift = Thrift()
        self._outage = Outage()

    def serve(self, until: Callable[[], bool] = stopping.asked) -> None:
        """Work until `until()`, or until the watch wants a new process; then leave in about a second."""
        try:
            while not until() and not self.watch.renew:
                self.turn()
                self._wake.wait(LOOK_S if self._thrift.quiet_s < IDLE_AFTER_S else IDLE_LOOK_S)
                self._wake.clear()
        finally:
            self.leave()

    def turn(self) -> None:
        """Look for work once and look after what runs; a database that is away is waited for."""
        try:
            self.watch.turn()
            self._claim_all()
            self._thrift.look(runs=self.tally.runs, busy=bool(self.running))
            self._outage.over()
        except DatabaseError as error:
            self._outage.tell(error)
            close_old_connections()
            time.sleep(DATABASE_PAUSE_S)

    def leave(self) -> None:
        """Finish what ends by itself, cut the rest, give back its leases and forget the drain."""
        while self.watch.renew and self.running and not stopping.asked() and not self.watch.stuck():
            self.watch.turn()
            time.sleep(LOOK_S)
        self._await_threads(GRACE_S)
        for job in self._snapshot():
            job.tell_to_stop()
        self._await_threads(SHUT_S)
        lease.give_back([job.claim for job in self._snapshot()])
        self._threads.dismiss()
        DrainRow.objects.filter(pk=self.row.pk).delete()

    def _claim_all(self) -> None:
        looks = look.look(self.which)
        in_use = Counter(job.claim.pool for job in self._snapshot() if job is not self._extra)
        for pool in looks:
            if pool.name in self.watch.left_to_others:
                continue
            room = self._room(pool, in_use[pool.name])
            if pool.has_work and room > 0:
                self._take(pool.name, room)
            elif pool.has_critical and self._extra is None:
                self._take(pool.name, 1, critical=True)

    def _room(self, pool: PoolLook, in_use: int) -> int:
        """Return how many more jobs of a pool fit: its limit shared among the drains, rounded up."""
        share = math.ceil(pool.limit / self.watch.drains)
        room = min(share - in_use, pool.limit - pool.leases)
        return min(room, self._most - len(self.running)) if self._most else room

    def _take(self, pool: str, want: int, *, critical: bool = False) -> None:
        token = f"{self.row.name}/{next(self._count)}"
        for found in claim.claim(pool, want, token=token, which=self.which, critical=critical):
            job = Running(found)
            with self._lock:
                self.running[job.job_id] = job
                self._extra = job if critical else self._extra
            self._threads.give(partial(self._work, job))

    def _work(self, job: Running) -> None:
        outcome = Outcome.LOST
        try:
            outcome = perform(job)
        finally:
            with self._lock:
                self.tally.count(outcome)
                if self.running.get(job.job_id) is job:
                    del self.running[job.job_id]
                if self._extra is job:
                    self._extra = None
            self._wake.set()

    def _snapshot(self) -> list[Running]:
        with self._lock:
            return list(self.running.values())

    def _await_threads(self, seconds: float) -> None:
        """Give running jobs some time; returns as soon as none is left."""
        end = time.monotonic() + seconds
        while self.running and time.monotonic() < end:
            self._wake.wait(0.05)
            self._wake.clear()


def from_ticket(ticket: str) -> None:
    """Drain the queue until this process is asked to end: what a ticket of the cluster says."""
    Drain(ticket=ticket).serve()


def work_alone() -> None:
    """Run the jobs marked `alone` that are due, one after the other, until none is left."""
    drain = Drain(DrainRow.Role.ALONE, which=alone.ALONE, most=1)
    drain.serve(until=lambda: stopping.asked() or not (drain.running or alone.due()))


def run_until_idle(
    *, kinds: Sequence[str] | None = None, origin: str = "", threads: int = 4, due_within: float = 60
) -> Tally:
    """Work in the foreground until nothing (of these kinds, this origin) is leased or due within `due_within` s.

    What needs a held source or a paused pool is not waited for. With `threads` 0 the jobs that are due
    now run one after the other in the calling thread.
    """
    which = Filter(tuple(kinds or ()), origin)
    pools.ensure()
    if not threads:
        return _run_here(which)
    drain = Drain(DrainRow.Role.FOREGROUND, which=which, most=threads)
    apart = AloneProcess()
    drain.serve(until=lambda: _finished(drain, apart, due_within))
    return drain.tally


def _finished(drain: Drain, apart: AloneProcess, due_within: float) -> bool:
    if stopping.asked():
        apart.stop()
        return True
    apart.turn()
    return not drain.running and not look.open_work(drain.which, due_within)


def _run_here(which: Filter) -> Tally:
    tally = Tally()
    for count in itertools.count(1):
        pool = next((pool.name for pool in look.look(which) if pool.has_work), None)
        if pool is None:
            return tally
        for found in claim.claim(pool, 1, token=f"here-{os.getpid()}/{count}", which=which):
            tally.count(perform(Running(found)))
    return tally
