"""Kinds of work for the queue's own tests; `does` says what a key does when it runs."""

from __future__ import annotations

from collections.abc import Callable

from jobs import running
from jobs.registry import handles
from journal.moves import record

does: dict[str, Callable[[], None]] = {}
failed: list[tuple[str, str]] = []


def _mark(key: str, reason: str) -> None:
    failed.append((key, reason))
    record(f"thing:{key}", reason=reason, new="error")


@handles("test.plain", pool="metadata", needs="", base=60, cap=600, attempts=3, on_failed=_mark)
def plain(key: str) -> None:
    """Do what the test says."""
    does.get(key, _nothing)()


@handles("test.ending", pool="artwork", needs="source", attempts=2)
def ending(key: str) -> None:
    """Write something together with the end."""
    with running.ending():
        record(f"thing:{key}", reason="reached", new="done")
        does.get(key, _nothing)()


def _nothing() -> None:
    return None
