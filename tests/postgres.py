"""A private PostgreSQL for tests: made on a free port in a temporary folder, gone afterwards."""

from __future__ import annotations

import contextlib
import os
import pwd
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

OPTIONS = "-c fsync=off -c max_connections=200 -c shared_buffers=64MB -c listen_addresses=127.0.0.1"


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """Give the DATABASE_URL of an empty database on a private server."""
    with private_server() as url:
        yield url


@contextlib.contextmanager
def private_server() -> Iterator[str]:
    """Run a server of our own; yields the URL of its empty database.

    PostgreSQL refuses to run as root, so root becomes the user `postgres`.
    """
    folder = Path(tempfile.mkdtemp(prefix="mediasync-pg-"))
    if os.getuid() == 0:
        os.chown(folder, pwd.getpwnam("postgres").pw_uid, -1)
    port = _free_port()
    try:
        _run("initdb", "-D", str(folder / "data"), "-U", "postgres", "-A", "trust", "-N", "-E", "UTF8", "--locale=C")
        options = f"{OPTIONS} -c port={port} -c unix_socket_directories={folder}"
        _run("pg_ctl", "-D", str(folder / "data"), "-l", str(folder / "log"), "-w", "-o", options, "start")
        try:
            yield f"postgres://postgres@127.0.0.1:{port}/postgres"
        finally:
            _run("pg_ctl", "-D", str(folder / "data"), "-m", "immediate", "-w", "stop")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _run(program: str, *arguments: str) -> None:
    found = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{program}"))
    as_postgres = ["setpriv", "--reuid=postgres", "--regid=postgres", "--init-groups"] if os.getuid() == 0 else []
    subprocess.run(
        [*as_postgres, str(found[-1]), *arguments],
        check=True,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        cwd="/",
        timeout=60,
    )


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """The DATABASE_URL of an empty database on a private server."""
    with private_server() as server:
        yield new_database(server)
