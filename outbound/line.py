"""The line of one process before one source: one waiter asks, the best priority first."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count

from jobs import running
from jobs.models import Priority
from outbound.waits import Patience

LOOK_UP = 0.5  # seconds after which a waiter looks up, whatever it was told


@dataclass(slots=True)
class Asking:
    """Who wants something from a source; the priority rises when a person joins the same request.

    A `is_test` may ask a source whose circuit is open, and its failure is no news to the breaker.
    """

    priority: int
    is_test: bool = False

    @property
    def is_person(self) -> bool:
        """Whether somebody waits for it."""
        return self.priority <= Priority.CRITICAL


@dataclass(slots=True, eq=False)
class Place:
    """A place in the line."""

    asking: Asking
    number: int

    def rank(self) -> tuple[int, int]:
        """Return what orders the line: priority, then who came first."""
        return self.asking.priority, self.number


class Line:
    """Those who wait for one source in this process."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._places: list[Place] = []
        self._numbers = count()

    @contextmanager
    def place(self, asking: Asking) -> Iterator[Place]:
        """Stand in line for the time of the block."""
        place = Place(asking, next(self._numbers))
        with self._changed:
            self._places.append(place)
        try:
            yield place
        finally:
            with self._changed:
                self._places.remove(place)
                self._changed.notify_all()

    def wait_for_turn(self, place: Place, patience: Patience) -> bool:
        """Wait until `place` is the first; False when patience, which somebody else measures, ended before.

        Raises Interrupted when the job is told to stop.
        """
        with running.interruptible(self._wake), self._changed:
            while not self._is_first(place):
                if patience.left() <= 0:
                    return False
                self._changed.wait(min(LOOK_UP, patience.left()))
                running.check()
        return True

    def _is_first(self, place: Place) -> bool:
        return min(self._places, key=Place.rank) is place

    def _wake(self) -> None:
        with self._changed:
            self._changed.notify_all()


_lines: dict[str, Line] = {}
_lock = threading.Lock()


def line_of(source: str) -> Line:
    """Return this process's line before a source."""
    with _lock:
        return _lines.setdefault(source, Line())
