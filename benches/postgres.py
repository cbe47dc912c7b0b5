"""A private PostgreSQL for a bench or a test run: its own folder, a free port, no fsync; gone afterwards."""

from __future__ import annotations

import os
import shutil
import signal
import socket  # noqa: TID251  finds a free port
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

from benches.waiting import until

UNSAFE_BUT_QUICK = ("-c", "fsync=off", "-c", "max_connections=200", "-c", "listen_addresses=127.0.0.1")


@contextmanager
def private_postgres() -> Iterator[str]:
    """Start a server and yield the DATABASE_URL of an empty database in it."""
    programs = max(Path("/usr/lib/postgresql").glob("*/bin"))
    user = "postgres" if os.geteuid() == 0 else None  # the server refuses to run as root
    port = _free_port()
    folder = Path(tempfile.mkdtemp(prefix="mediasync-pg-"))
    try:
        if user:
            shutil.chown(folder, user)
        subprocess.run(  # noqa: S603  Debian's own program
            [programs / "initdb", "-D", folder / "data", "-U", "postgres", "-A", "trust", "-E", "UTF8", "-N"],
            check=True,
            stdout=subprocess.DEVNULL,
            user=user,
            cwd=folder,
        )
        server = subprocess.Popen(  # noqa: S603  Debian's own program
            [programs / "postgres", "-D", folder / "data", "-k", folder, "-p", str(port), *UNSAFE_BUT_QUICK],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            user=user,
            cwd=folder,
        )
        try:
            until(lambda: _answers(port), seconds=30, what="PostgreSQL answered")
            yield f"postgres://postgres@127.0.0.1:{port}/postgres"
        finally:
            server.send_signal(signal.SIGINT)  # fast: cuts the connections that idle threads still have
            server.wait(20)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _answers(port: int) -> bool:
    try:
        psycopg.connect(host="127.0.0.1", port=port, user="postgres", dbname="postgres").close()
    except psycopg.OperationalError:
        return False
    return True


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
