"""A database that is away: told once and now and then, in a line, and when it is over."""

from __future__ import annotations

import logging
import time

AGAIN_S = 60.0

log = logging.getLogger(__name__)


class Outage:
    """Keeps a loop that looks every moment from writing the same trouble every moment."""

    def __init__(self) -> None:
        self._since: float | None = None
        self._told = 0.0

    def tell(self, error: Exception) -> None:
        """Say that the database cannot be used; the same within a minute is passed over."""
        now = time.monotonic()
        if self._since is None or now - self._told >= AGAIN_S:
            log.error("The queue cannot be reached: %s. It is tried again every second.", " ".join(str(error).split()))
            self._told = now
        self._since = self._since if self._since is not None else now

    def over(self) -> None:
        """Say that it is over, if there was an outage."""
        if self._since is not None:
            log.warning("The queue can be reached again, after %.0f s.", time.monotonic() - self._since)
            self._since = None
