"""Where log lines go: to standard error, for whoever watches, and into the file that the Logs page reads."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Any, TextIO

from journal import tracing
from journal.redaction import RedactingFormatter
from mediasync.logs.file import SharedFile

FORMAT = "%(asctime)s %(levelname)s %(name)s: %(message)s"


class Plain(RedactingFormatter):
    """Lines for standard error: those of a request or a job say which."""

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802  the standard library's name
        """Return the line with the facts of this thread at its end."""
        facts = " ".join(f"{name}={value}" for name, value in tracing.said().items() if name in ("request", "job"))
        text = super().formatMessage(record)
        return f"{text} [{facts}]" if facts else text


def tree(data: Path, *, level: str, stream: TextIO) -> dict[str, Any]:
    """Return the logging tree of Django's settings; secrets are redacted in both places."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"line": {"()": "mediasync.logs.tree.Plain", "fmt": FORMAT}},
        "filters": {
            "repeats": {"()": "mediasync.repeats.OnceAMinute"},
            "refusals": {"()": "mediasync.refusals.OneLine"},
        },
        "handlers": {
            "stderr": {
                "class": "logging.StreamHandler",
                "stream": stream,
                "formatter": "line",
                "filters": ["refusals"],
            },
            "file": {"()": "mediasync.logs.file.SharedFile", "folder": str(data / "logs"), "filters": ["refusals"]},
        },
        "root": {"handlers": ["stderr", "file"], "level": level},
        "loggers": {
            "django-q": {"level": "WARNING", "filters": ["repeats"]},
            "axes": {"level": "WARNING"},
        },
    }


def begin(data: Path, role: str) -> None:
    """Have a process without Django log to the same places."""
    tracing.name_process(role)
    stderr = logging.StreamHandler()
    stderr.setFormatter(Plain(FORMAT))
    logging.basicConfig(handlers=[stderr, SharedFile(data / "logs")])
