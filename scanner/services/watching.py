"""What the watcher tells becomes hints and scans; how well each library is watched, for pages and checks."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db.models import OuterRef, Subquery
from django.utils import timezone

from jobs import clock
from jobs.presence import node
from scanner import paths
from scanner.models import Library, Scan, Watch
from scanner.services import hints

FRESH = dt.timedelta(seconds=150)  # the watcher gives a sign of life each minute
KEPT = dt.timedelta(days=1)
STARTING = "The watcher is starting."
SILENT = "The watcher has not been heard of."
SILENT_CURE = "Start the background work with ./run"


@dataclass(frozen=True, slots=True)
class Standing:
    """How a library is watched, by whichever node does it best; `last_scan_at`: when one ended."""

    library: Library
    watching: bool
    folders: int = 0
    limit: int = 0
    since: dt.datetime | None = None
    last_event_at: dt.datetime | None = None
    problem: str = ""
    cure: str = ""
    last_scan_at: dt.datetime | None = None


def roots() -> dict[str, str]:
    """Return {id: path for `os`} of the libraries that are to be watched."""
    return {str(library.pk): paths.resolve(library, "") for library in Library.objects.all()}


def take(told: dict[str, Any]) -> None:
    """Do what follows from a line of the watcher; of a library that is gone nothing does."""
    library = Library.objects.filter(pk=told["library"]).first()
    if library is None:
        return
    if "watch" in told:
        _note(library, told["watch"])
    elif "anywhere" in told:
        hints.scan_instead(library)
    else:
        hints.take(library, *([paths.to_text(path) for path in told[which]] for which in ("shallow", "deep")))


def begin_anew() -> None:
    """Say of all libraries of this node that they are not watched yet; forget nodes that are gone for long."""
    Watch.objects.filter(node=node()).update(watching=False, since=None, problem=STARTING, cure="")
    Watch.objects.filter(seen_at__lt=timezone.now() - KEPT).delete()


def standings() -> list[Standing]:
    """Return how each library is watched, in two queries."""
    rows: dict[int, list[Watch]] = {}
    for watch in Watch.objects.filter(seen_at__gt=timezone.now() - FRESH).order_by("-watching", "problem", "pk"):
        rows.setdefault(watch.library_id, []).append(watch)
    ended = Scan.objects.filter(library=OuterRef("pk"), ended_at__isnull=False).order_by("-ended_at")
    libraries = Library.objects.annotate(last_scan_at=Subquery(ended.values("ended_at")[:1]))
    return [_standing(library, rows.get(library.pk, []), library.last_scan_at) for library in libraries]


def findings() -> list[tuple[Library, str, str]]:
    """Return (library, what is the matter, cure) of those that are not watched, or not as a whole."""
    return [(found.library, found.problem, found.cure) for found in standings() if found.problem]


def _standing(library: Library, watches: list[Watch], last_scan_at: dt.datetime | None) -> Standing:
    if not watches:
        return Standing(library, watching=False, problem=SILENT, cure=SILENT_CURE, last_scan_at=last_scan_at)
    best = watches[0]
    return Standing(
        library,
        watching=best.watching,
        folders=best.folders,
        limit=best.limit,
        since=best.since,
        last_event_at=max((each.last_event_at for each in watches if each.last_event_at), default=None),
        problem=best.problem,
        cure=best.cure,
        last_scan_at=last_scan_at,
    )


def _note(library: Library, state: dict[str, Any]) -> None:
    now = clock.now()
    watch = Watch.objects.filter(library=library, node=node()).first() or Watch(library=library, node=node())
    watch.since = (watch.since or now) if state["watching"] else None
    for name in ("watching", "folders", "limit", "problem", "cure"):
        setattr(watch, name, state[name])
    if state["last_event"]:
        watch.last_event_at = dt.datetime.fromtimestamp(state["last_event"], tz=dt.UTC)
    watch.seen_at = now
    watch.save()
