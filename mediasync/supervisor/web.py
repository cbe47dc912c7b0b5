"""gunicorn's settings: a few processes of eight threads, which end with the supervisor."""

from __future__ import annotations

import gc
import logging
from pathlib import Path
from typing import Any

from gunicorn.glogging import Logger  # type: ignore[import-untyped]  # it has no types

from journal import redaction, tracing
from mediasync import configuration, environment
from mediasync.logs.file import SharedFile
from mediasync.supervisor import parent


class RedactingLogger(Logger):  # type: ignore[misc]  # gunicorn has no types
    """gunicorn's own log, without secrets: addresses of requests may hold keys."""

    def _set_handler(self, log: logging.Logger, output: Any, fmt: logging.Formatter, stream: Any = None) -> None:
        plain = redaction.RedactingFormatter(fmt._fmt, fmt.datefmt)
        super()._set_handler(log, output, plain, stream)
        if log is self.error_log:
            self._set_file(log)

    def _set_file(self, log: logging.Logger) -> None:
        """Write into the common file too, once: a reload sets the handlers anew."""
        for handler in [one for one in log.handlers if isinstance(one, SharedFile)]:
            log.removeHandler(handler)
        log.addHandler(SharedFile(environment.data_dir() / "logs"))


environment.prepare()
logger_class = RedactingLogger

worker_class = "gthread"
workers = configuration.read().web_processes
threads = 8
preload_app = True  # they share what is loaded: the second costs 40 MB less
timeout = 60
graceful_timeout = 1  # a page that takes longer is asked for again
keepalive = 15
loglevel = "warning"
control_socket_disable = True
worker_tmp_dir = "/dev/shm" if Path("/dev/shm").is_dir() else None  # noqa: S108  gunicorn's heartbeat file


def on_starting(server: Any) -> None:
    """End with the supervisor."""
    redaction.redact_tracebacks()
    tracing.name_process("web")
    parent.follow()


def pre_fork(server: Any, worker: Any) -> None:
    """Keep the collector away from what the processes share: looking at it would copy it."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 50)  # a page leaves few cycles behind: looking for them took a tenth of it


def post_fork(server: Any, worker: Any) -> None:
    """End with the process that forked the worker."""
    parent.follow_process(worker.ppid)


def post_worker_init(worker: Any) -> None:
    """Learn the database's clock, by which pages say when something is due, and since when pages are served."""
    from jobs import clock  # noqa: PLC0415  only now is Django set up
    from mediasync import context  # noqa: PLC0415

    clock.synchronise()
    context.web_began_at = clock.now()
