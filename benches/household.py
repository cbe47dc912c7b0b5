"""A data directory of its own with real processes on it, and ways to look at them."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

import environ
import psutil
from django.core.management import call_command
from django.db import connections

import benches.work.handlers  # noqa: F401  its kinds can be queued from here too
from benches.waiting import HANG_S, until
from jobs.models import Drain

__all__ = ["HANG_S", "ROOT", "Household", "stop", "until", "use_database", "workers"]

ROOT = Path(__file__).resolve().parent.parent


@contextmanager
def use_database(url: str) -> Iterator[None]:
    """Point Django's default connection, in all threads, at another database."""
    settings = connections.settings["default"]
    before = dict(settings)
    given = environ.Env.db_url_config(url)
    options = given.pop("OPTIONS", {})
    if given["ENGINE"].endswith("sqlite3"):
        options = {
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL",
        }
    mine = connections["default"]  # kept: a database in memory lives as long as its connection
    del connections["default"]
    settings.update(given, OPTIONS=options, CONN_MAX_AGE=None, CONN_HEALTH_CHECKS=False)
    try:
        yield
    finally:
        connections.close_all()
        settings.clear()
        settings.update(before)
        connections["default"] = mine


class Household:
    """Starts commands on one data directory and finds every process that belongs to it."""

    def __init__(self, data: Path, url: str = "", **settings: str) -> None:
        self.data = data
        self.url = url or f"sqlite:///{data / 'db.sqlite3'}"
        self._settings = settings
        self._started: list[subprocess.Popen[bytes]] = []
        self._log: IO[bytes] = (data / "log").open("ab")

    @contextmanager
    def open(self) -> Iterator[Household]:
        """Migrate, use the database in this process, and leave no process behind."""
        with use_database(self.url):
            call_command("migrate", verbosity=0, interactive=False)
            try:
                yield self
            except BaseException:
                sys.stderr.write(self.log())  # what its processes said is the only trace
                raise
            finally:
                self.close()

    def close(self) -> None:
        """Leave no process behind."""
        self.kill_all()
        self._log.close()

    def empty(self) -> None:
        """Delete all rows, where the database was used before."""
        call_command("flush", verbosity=0, interactive=False)

    def set(self, **settings: str) -> None:
        """Give the processes started from here on these settings too."""
        self._settings.update(settings)

    def start(self, *arguments: str) -> subprocess.Popen[bytes]:
        """Start `manage.py …` as the leader of its own session, as a shell or systemd would."""
        process = subprocess.Popen(  # noqa: S603  our own command
            [sys.executable, str(ROOT / "manage.py"), *arguments],
            env=self.environment(),
            stdin=subprocess.DEVNULL,
            stdout=self._log,
            stderr=self._log,
            start_new_session=True,
        )
        self._started.append(process)
        return process

    def environment(self) -> dict[str, str]:
        """Return the environment of its processes."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("MEDIASYNC", "TMDB"))}
        return {
            **kept,
            "MEDIASYNC_DATA": str(self.data),
            "DATABASE_URL": self.url,
            "DJANGO_SETTINGS_MODULE": "benches.settings",
            "PYTHONPATH": str(ROOT),
            "LOG_LEVEL": "WARNING",
            **self._settings,
        }

    def processes(self) -> list[psutil.Process]:
        """Return every live process of this data directory, whoever its parent is by now."""
        found = []
        for process in psutil.process_iter():
            with suppress(psutil.Error):
                mine = process.environ().get("MEDIASYNC_DATA") == str(self.data)
                if mine and process.pid != os.getpid() and process.status() != psutil.STATUS_ZOMBIE:
                    found.append(process)
        return found

    def kill_all(self) -> None:
        """Kill whatever is left."""
        for process in self.processes():
            with suppress(psutil.Error):
                process.kill()
        for started in self._started:
            started.wait(HANG_S)

    def runs(self, event: str = "begin") -> list[str]:
        """Return the keys of the runs noted so far, in order."""
        log = self.data / "runs.log"
        lines = log.read_text().splitlines() if log.exists() else []
        return [line.split()[1] for line in lines if line.startswith(f"{event} ")]

    def log(self) -> str:
        """Return what the processes printed."""
        return (self.data / "log").read_text(errors="replace")


def workers() -> list[int]:
    """Return the process numbers of the workers that drain."""
    return list(Drain.objects.filter(role=Drain.Role.WORKER).values_list("pid", flat=True))


def stop(process: subprocess.Popen[bytes], *, group: bool = False) -> float:
    """Send SIGTERM to a process or its whole group; returns how many seconds it took to end."""
    start = time.monotonic()
    if group:
        os.killpg(process.pid, signal.SIGTERM)
    else:
        process.terminate()
    process.wait(HANG_S)
    return time.monotonic() - start
