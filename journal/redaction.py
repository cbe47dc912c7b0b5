"""Secrets never reach logs: keys in URLs, bearer tokens, and the values of our own settings."""

from __future__ import annotations

import logging
import re
import sys
import threading
import traceback
from types import TracebackType

_PATTERNS = (
    (
        re.compile(
            # the word itself or behind a hyphen: a monkey is no key
            r"\b((?:[\w-]*[_-]|access|session)?(?:api_?key|token|passkey|passwd|password|secret|signature|auth|key)[\"']?\s*[=:]\s*[\"']?)[^&\s\"',;#]+",
            re.IGNORECASE,
        ),
        r"\1***",
    ),
    (re.compile(r"((?:Bearer|Basic)\s+)[\w.~+/=-]+", re.IGNORECASE), r"\1***"),
    (re.compile(r"(://)[^/\s@]+@"), r"\1***@"),
    (re.compile(r"\b(msk_[a-z0-9]{8}_)[a-z0-9]+"), r"\1***"),  # our own API keys: the beginning tells which one
)
_SHORTEST = 8  # characters; shorter values would blacken ordinary words
_secrets: set[str] = set()


def keep_secret(value: str) -> None:
    """Have `value` replaced wherever it turns up from now on; short ones are not remembered."""
    if len(value) >= _SHORTEST:
        _secrets.add(value)


def redact(text: str) -> str:
    """Return `text` with what looks like a credential, and every secret we were told, replaced by `***`."""
    for secret in _secrets:
        text = text.replace(secret, "***")
    for pattern, replacement in _PATTERNS:
        text = pattern.sub(replacement, text)
    return text


def redact_tracebacks() -> None:
    """Have tracebacks that nobody caught, in any thread, reach standard error without secrets."""
    sys.excepthook = _told
    threading.excepthook = lambda given: _told(given.exc_type, given.exc_value, given.exc_traceback)


def _told(kind: type[BaseException], error: BaseException | None, trace: TracebackType | None) -> None:
    if issubclass(kind, SystemExit) or sys.stderr is None:
        return
    sys.stderr.write(redact("".join(traceback.format_exception(kind, error, trace))))
    sys.stderr.flush()
    if error is not None and issubclass(kind, Exception):
        _keep(kind, error, trace)


def _keep(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    """Have what ended a thread or a process stand in the log file too; the terminal has it already."""
    record = logging.LogRecord(
        "mediasync.crash", logging.CRITICAL, __file__, 0, "ended by %s", (kind.__name__,), (kind, error, trace)
    )
    for handler in logging.getLogger().handlers:
        if not isinstance(handler, logging.StreamHandler):
            handler.handle(record)


class RedactingFormatter(logging.Formatter):
    """A log formatter that redacts the finished text: message, traceback and the chained causes in it."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the record as text without secrets."""
        return redact(super().format(record))
