"""Handlers that leave a line for each run: what began, what was ended, by which process."""

from __future__ import annotations

import os
import signal
import socket  # noqa: TID251  stands in for outbound
import time
from pathlib import Path

from django.conf import settings

from jobs import queue, running
from jobs.registry import handles
from journal.moves import record


def note(event: str, key: str) -> None:
    """Append a line to `runs.log` of the data directory; whole lines even from many processes."""
    line = f"{event} {key} {os.getpid()} {time.time():.3f}\n"
    handle = os.open(Path(settings.DATA_DIR) / "runs.log", os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    os.write(handle, line.encode())
    os.close(handle)


def _failed(key: str, reason: str) -> None:
    record(f"bench:{key}", reason=reason, new="failed")


@handles("bench.quick", pool="metadata")
def quick(key: str) -> None:
    """End at once."""
    note("begin", key)
    with running.ending():
        record(f"bench:{key}", reason="done", new="done")


@handles("bench.nap", pool="metadata", base=0.2, cap=1)
def nap(key: str) -> None:
    """Take as many seconds as the key says: "nap:1.5:name"."""
    note("begin", key)
    running.wait(float(key.split(":")[1]))
    with running.ending():
        record(f"bench:{key}", reason="done", new="done")


@handles("bench.stubborn", pool="inspect", limit=2)
def stubborn(key: str) -> None:
    """Take long without listening to anybody."""
    note("begin", key)
    time.sleep(float(key.split(":")[1]))
    note("woke", key)


@handles("bench.request", pool="metadata", base=0.2, cap=1)
def request(key: str) -> None:
    """Ask a server that takes its time; the socket is shut when the job must stop."""
    note("begin", key)
    with (
        socket.create_connection(("127.0.0.1", int(os.environ["BENCH_STUB"])), timeout=60) as connection,
        running.interruptible(lambda: connection.shutdown(socket.SHUT_RDWR)),
    ):
        connection.sendall(f"{key}\n".encode())
        if connection.recv(100) != b"answer\n":
            raise ConnectionError("cut")
    with running.ending():
        record(f"bench:{key}", reason="done", new="done")


@handles("bench.poison", pool="metadata", attempts=3, on_failed=_failed)
def poison(key: str) -> None:
    """Take the process along."""
    note("begin", key)
    os.kill(os.getpid(), signal.SIGKILL)


@handles("bench.again", pool="upkeep")
def change_while_running(key: str) -> None:
    """Have something happen to the thing while the job runs, once."""
    note("begin", key)
    if not (Path(settings.DATA_DIR) / "changed").exists():
        (Path(settings.DATA_DIR) / "changed").touch()
        queue.enqueue(queue.Work("bench.again", key, reason="changed while it ran"))
