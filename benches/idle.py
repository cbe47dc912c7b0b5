"""Idle: what everything together costs while there is nothing to do."""

from __future__ import annotations

import tempfile
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

import psutil
from django.utils import timezone

from benches.bars import at_most
from benches.household import Household, stop, until
from jobs.models import Drain, Job

SETTLE_S = 10


def run(arguments: list[str]) -> dict[str, Any]:
    """Measure CPU over a minute (or as many seconds as given) and memory of all processes of `up`."""
    seconds = float(arguments[0]) if arguments else 60
    with tempfile.TemporaryDirectory() as folder, Household(Path(folder)).open() as household:
        main = household.start("up", "--port", "0")
        until(lambda: Drain.objects.filter(role=Drain.Role.WORKER).count() == 2, what="two workers drained")
        until(lambda: Job.objects.filter(state=Job.State.DONE).exists(), what="the demo was begun")
        until(lambda: not _something_to_do(), seconds=300, what="the demo was described")
        time.sleep(SETTLE_S)
        processes = household.processes()
        before = _cpu_seconds(processes)
        time.sleep(seconds)
        cpu = 100 * (_cpu_seconds(processes) - before) / seconds
        memory = {_name(process): process.memory_full_info().pss / 2**20 for process in processes}
        stop(main)
    total = sum(memory.values())
    return {
        "figures": {"cpu_percent": cpu, "pss_mb": total, "processes": len(processes), "pss_mb_of": memory},
        "bars": {"cpu_percent": at_most(cpu, 2), "pss_mb": at_most(total, 320)},
    }


def _something_to_do() -> bool:
    return Job.objects.filter(state__in=(Job.State.READY, Job.State.LEASED), due_at__lte=timezone.now()).exists()


def _cpu_seconds(processes: list[psutil.Process]) -> float:
    spent = 0.0
    for process in processes:
        with suppress(psutil.NoSuchProcess):
            times = process.cpu_times()
            spent += times.user + times.system
    return spent


def _name(process: psutil.Process) -> str:
    return f"{process.pid} {' '.join(process.cmdline()[1:4])}"
