"""Checks of the watcher: whether new files are seen at once, or only by the next scan."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from django.utils.translation import gettext as _

from mediasync.health import disks
from mediasync.health.facts import Facts
from mediasync.health.finding import Finding, Level, well
from pages.stored import translated

LIMIT = Path("/proc/sys/fs/inotify/max_user_watches")
NEARLY = 0.9
ENOUGH = 524_288


STARTING = "The watcher is starting."  # as the watcher itself writes it


def watched(facts: Facts) -> Iterator[Finding]:
    """Find libraries that the watcher does not watch, or not as a whole: it says why itself."""
    told = [(library, _trouble(facts, library.pk)) for library in facts.libraries]
    amiss = [(library, *trouble) for library, trouble in told if trouble]
    if not amiss:
        yield well("watch", _("New files are seen at once, or by the scans."))
    for library, why, cure in amiss:
        silent = facts.measured("library-folder", str(library.pk)).get("fs") in disks.SILENT
        yield Finding(
            "watch",
            Level.NOTICE if silent else Level.WARNING,
            _("New files in %(name)s are found by the next scan only: %(why)s") % {"name": library.name, "why": why},
            cure or _("Start the background work with `./run`, or restart the service."),
            subject=str(library.pk),
            name=library.name,
        )


def _trouble(facts: Facts, pk: int) -> tuple[str, str] | None:
    """Return why a library is not watched, and the cure; None where it is, or nobody has to be told."""
    if not facts.live or facts.starting:
        return None  # without workers that is what has to be said
    row = facts.watches.get(pk) or {"problem": _("the watcher has not been heard of."), "cure": ""}
    problem = row.get("problem", "")
    return None if not problem or problem == STARTING else (translated(problem), translated(row.get("cure", "")))


def inotify(facts: Facts) -> Iterator[Finding]:
    """Find that the kernel lets us watch hardly more folders than there are; past it, `watch` speaks."""
    limit, needed = watches(), sum(row.get("folders", 0) for row in facts.watches.values())
    if limit is None or needed < NEARLY * limit or any(_trouble(facts, library.pk) for library in facts.libraries):
        yield well("inotify-limit", _("The kernel lets all folders be watched."))
        return
    told = {"limit": limit, "needed": needed}
    yield Finding(
        "inotify-limit",
        Level.WARNING,
        _(
            "%(needed)d folders are watched and the kernel allows %(limit)d: new files in further ones would be "
            "found by the next scan only."
        )
        % told,
        _(
            "As root: `echo fs.inotify.max_user_watches=%d > /etc/sysctl.d/50-mediasync.conf && sysctl --system`, "
            "then restart mediasync."
        )
        % max(ENOUGH, 2 * needed),
    )


def watches() -> int | None:
    """Return how many folders one user may watch; None where the kernel does not say."""
    try:
        return int(LIMIT.read_text(encoding="ascii"))
    except (OSError, ValueError):
        return None


def without_events(facts: Facts) -> Iterator[Finding]:
    """Tell which libraries lie where changes made elsewhere are not announced."""
    untold = [library for library in facts.libraries if not _trouble(facts, library.pk)]
    silent = [lib for lib in untold if facts.measured("library-folder", str(lib.pk)).get("fs") in disks.SILENT]
    if not silent:
        yield well("library-remote", _("Changes in every library are announced by its file system."))
    for library in silent:
        kind = facts.measured("library-folder", str(library.pk))["fs"]
        yield Finding(
            "library-remote",
            Level.NOTICE,
            _(
                "%(name)s lies on a file system (%(kind)s) that does not announce what others change: "
                "new files are found by the scans."
            )
            % {"name": library.name, "kind": kind},
            _("Nothing has to be done. To see them sooner, shorten the schedule of the quick scans in the admin."),
            subject=str(library.pk),
            name=library.name,
            seen_at=facts.measured_at("library-folder", str(library.pk)),
        )
