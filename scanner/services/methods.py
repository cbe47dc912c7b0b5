"""How a scan looks at a library: at every folder, or only into those whose date has changed; and why."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field

from django.utils import timezone

from journal.moves import SYSTEM
from scanner.models import Library, Scan
from scanner.services import folders

SLOW_S = 60  # from here on it is worth while to look at dates first
WHOLE_EVERY = dt.timedelta(hours=1)
State = Scan.State


@dataclass(frozen=True, slots=True)
class Method:
    """`whole`: list every folder. `keep`: remember their dates. `dates`: as they are known."""

    whole: bool
    keep: bool
    why: str = ""
    dates: Mapping[str, int] = field(default_factory=dict)


def suited(library: Library) -> str:
    """Return the mode for a scan that nobody chose one for."""
    return Scan.Mode.DIRS if _is_slow(_last_whole(library)) else Scan.Mode.QUICK


def choose(scan: Scan, library: Library) -> Method:
    """Return how this scan is to look."""
    last = _last_whole(library)
    slow = _is_slow(last)
    if scan.mode != Scan.Mode.DIRS:
        return Method(whole=True, keep=slow, dates=folders.known(library) if slow else {})
    known = folders.known(library)
    if not known:
        return Method(whole=True, keep=True, why="nothing was known of their dates yet")
    if scan.actor == SYSTEM and (last is None or _began(last) < timezone.now() - WHOLE_EVERY):
        return Method(whole=True, keep=True, why="as at least once an hour", dates=known)
    seconds = last.walk_seconds if last and last.walk_seconds else 0.0
    why = f"listing all takes {seconds:.0f} s" if slow else "as asked"
    return Method(whole=False, keep=True, why=why, dates=known)


def sentence(method: Method, listed: int) -> str:
    """Say which folders were listed and why; nothing where all were and nobody asked for less."""
    if not method.why:
        return ""
    if method.whole:
        return f"All {listed} folders were listed: {method.why}."
    return f"{listed} folders were listed, only those of {len(method.dates)} whose date had changed: {method.why}."


def _last_whole(library: Library) -> Scan | None:
    """Return the last scan that listed every folder and came to its end."""
    ended = Scan.objects.filter(library=library, whole=True, walk_seconds__isnull=False)
    return ended.filter(state__in=(State.DONE, State.HELD)).order_by("-pk").first()


def _is_slow(scan: Scan | None) -> bool:
    return scan is not None and (scan.walk_seconds or 0.0) >= SLOW_S


def _began(scan: Scan) -> dt.datetime:
    return scan.started_at or scan.created_at
