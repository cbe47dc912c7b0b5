"""Stop: SIGTERM with six requests in flight ends everything in time and loses nothing."""

from __future__ import annotations

import random
import statistics
import tempfile
import time
from collections import Counter
from pathlib import Path
from typing import Any

from benches.bars import at_most
from benches.household import Household, stop, until
from benches.stub import SlowServer, slow_server
from jobs import queue
from jobs.models import Drain, Job
from journal.models import Event

REQUESTS = 6


def run(arguments: list[str]) -> dict[str, Any]:
    """Stop 20 times (or as often as given), the main process or its whole group, in turns."""
    tries = int(arguments[0]) if arguments else 20
    seconds, left, leases = [], 0, 0
    with (
        tempfile.TemporaryDirectory() as folder,
        slow_server() as server,
        Household(Path(folder), BENCH_STUB=str(server.port)).open() as household,
    ):
        keys = [f"request:{number}" for number in range(REQUESTS)]
        queue.enqueue(*(queue.Work("bench.request", key) for key in keys))
        for number in range(tries):
            seconds.append(_stop_once(household, server, group=number % 2 == 1))
            left += len(household.processes())
            household.kill_all()
        leases = _finish(household, server)
        ended = Counter(Event.objects.filter(new="done").values_list("subject", flat=True))
    lost = len(keys) - len(ended)
    twice = sum(1 for count in ended.values() if count > 1)
    return {
        "figures": {
            "median_s": statistics.median(seconds), "longest_s": max(seconds), "tries": tries,
            "requests_sent": len(server.asked),
        },
        "bars": {
            "median_s": at_most(statistics.median(seconds), 2),
            "longest_s": at_most(max(seconds), 5),
            "processes_left": at_most(left, 0),
            "leases_left_after_start": at_most(leases, 0),
            "lost": at_most(lost, 0),
            "ended_twice": at_most(twice, 0),
        },
    }  # fmt: skip


def _stop_once(household: Household, server: SlowServer, *, group: bool) -> float:
    """Stop while all requests wait for their answer, at a random moment."""
    before = len(server.asked)
    main = household.start("work")
    until(lambda: len(server.asked) >= before + REQUESTS, what="all requests were sent")
    until(lambda: Job.objects.filter(state=Job.State.LEASED, kind="bench.request").count() == REQUESTS)
    time.sleep(random.random())  # noqa: S311  any moment will do
    return stop(main, group=group)


def _finish(household: Household, server: SlowServer) -> int:
    """Start once more and let the answers come; returns the leases of the past that were still there then."""
    old = list(Job.objects.filter(state=Job.State.LEASED).values_list("leased_by", flat=True))
    main = household.start("work")
    until(lambda: Drain.objects.filter(role=Drain.Role.WORKER).exists(), what="a worker drained")
    left = Job.objects.filter(state=Job.State.LEASED, leased_by__in=old).count()
    server.open.set()
    until(lambda: not Job.objects.filter(kind="bench.request").exclude(state=Job.State.DONE).exists())
    stop(main)
    return left
