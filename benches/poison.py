"""Poison: a job that kills its process comes to rest, and harms none of those around it."""

from __future__ import annotations

import os
import random
import signal
import tempfile
import time
from pathlib import Path
from typing import Any

from django.db.models import Count

from benches.bars import at_most
from benches.household import HANG_S, Household, stop, until
from jobs import queue
from jobs.models import Drain, Job
from journal.models import Event

INNOCENTS = 60
KILL_EVERY_S = 2
KILLS = 6


def run(arguments: list[str]) -> dict[str, Any]:
    """Let one poisonous job run among 60 others while any process may be killed at any time."""
    start = time.monotonic()
    with tempfile.TemporaryDirectory() as folder, Household(Path(folder)).open() as household:
        queue.enqueue(queue.Work("bench.poison", "poison"))
        queue.enqueue(*(queue.Work("bench.nap", f"nap:1.5:{number}") for number in range(INNOCENTS)))
        main = household.start("up", "--port", "0")
        until(Drain.objects.exists, what="a worker drained")
        kills = _kill_until_settled()
        seconds = time.monotonic() - start
        poison = Job.objects.get(kind="bench.poison")
        undone = Job.objects.filter(kind="bench.nap").exclude(state=Job.State.DONE).count()
        twice = _ended_twice()
        runs = household.runs()
        stop(main)
    return {
        "figures": {
            "seconds": seconds, "kills": kills, "poison_runs": runs.count("poison"),
            "innocent_runs": len(runs) - runs.count("poison"),
        },
        "bars": {
            "poison_not_failed": at_most(int(poison.state != Job.State.FAILED), 0),
            "innocents_undone": at_most(undone, 0),
            "ended_twice": at_most(twice, 0),
        },
    }  # fmt: skip


def _kill_until_settled() -> int:
    """Kill a random worker now and then; returns how many, once poison and innocents have come to rest."""
    kills, next_kill = 0, time.monotonic() + KILL_EVERY_S
    end = time.monotonic() + 2 * HANG_S
    at_rest = (Job.State.DONE, Job.State.FAILED)
    while Job.objects.filter(kind__startswith="bench.").exclude(state__in=at_rest).exists():
        if time.monotonic() > end:
            break
        if kills < KILLS and time.monotonic() > next_kill:
            kills += _kill_one()
            next_kill = time.monotonic() + KILL_EVERY_S * random.random() * 2  # noqa: S311  any moment will do
        time.sleep(0.1)
    return kills


def _kill_one() -> bool:
    pids = list(Drain.objects.values_list("pid", flat=True))
    try:
        os.kill(random.choice(pids), signal.SIGKILL)  # noqa: S311  any worker will do
    except (IndexError, ProcessLookupError):
        return False
    return True


def _ended_twice() -> int:
    ended = Event.objects.filter(new="done").values("subject").annotate(times=Count("pk"))
    return ended.filter(times__gt=1).count()
