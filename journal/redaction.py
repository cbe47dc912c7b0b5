"""Secrets never reach logs: keys in URLs, bearer tokens, and the values of our own settings."""

from __future__ import annotations

import logging
import re

_PATTERNS = (
    re.compile(r"((?:api_?key|apikey|token|passkey|password|secret|key)=)[^&\s\"']+", re.IGNORECASE),
    re.compile(r"(Bearer\s+)[\w.~+/=-]+", re.IGNORECASE),
    re.compile(r"(://)[^/\s:@]+:[^/\s@]+@"),
)


def redact(text: str) -> str:
    """Return `text` with what looks like a credential replaced by `***`."""
    for pattern in _PATTERNS:
        text = pattern.sub(r"\1***" if not pattern.pattern.startswith("(://)") else r"\1***@", text)
    return text


class RedactSecrets(logging.Filter):
    """A log filter that redacts the finished message."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Redact the finished message; every record passes."""
        record.msg, record.args = redact(record.getMessage()), ()
        return True
