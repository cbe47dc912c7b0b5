"""Checks of the database and of the disk under it."""

from __future__ import annotations

import datetime as dt
import shutil
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings
from django.db import connection
from django.utils.translation import gettext as _

from mediasync.health import disks
from mediasync.health.facts import Facts
from mediasync.health.finding import Finding, Level, well
from mediasync.templatetags.ui import size, span

LEAST_FREE, BETTER_FREE = 500 << 20, 2 << 30
LARGE_WAL = 256 << 20
SLOW_LOCK_S = 3.0
UNVERIFIED = dt.timedelta(days=7)
OLDEST_POSTGRES = 14


def space(facts: Facts) -> Iterator[Finding]:
    """Find that the disk under the data directory is nearly full."""
    free = shutil.disk_usage(settings.DATA_DIR).free
    told = {"free": size(free), "place": settings.DATA_DIR}
    if free >= BETTER_FREE:
        yield well("disk", _("%(free)s are free in %(place)s.") % told)
        return
    level = Level.ERROR if free < LEAST_FREE else Level.WARNING
    message = _("Only %(free)s are free in %(place)s: when the disk is full, nothing can be stored any more.") % told
    yield Finding("disk", level, message, _("Make room on that disk, or move the data directory (`MEDIASYNC_DATA`)."))


def on_a_share(facts: Facts) -> Iterator[Finding]:
    """Find an SQLite database on a network share, where its locks do not hold."""
    file = sqlite_file()
    kind = disks.kind_at(str(file.parent)) if file else ""
    if not file or kind not in disks.REMOTE:
        yield well("database-share", _("The database lies where its locks hold."))
        return
    yield Finding(
        "database-share",
        Level.ERROR,
        _("The database lies on a network share (%s), where SQLite's locks do not hold: it may be destroyed.") % kind,
        _("Stop mediasync, copy the data directory to a local disk and point `MEDIASYNC_DATA` there."),
    )


def integrity(facts: Facts) -> Iterator[Finding]:
    """Find a damaged database, or one that was not verified for long."""
    seen = facts.measured("database-check")
    at = facts.measured_at("database-check")
    if seen.get("problems"):
        yield Finding(
            "database-check",
            Level.ERROR,
            _("The database is damaged: %s") % "; ".join(map(str, seen["problems"])),
            _("Stop mediasync and restore the last good backup with `./run restore FILE`."),
            seen_at=at,
        )
    elif at is not None and facts.now - at > UNVERIFIED:
        yield Finding(
            "database-check",
            Level.NOTICE,
            _("The database has not been verified for %s.") % span((facts.now - at).total_seconds()),
            _("Press “Test everything now”, or run `./run doctor`."),
            seen_at=at,
        )
    else:
        yield well(
            "database-check",
            _("The database is in order.") if seen else _("The database is verified once a day."),
            seen_at=at,
        )


def write_ahead_log(facts: Facts) -> Iterator[Finding]:
    """Find a write-ahead log that cannot be emptied."""
    file = sqlite_file()
    wal = disks.size_of(f"{file}-wal") if file else 0
    if wal < LARGE_WAL:
        yield well("database-wal", _("The database's log is small."))
        return
    yield Finding(
        "database-wal",
        Level.WARNING,
        _("The database's write-ahead log has grown to %s: something reads all the time, and pages become slow.")
        % size(wal),
        _("End other programs that have the database open, then `./run doctor --fix` empties it."),
    )


def lock(facts: Facts) -> Iterator[Finding]:
    """Find a database that lets nobody write for long."""
    waited = facts.measured("database-lock").get("waited_s", 0.0)
    at = facts.measured_at("database-lock")
    if waited < SLOW_LOCK_S:
        yield well("database-lock", _("The database can be written at once."), seen_at=at)
        return
    yield Finding(
        "database-lock",
        Level.WARNING,
        _("Whoever wanted to write to the database waited %s: everything takes that long.") % span(waited),
        _("End other programs that have the database open, such as an SQLite browser; the next test tells."),
        seen_at=at,
    )


def postgres(facts: Facts) -> Iterator[Finding]:
    """Find a PostgreSQL that is too old, or stores text in another encoding."""
    seen = facts.measured("database-server")
    at = facts.measured_at("database-server")
    version, encoding = int(seen.get("version", 0)), seen.get("encoding", "UTF8")
    if connection.vendor != "postgresql" or not seen or (version >= OLDEST_POSTGRES * 10_000 and encoding == "UTF8"):
        yield well("database-server", _("The database server suits."), seen_at=at)
    elif encoding != "UTF8":
        yield Finding(
            "database-server",
            Level.ERROR,
            _("The PostgreSQL database stores text as %s: titles and paths in other scripts cannot be stored.")
            % encoding,
            _("Make another with `createdb --encoding=UTF8 --template=template0 mediasync`, and restore a backup."),
            seen_at=at,
        )
    else:
        yield Finding(
            "database-server",
            Level.ERROR,
            _("PostgreSQL %d is too old.") % (version // 10_000),
            _("Upgrade the server to PostgreSQL %d or newer.") % OLDEST_POSTGRES,
            seen_at=at,
        )


def sqlite_file() -> Path | None:
    """Return the file of the database; None where it is none."""
    name = str(connection.settings_dict["NAME"])
    is_file = connection.vendor == "sqlite" and ":memory:" not in name and "mode=memory" not in name
    return Path(name) if is_file else None
