"""Answers such as 403 and 404 in the log: one line, no traceback. Nothing broke."""

from __future__ import annotations

import logging


class OneLine(logging.Filter):
    """Takes the traceback off what a page refused (4xx); faults of ours (5xx) keep theirs."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Let every record through."""
        if 400 <= getattr(record, "status_code", 500) < 500:
            record.exc_info = record.exc_text = None
        return True
