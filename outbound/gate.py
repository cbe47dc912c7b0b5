"""The gate before every request: pauses, circuit and budget, asked in one short transaction."""

from __future__ import annotations

import os
import threading
import time

from jobs import running
from outbound import breaker, budget, pauses
from outbound.budget import Permit
from outbound.clock import Moment
from outbound.line import LOOK_UP, Asking, line_of
from outbound.models import Source
from outbound.waits import Patience, Wait

SLOW_LOCK = 1.0  # seconds after which a stamp from before the lock is too old to send with


def enter(name: str, asking: Asking, patience: Patience, *, timeout: float, credentials: str) -> Permit:
    """Return leave to send one request now, waiting for it as long as patience lasts.

    Nothing is booked ahead: who finds no room waits and asks again. Raises RateLimited, CircuitOpen,
    Blocked or NotConfigured with the moment to come back, and Interrupted when the job must stop.
    """
    line = line_of(name)
    wait: Wait | None = None
    with line.place(asking) as place, patience.waiting():
        while line.wait_for_turn(place, patience):
            answer = ask(name, asking, timeout=timeout, credentials=credentials)
            if isinstance(answer, Permit):
                return answer
            wait = answer
            if wait.seconds > patience.left():
                break
            running.wait(min(wait.seconds, LOOK_UP))
    raise (wait or Wait(1.0, budget.now())).as_failure(name)


def ask(name: str, asking: Asking, *, timeout: float, credentials: str) -> Permit | Wait:
    """Take a grant if nothing is in the way at this moment, else say how long to wait.

    A plain read looks first, so that waiting locks nothing.
    """
    asked_at, moment = time.monotonic(), budget.now()
    source = Source.objects.fresh(name)
    wait = _obstacle(source, moment, asking, credentials=credentials)
    if wait is None:
        return _take(name, moment, asking, timeout=timeout, credentials=credentials, asked_at=asked_at)
    if asking.is_person and wait.is_for_room:
        budget.keep_background_away(name, moment)
    return wait


def _take(
    name: str, moment: Moment, asking: Asking, *, timeout: float, credentials: str, asked_at: float
) -> Permit | Wait:
    """Look again with the source locked, at the moment from before the lock, and write the grant."""
    with budget.relaxed():
        source = Source.objects.locked(name)
        if time.monotonic() - asked_at > SLOW_LOCK:
            return Wait(0.0, moment)
        wait = _obstacle(source, moment, asking, credentials=credentials)
        if wait is not None:
            return wait
        is_probe = source.circuit != Source.Circuit.CLOSED
        if is_probe:
            breaker.begin_probe(source, moment, timeout=timeout, by=f"{os.getpid()}.{threading.get_ident()}")
        if asking.is_person and source.urgent_until:
            Source.objects.filter(pk=name).update(urgent_until=0)
        return budget.take(
            source, moment, timeout=timeout, asked_at=asked_at, is_probe=is_probe, is_test=asking.is_test
        )


def _obstacle(source: Source, moment: Moment, asking: Asking, *, credentials: str) -> Wait | None:
    """Return the first thing in the way: credentials, a pause, the circuit, the budget."""
    stopped = pauses.obstacle(source, moment, credentials) or breaker.obstacle(source, moment, early=asking.is_test)
    if stopped is not None:
        return stopped
    seconds = budget.room(source, moment, person=asking.is_person)
    return Wait(seconds, moment, is_for_room=True) if seconds > 0 else None
