"""The budget that holds at the server: grants, counted by the latest moment they can have arrived.

For every rule "N per W" a request may go only while fewer than N grants have `arrived_by` later
than now − W. Taking writes now + timeout; the real moment replaces it when the headers are here.
So any W seconds at the server see at most N requests, whatever the processes do or die of.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from django.db import DatabaseError, connection, transaction
from django.db.models import Q

from outbound import clock, pacing
from outbound.clock import Moment
from outbound.models import Grant, Source

log = logging.getLogger(__name__)

AFTER_TIMEOUT = 2.0  # seconds that a request given up may still need to reach the server
KEPT = 3600.0  # seconds grants are kept, so that `sent_since` can count them exactly
FARTHEST = 3600.0  # seconds ahead: a stamp beyond was left by a clock that ran away
PRUNE_EVERY = 60.0
_pruned_at: dict[str, float] = {}  # by source, monotonic; only saves work


@dataclass(frozen=True, slots=True)
class Permit:
    """Leave to send one request, of the `epoch` it was taken in; monotonic times of this process.

    The request's headers must be here by `deadline`: later ones would break the promise at the server.
    """

    source: str
    grant: int
    epoch: int
    is_probe: bool
    asked_at: float
    deadline: float
    is_test: bool = False

    def is_fresh(self) -> bool:
        """Tell whether it may still be used; a process frozen meanwhile asks again."""
        return time.monotonic() - self.asked_at < AFTER_TIMEOUT


@contextmanager
def relaxed() -> Iterator[None]:
    """Open a short transaction that need not reach the disk before it ends; never nested."""
    with transaction.atomic(durable=True):
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("SET LOCAL synchronous_commit TO off")
        yield


def now() -> Moment:
    """Return the present moment; where its clock ran away, every grant counts as arrived just now."""
    moment = clock.now()
    if moment.jumped:
        log.warning("The database's clock jumped: all grants count as arrived just now.")
        Grant.objects.update(arrived_by=moment.budget, taken_at=moment.budget)
    return moment


def room(source: Source, moment: Moment, *, person: bool) -> float:
    """Return the seconds until every rule has room for one more request; 0 where it is there."""
    rules = rules_of(source)
    return pacing.wait_for(
        rules, stamps(source, rules), now=moment.budget, urgent_until=source.urgent_until, person=person
    )


def rules_of(source: Source) -> list[pacing.Rule]:
    """Return the rules of the row: limits changed there hold at once."""
    return [pacing.Rule(int(requests), float(seconds)) for requests, seconds in source.rules]


def stamps(source: Source, rules: list[pacing.Rule]) -> list[pacing.Stamp]:
    """Return the newest grants, latest first, as many as the largest rule can look at."""
    most = max((rule.requests for rule in rules), default=0)
    rows = Grant.objects.filter(source=source).order_by("-arrived_by").values_list("arrived_by", "taken_at")
    return [pacing.Stamp(*row) for row in rows[:most]]


def take(
    source: Source, moment: Moment, *, timeout: float, asked_at: float, is_probe: bool, is_test: bool = False
) -> Permit:
    """Write the grant; belongs in the transaction that locked `source` and found room."""
    prune(source, moment)
    grant = Grant.objects.create(
        source=source,
        arrived_by=moment.budget + timeout + AFTER_TIMEOUT,
        taken_at=moment.budget,
        clock=moment.clock,
    )
    return Permit(source.name, grant.pk, source.epoch, is_probe, asked_at, asked_at + timeout, is_test)


def settle(permit: Permit, *, timed_out: bool = False) -> None:
    """Replace the grant's stamp by the real moment: now, or 2 s later after a timeout.

    A database that cannot be written now changes nothing for the request: the stamp stays late.
    """
    moment = now()
    arrived_by = moment.budget + (AFTER_TIMEOUT if timed_out else 0.0)
    _quietly(lambda: Grant.objects.filter(pk=permit.grant).update(arrived_by=arrived_by))


def refund(permit: Permit) -> None:
    """Give back a grant with which certainly nothing was sent."""
    _quietly(lambda: Grant.objects.filter(pk=permit.grant).delete())


def keep_background_away(name: str, moment: Moment) -> None:
    """Let a person's request have the next free place; holds for a second, renewed by the waiter."""
    with relaxed():
        Source.objects.filter(pk=name).update(urgent_until=moment.budget + pacing.URGENT)


def sent_since(since: datetime, moment: Moment) -> int:
    """Return how many grants were taken since then; exact for the last hour."""
    elapsed = (moment.wall - since).total_seconds()
    return Grant.objects.filter(taken_at__gte=moment.budget - elapsed).count()


def prune(source: Source, moment: Moment) -> None:
    """Now and then delete grants older than every window and the hour that `sent_since` counts."""
    if time.monotonic() - _pruned_at.get(source.name, 0.0) < PRUNE_EVERY:
        return
    _pruned_at[source.name] = time.monotonic()
    longest = max((rule.seconds for rule in rules_of(source)), default=0.0)
    Grant.objects.filter(source=source, arrived_by__lt=moment.budget - max(longest, KEPT)).delete()


def adopt(name: str) -> None:
    """Let grants stamped by another boot's clock, or one that ran away, count as arrived just now."""
    moment = now()
    strange = ~Q(clock=moment.clock) | Q(arrived_by__gt=moment.budget + FARTHEST)
    Grant.objects.filter(strange, source=name).update(
        arrived_by=moment.budget, taken_at=moment.budget, clock=moment.clock
    )


def _quietly(write: Callable[[], object]) -> None:
    try:
        with relaxed():
            write()
    except DatabaseError as error:
        log.warning("A grant keeps its late stamp: %s", error)
