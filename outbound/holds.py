"""What stops a whole source is told to the queue: its jobs are not claimed until then."""

from __future__ import annotations

from datetime import timedelta

from jobs import queue
from outbound.clock import Moment
from outbound.models import Source

LONGEST = timedelta(hours=24)  # nothing pauses longer without being looked at again


def renew(source: Source, moment: Moment) -> None:
    """Hold the source's jobs as long as its pause or circuit says, or let them go.

    Belongs in the transaction that changed `source`.
    """
    stops = [(source.paused_until, source.paused_reason)]
    if source.circuit == Source.Circuit.OPEN:
        stops.append((source.open_until, f"It failed {source.failures} times in a row. Last: {source.last_error}"))
    ahead = [(until, reason) for until, reason in stops if until and until > moment.wall]
    if ahead:
        until, reason = max(ahead)
        queue.hold(source.name, until=min(until, moment.wall + LONGEST), reason=reason)
    else:
        queue.unhold(source.name)
