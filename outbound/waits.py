"""Why a request may not go now: how long, and the failure it becomes when nobody can wait so long."""

from __future__ import annotations

import math
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta

from jobs.errors import RetryLater
from outbound.clock import Moment
from outbound.errors import RateLimited

IN_PLACE = 10.0  # seconds a call waits in place, all its waits together; beyond it is rescheduled
SHORTEST = 0.05  # seconds: what is left of a deadline that is all but over


@dataclass(frozen=True, slots=True)
class Wait:
    """At least `seconds` from `moment`; `failure` is raised by who cannot wait so long."""

    seconds: float
    moment: Moment
    failure: type[RetryLater] = RateLimited
    reason: str = "its budget is used up for now."
    is_for_room: bool = False

    def as_failure(self, source: str) -> RetryLater:
        """Return what a handler lets fly: tried again at the end of this wait, not counted."""
        until = self.moment.wall + timedelta(seconds=max(1.0, self.seconds))
        return self.failure(f"{source} waits: {self.reason}", until=until)


@dataclass(slots=True)
class Patience:
    """What one call may spend: `retries` after failures and `seconds` of waiting, whatever they are for.

    By `until` (monotonic) all of it must be over, sending and reading included: a person does not wait longer.
    """

    retries: int
    seconds: float = IN_PLACE
    until: float = math.inf
    _spent: float = field(default=0.0, init=False)
    _since: float | None = field(default=None, init=False)

    @property
    def waited(self) -> float:
        """The seconds waited so far."""
        return self._spent + (time.monotonic() - self._since if self._since is not None else 0.0)

    def left(self) -> float:
        """Return the seconds that may still be waited."""
        return min(self.seconds - self.waited, self.until - time.monotonic())

    def is_over(self) -> bool:
        """Say whether whoever waits has waited long enough."""
        return time.monotonic() >= self.until - SHORTEST

    def within(self, seconds: float) -> float:
        """Return `seconds`, or what is left until the end of patience where that is less."""
        return max(SHORTEST, min(seconds, self.until - time.monotonic()))

    def may_retry(self, pause: float) -> bool:
        """Take one retry if there is one and its pause can be waited; False where not."""
        if self.retries < 1 or pause > self.left():
            return False
        self.retries -= 1
        return True

    @contextmanager
    def waiting(self) -> Iterator[None]:
        """Count the time of the block as waited."""
        self._since = time.monotonic()
        try:
            yield
        finally:
            self._spent, self._since = self.waited, None
