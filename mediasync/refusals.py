"""Answers such as 403 and 404 in the log: one line, no traceback. Nothing broke."""

from __future__ import annotations

import logging

FORM = 422


class OneLine(logging.Filter):
    """Takes the traceback off what a page refused (4xx); faults of ours (5xx) keep theirs.

    A form that came back with a remark (422) is no news at all: the person before it has read why.
    """

    def filter(self, record: logging.LogRecord) -> bool:
        """Let every record through, but those of forms."""
        status = getattr(record, "status_code", 500)
        if 400 <= status < 500:
            record.exc_info = record.exc_text = None
        return status != FORM
