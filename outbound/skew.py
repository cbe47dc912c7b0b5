"""How far this machine's clock is from that of the services, read from the answers that come anyway."""

from __future__ import annotations

import time
from collections.abc import Mapping
from email.utils import parsedate_to_datetime

EVERY_S = 60.0
_ahead: dict[str, float] = {}  # by source, seconds; of this process
_noted_at: dict[str, float] = {}  # monotonic; only saves work


def note(source: str, headers: Mapping[str, str], *, sent_at: float) -> None:
    """Remember how far our clock is ahead of the `Date` of an answer; `sent_at` is when we asked (epoch).

    The server wrote its date between our question and now, in whole seconds.
    """
    if time.monotonic() - _noted_at.get(source, -EVERY_S) < EVERY_S:
        return
    try:
        theirs = parsedate_to_datetime(headers.get("date", "")).timestamp()
    except (ValueError, OverflowError):
        return
    _noted_at[source] = time.monotonic()
    now = time.time()
    _ahead[source] = sent_at - theirs - 1 if sent_at > theirs + 1 else min(0.0, now - theirs)


def ahead() -> dict[str, float]:
    """Return by how many seconds our clock is ahead of each source this process asked lately."""
    return dict(_ahead)


def forget(source: str) -> None:
    """Have the next answer of a source noted, however soon it comes."""
    _noted_at.pop(source, None)
