"""The main process of the cluster: looks every second whether work can go on, and ends it all in time."""

from __future__ import annotations

import gc
import importlib
import logging
import signal
import time
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

import guessit
from django.conf import settings
from django.db import Error as DatabaseError
from django.db import close_old_connections

from jobs import clock, pools, presence, reap, schedules, setback, stopping
from jobs.alone import AloneProcess
from jobs.models import Drain
from jobs.outage import Outage
from journal import tracing
from mediasync.supervisor import locks
from mediasync.supervisor.cluster import Cluster
from mediasync.supervisor.signals import Sleep
from mediasync.supervisor.tickets import NoTickets, Tickets
from mediasync.supervisor.watching import Watching

log = logging.getLogger(__name__)

SHARED = ("PIL.Image", "PIL.JpegImagePlugin", "PIL.PngImagePlugin", "PIL.WebPImagePlugin", "requests")
LOOK_S = 1
REAP_EVERY, SYNCHRONISE_EVERY = 10, 60  # looks
LEAVE_WITHIN_S = 1.5


class Broken(Exception):
    """The cluster cannot go on by itself: whoever started it has to start it again."""


def run() -> None:
    """Run the cluster until asked to end.

    Raises `locks.Taken` where one runs on this data directory, `Broken` where it has to be started anew,
    `NoTickets` where Redis is away.
    """
    tracing.name_process("cluster")
    locks.take(Path(settings.DATA_DIR) / "cluster.lock", "A cluster")
    _load_what_workers_share()
    Main().run()


def _load_what_workers_share() -> None:
    """Import what would otherwise be loaded in each worker, and keep the collector off these pages."""
    for name in SHARED:
        importlib.import_module(name)
    guessit.guessit("its rules are built by the first question")
    gc.collect()
    gc.freeze()


class Main:
    """Starts the cluster and keeps it at work."""

    def __init__(self) -> None:
        clock.synchronise()
        pools.ensure()
        schedules.ensure()
        setback.mend()
        self._bring_back()
        self._cluster = Cluster()
        self._sleep = Sleep()  # after Cluster, which installs signal handlers of its own
        self._tickets = Tickets()
        self._alone = AloneProcess()
        self._looks = 0
        self._outage = Outage()
        self._heartbeats = Heartbeats()
        self._watching = Watching()

    def run(self) -> None:
        """Look every second until asked to end; always ends all of the cluster's processes."""
        self._cluster.start()
        try:
            while not stopping.asked():
                self._turn()
                self._sleep(LOOK_S, *self._watching.handles())
        finally:
            self._stop()

    def _turn(self) -> None:
        if not self._cluster.alive():
            raise Broken("the process that guards the workers is gone")
        if self._tickets.overdue():
            raise Broken("no worker takes up work")
        try:
            self._watching.turn()
            self._look()
            self._outage.over()
        except NoTickets as error:  # the workers there are go on; only new ones need tickets
            self._outage.tell(error)
        except DatabaseError as error:
            self._outage.tell(error)
            close_old_connections()

    def _look(self) -> None:
        self._looks += 1
        drains = presence.of_this_node()
        live = [drain for drain in drains if presence.lives(drain)]
        if len(live) < len(drains) or self._looks % REAP_EVERY == 0:
            self._bring_back()
        self._tickets.top_up(drains, live)
        self._alone.turn()
        _kill(self._heartbeats.silent(live, time.monotonic()))
        if self._looks % SYNCHRONISE_EVERY == 0:
            clock.synchronise()
            setback.mend()

    def _bring_back(self) -> None:
        reap.reap()
        presence.forget_dead()

    def _stop(self) -> None:
        """End everything within 1.5 s: workers give back their leases, what hangs is killed."""
        end = time.monotonic() + LEAVE_WITHIN_S
        self._cluster.ask_to_stop()
        self._alone.stop()
        self._watching.stop()
        while self._cluster.alive() and time.monotonic() < end:
            self._cluster.signal_workers()
            self._sleep(0.1)
        self._cluster.kill()
        self._alone.kill()


class Heartbeats:
    """Since when each worker has been silent, by our own clock: one that is set ahead makes nobody silent."""

    def __init__(self) -> None:
        self._heard: dict[str, tuple[datetime, float]] = {}

    def silent(self, drains: Sequence[Drain], now: float) -> list[Drain]:
        """Return those whose heartbeat has not changed for too long; `now` in seconds of a monotonic clock."""
        before, self._heard = self._heard, {}
        for drain in drains:
            beat, since = before.get(drain.name, (drain.beat_at, now))
            self._heard[drain.name] = (drain.beat_at, since if beat == drain.beat_at else now)
        return [drain for drain in drains if now - self._heard[drain.name][1] > presence.SILENT_S]


def _kill(silent: Sequence[Drain]) -> None:
    """Kill workers without a heartbeat: their leases come back and a new one takes their place."""
    for drain in silent:
        log.error("the worker %s has not been heard of for %d s: killed", drain.pid, presence.SILENT_S)
        presence.send_signal(drain, signal.SIGKILL)
