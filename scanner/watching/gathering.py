"""When to tell of what has happened: soon where it is little, once it is quiet where it is much (pure)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

MOST = 50  # folders; more are told as "anywhere"
MANY = 300  # changes in a few folders: they are told as such, but later
QUIET_S = 0.4
QUIET_AFTER_MANY_S = 2.0
PATIENCE_S = 2.0  # where it never gets quiet; twice as long after each time, up to
LONGEST_S = 60.0
PATIENCE_WITH_MANY_S = 30.0
OVER_AFTER_S = 10.0


@dataclass(slots=True)
class Gathering:
    """What has happened in one library since it was told the last time."""

    shallow: set[str] = field(default_factory=set)
    deep: set[str] = field(default_factory=set)
    anywhere: bool = False
    changes: int = 0
    told: int = 0
    first: float = 0.0
    last: float = 0.0

    def add(self, shallow: Iterable[str], deep: Iterable[str], *, now: float, anywhere: bool = False) -> None:
        """Take in changes of this moment (seconds of a monotonic clock)."""
        if now - self.last > OVER_AFTER_S:
            self.told = 0
        if not self.changes:
            self.first = now
        self.changes += 1
        self.last = now
        self.shallow.update(shallow)
        self.deep.update(deep)
        if anywhere or len(self.shallow) + len(self.deep) > MOST:
            self.anywhere = True
        if self.anywhere:
            self.shallow.clear()
            self.deep.clear()

    def due_at(self) -> float | None:
        """Return when to tell, None while there is nothing to be told."""
        if not self.changes:
            return None
        many = self.anywhere or self.changes > MANY
        quiet = self.last + (QUIET_AFTER_MANY_S if many else QUIET_S)
        patience = min(LONGEST_S, (PATIENCE_WITH_MANY_S if many else PATIENCE_S) * (1 << min(self.told, 10)))
        return min(quiet, self.first + patience)

    def take(self) -> tuple[list[str], list[str], bool]:
        """Return the folders, those to be looked at with all below them, and whether it may be anywhere."""
        found = sorted(self.shallow), sorted(self.deep), self.anywhere
        self.shallow.clear()
        self.deep.clear()
        self.anywhere, self.changes, self.told = False, 0, self.told + 1
        return found
