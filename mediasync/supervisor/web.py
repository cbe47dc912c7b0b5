"""gunicorn's settings: one process of eight threads, which ends with the supervisor."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from mediasync.supervisor import parent

worker_class = "gthread"
workers = 1
threads = 8
timeout = 60
graceful_timeout = 1  # a page that takes longer is asked for again
keepalive = 15
loglevel = "warning"
control_socket_disable = True
worker_tmp_dir = "/dev/shm" if Path("/dev/shm").is_dir() else None  # noqa: S108  gunicorn's heartbeat file


def on_starting(server: Any) -> None:
    """End with the supervisor."""
    parent.follow()


def post_fork(server: Any, worker: Any) -> None:
    """End with the process that forked the worker."""
    parent.follow_process(worker.ppid)


def post_worker_init(worker: Any) -> None:
    """Learn the database's clock, by which pages say when something is due, and since when pages are served."""
    from jobs import clock  # noqa: PLC0415  only now is Django set up
    from mediasync import context  # noqa: PLC0415

    clock.synchronise()
    context.web_began_at = clock.now()
