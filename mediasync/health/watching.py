"""Checks of the watcher: whether new files are seen at once, or only by the next scan.

The hook of the watcher: what `scanner.services.watching` tells goes through `_watched` below.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from django.utils.translation import gettext as _

from mediasync.health import disks
from mediasync.health.facts import Facts
from mediasync.health.finding import Finding, Level, well

LIMIT = Path("/proc/sys/fs/inotify/max_user_watches")
NEARLY = 0.9
ENOUGH = 524_288


def inotify(facts: Facts) -> Iterator[Finding]:
    """Find that the kernel lets us watch fewer folders than there are."""
    limit, needed = watches(), facts.counts.get("folders", 0)
    if limit is None or needed < NEARLY * limit:
        yield well("inotify-limit", _("The kernel lets all folders be watched."))
        return
    told = {"limit": limit, "needed": needed}
    yield Finding(
        "inotify-limit",
        Level.WARNING,
        _(
            "There are %(needed)d folders and the kernel lets %(limit)d be watched: new files in the others are "
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
    silent = [lib for lib in facts.libraries if facts.measured("library-folder", str(lib.pk)).get("fs") in disks.SILENT]
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
