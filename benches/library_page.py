"""Pages with 10,000 titles and 100,000 files on SQLite while a scan writes: p95, query counts, idle polls."""

from __future__ import annotations

import datetime
import json
import os
import random
import re
import socket  # noqa: TID251  only to find a free port
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from http.client import HTTPConnection  # noqa: TID251  the bench is the browser
from pathlib import Path
from types import MappingProxyType
from typing import Any

import psutil

from benches.bars import at_most

Times = dict[str, list[float]]  # milliseconds by address
ROOT = Path(__file__).resolve().parent.parent
TITLES, SHOWS, EPISODES = 10_000, 2_000, 49
CROWD, BAR_QUERIES = 4, 6 + 5
ROUNDS = 5  # each kind in turns: the median of their p95 counts, for other machines share these cores
BARS_MS = {"library": 150, "title": 80, "queue": 40, "idle_poll": 5}  # at p95; the last is one person's
PARTIAL = {"HX-Request": "true", "HX-Request-Type": "partial"}
ADDRESSES = tuple(f"/library/{query}" for query in (
    *("?", "?page=2", "?page=100", "?page=209", "?sort=added", "?sort=year", "?sort=rating", "?type=show"),
    *("?type=show&page=20", "?type=movie", "?q=harb", "?q=lights+12", "?q=nothing+like+this", "?state=missing"),
    *("?state=indexed", "?state=gone", "?state=needs", "?state=stale", "?per=96", "?folder=1&sort=added"),
    *("?genre=Drama", "?genre=War&sort=year", "?year=1980s", "?view=table", "?view=table&type=show&page=3"),
))  # fmt: skip


def run(arguments: list[str]) -> dict[str, Any]:
    """Return figures and bars. The first argument is the time to measure each kind in seconds (20)."""
    seconds = float(arguments[0]) if arguments else 20.0
    with tempfile.TemporaryDirectory(prefix="mediasync-bench-") as scratch:
        env = {**os.environ, "MEDIASYNC_DATA": scratch, "DATABASE_URL": "", "ALLOWED_HOSTS": "127.0.0.1"}
        _step(env, "manage.py", "migrate", "-v0")
        _step(env, "manage.py", "collectstatic", "--noinput", "-v0")
        built = json.loads(_step(env, "-m", "benches.library_page", "build"))
        with _server(env) as (port, server), _process(env, "-m", "benches.library_page", "write"):
            before = _cpu_seconds(server)
            times = _clients(port, built["session"], seconds)
            cpu = _cpu_seconds(server) - before
            rounds = [_round(port, built, seconds / ROUNDS) for _ in range(ROUNDS)]
    return _report(built, times, cpu, rounds)


def _round(port: int, built: dict[str, Any], seconds: float) -> dict[str, list[float]]:
    """Return the milliseconds of one round of each kind, one kind after the other."""
    session = built["session"]
    crowds = {
        "library": _clients(port, session, seconds, many=CROWD),
        "title": _clients(port, session, seconds, built["titles"], many=CROWD),
        "queue": _clients(port, session, seconds, ("/queue/",), PARTIAL, many=CROWD),
        "idle_poll": _polls(port, session, seconds / 4),
    }
    return {name: [value for found in crowd.values() for value in found] for name, crowd in crowds.items()}


def _report(built: dict[str, Any], times: Times, cpu: float, rounds: list[dict[str, list[float]]]) -> dict[str, Any]:
    every = sorted(value for found in times.values() for value in found)
    crowded = {
        name: {percent: statistics.median(_percentile(one[name], percent) for one in rounds) for percent in (50, 95)}
        for name in BARS_MS
    }
    slowest = max(times, key=lambda address: _percentile(times[address], 95))
    p95, queries = _percentile(every, 95), built["queries"]
    figures = {
        "titles": TITLES,
        "files": built["files"],
        "pages": len(every),
        "p50_ms": round(statistics.median(every), 1),
        "p95_ms": round(p95, 1),
        "worst_ms": round(every[-1], 1),
        "of_4_at_once": {
            name: {f"p{percent}_ms": round(value, 1) for percent, value in found.items()}
            for name, found in crowded.items()
        },
        "server_cpu_ms_a_page": round(cpu * 1000 / len(every), 1),
        "load_average": round(os.getloadavg()[0], 1),
        "slowest_address": slowest,
        "slowest_address_p95_ms": round(_percentile(times[slowest], 95), 1),
        "queries_at_20_rows": queries[0],
        "queries_at_400_rows": queries[1],
        "page_kib": built["page_kib"],
    }
    return {
        "figures": figures,
        "bars": {
            **{f"{name}_p95_ms": at_most(found[95], BARS_MS[name]) for name, found in crowded.items()},
            "same_query_count": {"value": queries, "bar": "equal", "ok": queries[0] == queries[1]},
            "queries": {"value": max(queries), "bar": BAR_QUERIES, "ok": max(queries) <= BAR_QUERIES},
        },
    }


def _percentile(values: list[float], percent: int) -> float:
    return sorted(values)[min(len(values) - 1, len(values) * percent // 100)]


def _step(env: dict[str, str], *command: str) -> str:
    called = [sys.executable, *command]
    done = subprocess.run(called, cwd=ROOT, env=env, check=True, stdout=subprocess.PIPE, text=True)  # noqa: S603
    return done.stdout


@contextmanager
def _process(env: dict[str, str], *command: str) -> Iterator[subprocess.Popen[bytes]]:
    running = subprocess.Popen([sys.executable, *command], cwd=ROOT, env=env)  # noqa: S603  our own commands
    try:
        yield running
    finally:
        running.terminate()
        running.wait(10)


@contextmanager
def _server(env: dict[str, str]) -> Iterator[tuple[int, psutil.Process]]:
    """Serve as ./run does: processes of eight threads."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    command = ("-m", "gunicorn", "-c", "python:mediasync.supervisor.web", "-b", f"127.0.0.1:{port}", "mediasync.wsgi")
    with _process(env, *command) as running:
        for _try in range(100):
            if _answers(port):
                break
            time.sleep(0.1)
        yield port, psutil.Process(running.pid)


def _cpu_seconds(server: psutil.Process) -> float:
    """What the server and its worker have used so far."""
    every = [process.cpu_times() for process in (server, *server.children(recursive=True))]
    return sum(times.user + times.system for times in every)


def _answers(port: int) -> bool:
    try:
        connection = HTTPConnection("127.0.0.1", port, timeout=2)
        connection.request("GET", "/healthz")
        return connection.getresponse().status == 200
    except OSError:
        return False


def _clients(
    port: int,
    session: str,
    seconds: float,
    addresses: Sequence[str] = ADDRESSES,
    headers: Mapping[str, str] = MappingProxyType({}),
    *,
    many: int = 1,
    status: int = 200,
) -> Times:
    """People who click as soon as they have their page; returns milliseconds by address."""
    times: Times = {address: [] for address in addresses}
    signed_in = {"Cookie": f"mediasync_session={session}", "Accept-Encoding": "gzip", **headers}
    until = time.monotonic() + seconds

    def click(seed: int) -> None:
        pick = random.Random(seed)  # noqa: S311  which page comes next is no secret
        connection = HTTPConnection("127.0.0.1", port, timeout=30)
        while time.monotonic() < until:
            address = pick.choice(addresses)
            began = time.monotonic()
            connection.request("GET", address, headers=signed_in)
            answer = connection.getresponse()
            answer.read()
            if answer.status != status:
                raise RuntimeError(f"{address} answered {answer.status}")
            times[address].append((time.monotonic() - began) * 1000)

    threads = [threading.Thread(target=click, args=[seed]) for seed in range(many)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return {address: found for address, found in times.items() if found}


def _polls(port: int, session: str, seconds: float) -> Times:
    """One person's Queue that asks whether anything is new, and nothing is."""
    connection = HTTPConnection("127.0.0.1", port, timeout=30)
    connection.request("GET", "/queue/", headers={"Cookie": f"mediasync_session={session}"})
    found = re.search(r'id="live" data-live="([^"]+)"', connection.getresponse().read().decode())
    held = {**PARTIAL, "If-None-Match": found[1] if found else ""}
    return _clients(port, session, seconds, ("/queue/",), held, status=304)


def _inside(task: str) -> None:
    """Run one task in a process whose settings are the scratch ones."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mediasync.settings")
    import django  # noqa: PLC0415  settings first

    django.setup()
    from benches import library_rows  # noqa: PLC0415  models need settings

    if task == "build":
        sys.stdout.write(json.dumps(library_rows.build(TITLES, shows=SHOWS, episodes=EPISODES)))
    else:
        library_rows.write_like_a_scan(until=datetime.timedelta(minutes=10))


if __name__ == "__main__":
    _inside(sys.argv[1])
