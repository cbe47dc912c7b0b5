"""Tickets: the only thing django-q2 carries. One says "run a drain", to whichever worker is free."""

from __future__ import annotations

import logging
import secrets
import time
from collections.abc import Sequence

from django_q.brokers import get_broker
from django_q.conf import Conf
from django_q.tasks import async_task

from jobs import presence
from jobs.models import Drain

try:
    from redis.exceptions import RedisError
except ImportError:  # it is needed only where REDIS_URL is set

    class RedisError(Exception):  # type: ignore[no-redef]
        """Never raised."""


log = logging.getLogger(__name__)

START_WITHIN_S = 30


class NoTickets(Exception):
    """What carries the tickets is away; the text says so."""


class Tickets:
    """Keeps live drains and queued tickets together at the number of workers."""

    def __init__(self) -> None:
        Conf.CLUSTER_NAME = f"mediasync-{presence.node()}"  # tickets are per node
        self._waiting: dict[str, float] = {}
        try:
            get_broker().purge_queue()
        except RedisError as error:
            raise _away(error) from error

    def top_up(self, drains: Sequence[Drain], live: Sequence[Drain]) -> None:
        """Send the tickets that are missing, given this node's drains and those of them that live."""
        for drain in drains:
            self._waiting.pop(drain.ticket, None)
        workers = sum(drain.role == Drain.Role.WORKER for drain in live)
        for _ in range(Conf.WORKERS - workers - len(self._waiting)):
            self._send()

    def overdue(self) -> bool:
        """Tell whether a ticket waits so long that the cluster must be broken (a killed worker may hold its lock)."""
        late = time.monotonic() - START_WITHIN_S
        return any(sent < late for sent in self._waiting.values())

    def _send(self) -> None:
        ticket = secrets.token_hex(8)
        self._waiting[ticket] = time.monotonic()
        try:
            async_task("jobs.drain.from_ticket", ticket)
        except RedisError as error:
            del self._waiting[ticket]
            raise _away(error) from error


def _away(error: Exception) -> NoTickets:
    return NoTickets(f"Redis cannot be reached at the address that REDIS_URL names: {error}")
