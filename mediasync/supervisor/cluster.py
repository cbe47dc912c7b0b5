"""django-q2's cluster, made to stop in time and to survive the death of any of its processes."""

from __future__ import annotations

import logging
import signal
import sys
import threading
import uuid
from collections.abc import Callable
from multiprocessing import Event
from typing import Any

import psutil
from django.db import connections
from django_q import cluster as q2
from django_q.signals import post_spawn

from jobs import stopping
from journal import tracing
from mediasync.supervisor import parent

log = logging.getLogger(__name__)

POLL_S = 0.5  # tickets are rare: one for each worker that was replaced


class Sentinel(q2.Sentinel):  # type: ignore[misc]  # django-q2 has no types
    """Starts and replaces the workers; only the main process may end it."""

    def start(self) -> None:
        """Guard the cluster; a SIGTERM to the whole group must not end us before our workers."""
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        signal.signal(signal.SIGHUP, signal.SIG_IGN)
        super().start()

    def spawn_process(self, target: Any, *args: Any) -> Any:
        """Start a child whose last words go to the log, without secrets, in place of multiprocessing's."""
        process = q2.get_mp_context().Process(target=guarded(target), args=args, name=f"Process-{uuid.uuid4().hex}")
        process.daemon = True
        if target == q2.worker:
            process.daemon = q2.Conf.DAEMONIZE_WORKERS
            process.timer = args[2]
            self.pool.append(process)
        process.start()
        return process


def guarded(target: Callable[..., Any]) -> Callable[..., None]:
    """Return `target` for a process of its own: what nobody caught is logged, and ends the process with 1."""

    def run(*args: Any) -> None:
        try:
            target(*args)
        except Exception:
            log.critical("%s of the cluster ended", getattr(target, "__name__", "a process"), exc_info=True)
            sys.exit(1)

    return run


class Cluster(q2.Cluster):  # type: ignore[misc]  # django-q2 has no types
    """A cluster whose processes end with the one that started them, and whose workers heed SIGTERM."""

    def start(self) -> int:
        """Fork the sentinel, which forks the rest; does not wait for them."""
        parent.bind_forks()
        post_spawn.connect(_heed_signals)
        q2.Conf.POLL = POLL_S
        connections.close_all()
        self.stop_event, self.start_event = Event(), Event()
        self.sentinel = q2.get_mp_context().Process(
            target=guarded(Sentinel),
            name="sentinel",
            args=(self.stop_event, self.start_event, self.cluster_id, self.broker, self.timeout),
        )
        self.sentinel.start()
        return int(self.sentinel.pid)

    def alive(self) -> bool:
        """Tell whether the sentinel lives."""
        return bool(self.sentinel.is_alive())

    def ask_to_stop(self) -> None:
        """Tell the sentinel to end, from a thread: setting the event blocks when the sentinel was killed."""
        threading.Thread(target=self.stop_event.set, daemon=True).start()

    def signal_workers(self) -> None:
        """Pass SIGTERM on to the workers; the other children of the sentinel ignore it."""
        for process in _below(self.sentinel.pid):
            _send(process, signal.SIGTERM)

    def kill(self) -> None:
        """Kill what is left, the sentinel first, so that it replaces nobody."""
        family = _below(self.sentinel.pid)
        self.sentinel.kill()
        self.sentinel.join(1)
        for process in family:
            _send(process, signal.SIGKILL)


def _heed_signals(**_: Any) -> None:
    """In a new worker: end when asked to, by setting a flag that its drain looks at."""
    tracing.name_process("worker")
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, stopping.ask)


def _below(pid: int) -> list[psutil.Process]:
    try:
        return list(psutil.Process(pid).children(recursive=True))
    except psutil.NoSuchProcess:
        return []


def _send(process: psutil.Process, number: int) -> None:
    try:
        process.send_signal(number)
    except psutil.NoSuchProcess:
        return
