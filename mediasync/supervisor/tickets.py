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

log = logging.getLogger(__name__)

START_WITHIN_S = 30


class Tickets:
    """Keeps live drains and queued tickets together at the number of workers."""

    def __init__(self) -> None:
        Conf.CLUSTER_NAME = f"mediasync-{presence.node()}"  # tickets are per node
        self._waiting: dict[str, float] = {}
        get_broker().purge_queue()

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
        async_task("jobs.drain.from_ticket", ticket)
