"""Checks of the machine, and of what is installed on it."""

from __future__ import annotations

import datetime as dt
import os
import re
import resource
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from mediasync import __version__
from mediasync.environment import WRITTEN
from mediasync.health.facts import Facts
from mediasync.health.finding import Finding, Level, well
from mediasync.templatetags.ui import size, span

LEAST_MEMORY = 200 << 20
LEAST_FILES, BETTER_FILES = 1024, 4096
DAY_S = 86_400
NOWHERE = {"UTC", "Etc/UTC", "UCT", "Etc/UCT", "Universal", "Zulu"}  # what a machine says that was told nothing
SET_BY_S = 60
LEFT_OVER = (".env.[0-9]*", "setup.[0-9]*", ".mediasync-*.tmp", "artwork/.mediasync-*.tmp", "backups/*.part")


def version(facts: Facts) -> Iterator[Finding]:
    """Find processes that still run what was there before an update."""
    there = version_on_disk()
    old = sorted({drain.version for drain in facts.live if drain.version and drain.version != there})
    if there != __version__:
        old = [__version__, *old]
    if not old:
        yield well("version", _("Everything that runs is mediasync %s.") % there)
        return
    yield Finding(
        "version",
        Level.WARNING,
        _("mediasync %(there)s is installed, but %(old)s still runs.")
        % {"there": there, "old": ", ".join(dict.fromkeys(old))},
        _("Restart mediasync."),
    )


def version_on_disk() -> str:
    """Return the version of the code as it lies there now, which an update may have changed."""
    try:
        text = (Path(settings.BASE_DIR) / "mediasync" / "__init__.py").read_text(encoding="utf-8")
    except OSError:
        return __version__
    found = re.search(r'^__version__ = "([^"]+)"', text, re.MULTILINE)
    return found[1] if found else __version__


def time_zone(facts: Facts) -> Iterator[Finding]:
    """Tell that nobody said where the household is."""
    if settings.TIME_ZONE not in NOWHERE:
        yield well("time-zone", _("The household's time zone is %s.") % settings.TIME_ZONE)
        return
    yield Finding(
        "time-zone",
        Level.NOTICE,
        _("Nobody has said in which time zone the household is: nightly work and dates follow UTC."),
        _("Put `TZ=Europe/Berlin`, or wherever you live, into %s and restart mediasync.")
        % (Path(settings.DATA_DIR) / ".env"),
    )


def clock_set(facts: Facts) -> Iterator[Finding]:
    """Tell that somebody set the clock lately."""
    seen = facts.measured("clock-set")
    by, at = float(seen.get("by_s", 0.0)), float(seen.get("at", 0.0))
    if not by or time.time() - at > DAY_S:
        yield well("clock-set", _("The clock runs evenly."))
        return
    when = dt.datetime.fromtimestamp(at, dt.UTC)
    told = {"by": span(abs(by)), "ago": span(max(0.0, time.time() - at))}
    yield Finding(
        "clock-set",
        Level.NOTICE,
        (
            _("The clock was set ahead by %(by)s, %(ago)s ago.")
            if by > 0
            else _("The clock was set back by %(by)s, %(ago)s ago.")
        )
        % told
        + " "
        + _("Workers may have begun their jobs anew; nothing is lost."),
        _("Let the machine keep its clock by itself: `timedatectl set-ntp true`. This goes after a day."),
        details={"at": when.isoformat()},
    )


def media_info(facts: Facts) -> Iterator[Finding]:
    """Find a machine on which nobody can look into files."""
    if facts.measured("media-info").get("there", True):
        yield well("media-info", _("Files can be looked into."))
        return
    yield Finding(
        "media-info",
        Level.WARNING,
        _("MediaInfo's library is missing: resolution, languages and length of files stay unknown, broken ones too."),
        _(
            "Install it: `apt install libmediainfo0v5` on Debian and Ubuntu, `apk add libmediainfo` on Alpine. "
            "Files are looked into by themselves then."
        ),
        seen_at=facts.measured_at("media-info"),
    )


def open_files(facts: Facts) -> Iterator[Finding]:
    """Find a limit of open files that a large library reaches."""
    soft = resource.getrlimit(resource.RLIMIT_NOFILE)[0]
    if soft == resource.RLIM_INFINITY or soft >= LEAST_FILES:
        yield well("open-files", _("Enough files may be open at once."))
        return
    yield Finding(
        "open-files",
        Level.WARNING,
        _("mediasync may have only %d files open at once: scans and pages may fail in the middle.") % soft,
        _("`ulimit -n %(files)d` before `./run`, or `LimitNOFILE=%(files)d` in the service, then restart.")
        % {"files": BETTER_FILES},
    )


def memory(facts: Facts) -> Iterator[Finding]:
    """Find a machine that is nearly out of memory."""
    free = psutil.virtual_memory().available
    if free >= LEAST_MEMORY:
        yield well("memory", _("%s of memory are free.") % size(free))
        return
    yield Finding(
        "memory",
        Level.WARNING,
        _("Only %s of memory are free: the system may end mediasync or what runs beside it.") % size(free),
        _("Close what else needs memory, or set `WORKERS=1` and restart mediasync."),
    )


def left_overs(facts: Facts) -> Iterator[Finding]:
    """Tell of files that a process which was killed left in the data directory."""
    old = temporary_files()
    if not old:
        yield well("temp-files", _("Nothing is left over in the data directory."))
        return
    said = ngettext("%d unfinished file is left over in %s.", "%d unfinished files are left over in %s.", len(old))
    yield Finding(
        "temp-files",
        Level.NOTICE,
        said % (len(old), settings.DATA_DIR),
        _("`./run doctor --fix` removes them."),
        details={"files": [path.name for path in old[:20]]},
    )


def temporary_files() -> list[Path]:
    """Return unfinished files of ours that are older than a day."""
    folder, before = Path(settings.DATA_DIR), time.time() - DAY_S
    found = [path for pattern in LEFT_OVER for path in folder.glob(pattern)]
    return sorted(path for path in found if path.is_file() and path.lstat().st_mtime < before)


def static_files(facts: Facts) -> Iterator[Finding]:
    """Find that style sheets and scripts are missing: pages look broken."""
    backend = settings.STORAGES["staticfiles"]["BACKEND"]
    root = Path(settings.STATIC_ROOT)
    there = (root / "staticfiles.json").exists() if "Manifest" in backend else (root / "app.css").exists()
    if there:
        yield well("static-files", _("Style sheets and scripts are in place."))
        return
    yield Finding(
        "static-files",
        Level.ERROR,
        _("Style sheets and scripts are missing in %s: pages cannot be shown.") % root,
        _("`./run doctor --fix`, or `./run collectstatic --noinput`, puts them there; then restart mediasync."),
    )


def writable(facts: Facts) -> Iterator[Finding]:
    """Find files of ours that belong to somebody else: mostly to root, after one start as root."""
    folder = Path(settings.DATA_DIR)
    names = (*WRITTEN, ".env", "backups", "logs")
    shut = [
        path for path in (folder, *(folder / name for name in names)) if path.exists() and not os.access(path, os.W_OK)
    ]
    if not shut:
        yield well("data-write", _("Everything in the data directory can be written."))
        return
    told = {"files": ", ".join(map(str, shut)), "user": os.getuid()}
    yield Finding(
        "data-write",
        Level.ERROR,
        _("%(files)s cannot be written by this user (uid %(user)d).") % told,
        _("Stop mediasync and give it back, as root: `chown -R %(user)s %(folder)s` for the user that runs it.")
        % {"user": os.getuid(), "folder": folder},
    )
