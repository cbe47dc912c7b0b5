"""Does the budget hold at the server? Many processes, killed now and then, against a stub that logs arrivals."""

from __future__ import annotations

import argparse
import os
import random
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
PROCESSES, THREADS = 8, 4
FASTEST, SLOWEST = 0.02, 0.8  # seconds of latency, evenly spread
KILL_EVERY = 5.0
Rules = tuple[tuple[int, float], ...]


@dataclass
class Crowd:
    """What a run has seen: arrivals at the server, waits of the person, both in seconds."""

    rules: Rules
    arrivals: list[float] = field(default_factory=list)
    waits: list[float] = field(default_factory=list)
    killed: int = 0

    def most_in(self, seconds: float) -> int:
        """Return the most arrivals in any rolling window, whenever it begins."""
        times, first, most = self.arrivals, 0, 0
        for last, at in enumerate(times):
            while at - times[first] >= seconds:
                first += 1
            most = max(most, last - first + 1)
        return most

    def holds(self) -> bool:
        """Tell whether every rule held at the server."""
        return all(self.most_in(seconds) <= requests for requests, seconds in self.rules)

    def use(self) -> float:
        """Return the share of the first rule that was used, counted over whole windows."""
        requests, seconds = self.rules[0]
        whole = int((self.arrivals[-1] - self.arrivals[0]) / seconds)
        end = self.arrivals[0] + whole * seconds
        return sum(at < end for at in self.arrivals) / (requests * whole) if whole else 0.0

    def wait_p95(self) -> float:
        """Return the 95th percentile of the person's waits."""
        ordered = sorted(self.waits)
        return ordered[min(len(ordered) - 1, int(len(ordered) * 0.95))] if ordered else 0.0


def run(arguments: list[str]) -> dict[str, Any]:
    """Measure three crowds: undisturbed with a person among them, with kills, and under two rules."""
    parser = argparse.ArgumentParser(prog="bench budget")
    parser.add_argument("--seconds", type=float, default=60.0, help="of each of the three runs")
    parser.add_argument("--database", default="", help="DATABASE_URL of an empty database; default: a new SQLite file")
    chosen = parser.parse_args(arguments)
    with scratch(chosen.database) as environment:
        calm = crowd(environment, seconds=chosen.seconds, rules=((35, 10.0),))
        killed = crowd(environment, seconds=chosen.seconds, rules=((35, 10.0),), kill_every=KILL_EVERY)
        both = crowd(environment, seconds=chosen.seconds, rules=((35, 10.0), (10, 1.0)))
    return report(calm, killed, both)


def report(calm: Crowd, killed: Crowd, both: Crowd) -> dict[str, Any]:
    """Return figures and bars."""
    possible = 10.0 / (10.0 + (FASTEST + SLOWEST) / 2)
    runs = {"calm": calm, "killed": killed, "both": both}
    figures = {
        **{f"most_in_10s_{name}": found.most_in(10.0) for name, found in runs.items()},
        "most_in_1s_both": both.most_in(1.0),
        **{f"use_{name}": round(found.use(), 4) for name, found in runs.items()},
        **{f"requests_{name}": len(found.arrivals) for name, found in runs.items()},
        "person_wait_p95_s": round(calm.wait_p95(), 3),
        "person_wait_max_s": round(max(calm.waits, default=0.0), 3),
        "person_wait_median_s": round(sorted(calm.waits)[len(calm.waits) // 2], 3) if calm.waits else 0.0,
        "person_requests": len(calm.waits),
        "kills": killed.killed,
    }
    return {
        "figures": figures,
        "bars": {
            "most in any 10 s": _at_most(max(found.most_in(10.0) for found in runs.values()), 35),
            "most in any 1 s with 10/1": _at_most(both.most_in(1.0), 10),
            "use": _at_least(calm.use(), 0.95 * possible),
            "use with SIGKILL every 5 s": _at_least(killed.use(), 0.90 * possible),
            "a person waits, p95 (s)": _at_most(calm.wait_p95(), 3.0),
        },
    }


def _at_most(value: float, bar: float) -> dict[str, Any]:
    return {"value": round(value, 4), "bar": f"<= {bar:.4g}", "ok": value <= bar}


def _at_least(value: float, bar: float) -> dict[str, Any]:
    return {"value": round(value, 4), "bar": f">= {bar:.4g}", "ok": value >= bar}


@contextmanager
def scratch(database: str = "") -> Iterator[dict[str, str]]:
    """Make a data directory with a migrated database; yields the environment of its processes."""
    with tempfile.TemporaryDirectory(prefix="mediasync-bench-") as folder:
        environment = {**os.environ, "MEDIASYNC_DATA": folder, "DATABASE_URL": database, "LOG_LEVEL": "ERROR"}
        environment.pop("DJANGO_SETTINGS_MODULE", None)
        subprocess.run(
            [sys.executable, "manage.py", "migrate", "-v", "0"], cwd=ROOT, env=environment, check=True, timeout=120
        )
        yield environment


def crowd(
    environment: dict[str, str],
    *,
    seconds: float,
    rules: Rules,
    kill_every: float = 0.0,
    latency: tuple[float, float] = (FASTEST, SLOWEST),
    processes: int = PROCESSES,
) -> Crowd:
    """Let processes ask for `seconds` as fast as they may; one person asks among them."""
    from tests.fakes import stub as stubs  # noqa: PLC0415  only benches and tests have it

    found = Crowd(rules)
    with stubs.serving() as stub:
        stub.on("*", stubs.lagging(*latency, stubs.status(200)))
        order = f"source='bench-{uuid.uuid4().hex[:8]}', url={stub.url!r}, rules={rules!r}"
        workers = [_start(environment, order, threads=THREADS) for _ in range(processes)]
        person = _start(environment, order, threads=0)
        try:
            _let_run(environment, order, workers, found, seconds=seconds, kill_every=kill_every)
        finally:
            for process in [*workers, person]:
                process.kill()
                process.wait(timeout=30)
        found.arrivals = stub.times()
        found.waits = [
            arrival.at - float(arrival.path.partition("asked=")[2])
            for arrival in stub.arrivals
            if arrival.path.startswith("/person")
        ]
    return found


def _let_run(
    environment: dict[str, str],
    order: str,
    workers: list[subprocess.Popen[bytes]],
    found: Crowd,
    *,
    seconds: float,
    kill_every: float,
) -> None:
    """Wait; every `kill_every` seconds end one process without warning and start another."""
    end = time.monotonic() + seconds
    while (left := end - time.monotonic()) > 0:
        time.sleep(min(left, kill_every or left))
        if kill_every and time.monotonic() < end:
            index = random.randrange(len(workers))  # noqa: S311
            workers[index].kill()
            workers[index].wait(timeout=30)
            workers[index] = _start(environment, order, threads=THREADS)
            found.killed += 1


def _start(environment: dict[str, str], order: str, *, threads: int) -> subprocess.Popen[bytes]:
    code = f"from benches.asking import ask; ask({order}, threads={threads})"
    command = [sys.executable, "manage.py", "shell", "--no-imports", "-c", code]
    return subprocess.Popen(command, cwd=ROOT, env=environment, stdin=subprocess.DEVNULL)  # noqa: S603  our own
