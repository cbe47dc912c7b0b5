"""How a handler ends when it did not reach what it was asked for."""

from __future__ import annotations

from datetime import datetime


class RetryLater(Exception):
    """The world was not ready: the job is tried again, at `until` or after its kind's backoff.

    With `until` (aware) the attempt is not counted.
    """

    def __init__(self, reason: str, *, until: datetime | None = None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.until = until


class GiveUp(Exception):
    """A person has to look: the job comes to rest in `failed` with this reason."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Interrupted(Exception):
    """The job was told to stop (cancelled, taken over, shutdown); its end is not ours to write."""
