"""Identical requests in flight share one: the first sends, the others wait for its answer."""

from __future__ import annotations

import copy
import math
import threading
import time
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field, replace

from jobs import running
from jobs.errors import GiveUp, RetryLater
from outbound.errors import Transient
from outbound.line import LOOK_UP, Asking
from outbound.reading import Reply


@dataclass(slots=True, eq=False)
class Flight:
    """A request under way in this process and, at the end, what became of it."""

    asking: Asking
    landed: threading.Event = field(default_factory=threading.Event)
    result: Reply | RetryLater | GiveUp | None = None  # None: stopped or cut short, or a bug flew


_flights: dict[Hashable, Flight] = {}
_lock = threading.Lock()


def share(key: Hashable, asking: Asking, send: Callable[[Asking], Reply], *, until: float = math.inf) -> Reply:
    """Return the reply of the flight with this key, sending it if nobody does.

    A person who joins lifts the priority of all, and waits `until` then (monotonic). Failures are shared too; where
    the first was only told to stop, or had less time than the others, the next one sends.
    """
    while True:
        flight, is_mine = _join(key, asking)
        if is_mine:
            return _fly(key, flight, send)
        _await(flight, until)
        if isinstance(flight.result, Reply):
            return replace(flight.result, data=None)
        if flight.result is not None:
            raise copy.copy(flight.result)


def _join(key: Hashable, asking: Asking) -> tuple[Flight, bool]:
    with _lock:
        known = _flights.get(key)
        if known is None:
            known = _flights[key] = Flight(asking)
            return known, True
        known.asking.priority = min(known.asking.priority, asking.priority)
        return known, False


def _fly(key: Hashable, flight: Flight, send: Callable[[Asking], Reply]) -> Reply:
    try:
        flight.result = send(flight.asking)
    except (RetryLater, GiveUp) as failure:
        if not getattr(failure, "cut_short", False):
            flight.result = failure
        raise
    finally:
        with _lock:
            del _flights[key]
        flight.landed.set()
    return flight.result


def _await(flight: Flight, until: float) -> None:
    while not flight.landed.wait(max(0.0, min(LOOK_UP, until - time.monotonic()))):
        running.check()
        if time.monotonic() >= until:
            raise Transient("The same is being asked for already, and no answer has come in time.")
