"""What takes long to find out: measured in the background and by `doctor`, kept until the next time."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil
from django.db import DatabaseError, connection

from mediasync.health import disks
from mediasync.health.database import sqlite_file
from mediasync.health.facts import Facts
from outbound import skew
from scanner import paths
from scanner.streams import helper

MINUTE, HOUR, DAY = 60, 3_600, 86_400
Reading = tuple[str, Mapping[str, Any]]  # of which subject, and what
JUMPED_S = 30
LOCK_PATIENCE_S = 10.0


@dataclass(frozen=True, slots=True)
class Measure:
    """What is measured for the check `code`, every so many seconds; `deep` says that it may write and read much."""

    code: str
    every_s: int
    take: Callable[[Facts, bool], Iterator[Reading]]


def take(facts: Facts, *, deep: bool) -> dict[tuple[str, str], Mapping[str, Any]]:
    """Return what is due to be measured now; with `deep` everything, however long it takes."""
    due = [measure for measure in MEASURES if deep or _is_due(measure, facts)]
    return {(one.code, subject): found for one in due for subject, found in one.take(facts, deep)}


def _is_due(measure: Measure, facts: Facts) -> bool:
    """Whether it was not measured lately; what has no row yet is measured at once."""
    moments = [row.measured_at for (code, _subject), row in facts.results.items() if code == measure.code]
    last = max((moment for moment in moments if moment), default=None)
    if measure.code == "library-folder":
        known = {subject for code, subject in facts.results if code == measure.code}
        if not {str(library.pk) for library in facts.libraries} <= known:
            return True
    return last is None or (facts.now - last).total_seconds() >= measure.every_s


def _folders(facts: Facts, deep: bool) -> Iterator[Reading]:
    """Look at the folder of every library; a file is written there once a day only, since that wakes the disk."""
    for library in facts.libraries:
        subject = str(library.pk)
        before = facts.measured("library-folder", subject)
        write = library.sidecars != library.Sidecars.OFF
        probe = write and (deep or time.time() - float(before.get("probed_at", 0)) > DAY)
        found = disks.look_at(paths.resolve(library, ""), write=probe)
        if probe:
            found["probed_at"] = time.time()
        elif write and not found.get("write_problem") and before.get("write_problem"):
            found["write_problem"] = before["write_problem"]  # rights alone do not say that it works again
        if not probe:
            found["probed_at"] = before.get("probed_at", 0)
        if "real" in found:
            found["real"] = paths.to_text(found["real"])
        yield subject, found


def _database(facts: Facts, deep: bool) -> Iterator[Reading]:
    """Let the database look through its own pages."""
    if connection.vendor != "sqlite":
        yield "", {"problems": []}
        return
    try:
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA quick_check(5)")
            told = [row[0] for row in cursor.fetchall()]
    except DatabaseError as error:
        told = [str(error)]
    yield "", {"problems": [line for line in told if line != "ok"]}


def _lock(facts: Facts, deep: bool) -> Iterator[Reading]:
    """Wait for leave to write, and write nothing."""
    file = sqlite_file()
    if file is None:
        yield "", {"waited_s": 0.0}
        return
    began = time.monotonic()
    with closing(sqlite3.connect(file, timeout=LOCK_PATIENCE_S, isolation_level=None)) as other:
        try:
            other.execute("BEGIN IMMEDIATE")
            other.execute("ROLLBACK")
        except sqlite3.OperationalError:  # not in all that time
            pass
    yield "", {"waited_s": round(time.monotonic() - began, 3)}


def _server(facts: Facts, deep: bool) -> Iterator[Reading]:
    """Ask PostgreSQL who it is."""
    if connection.vendor != "postgresql":
        return
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT current_setting('server_version_num')::int, current_setting('server_version'),"
            " current_setting('server_encoding'), pg_database_size(current_database())"
        )
        number, version, encoding, size = cursor.fetchone()
    yield "", {"version": number, "name": version, "encoding": encoding, "bytes": size}


def _clock_set(facts: Facts, deep: bool) -> Iterator[Reading]:
    """Compare the wall clock with one that nobody can set, as it was the last time."""
    before, boot = facts.measured("clock-set"), _boot_id()
    offset = time.time() - time.monotonic()
    by, at = float(before.get("by_s", 0.0)), float(before.get("at", 0.0))
    if boot and before.get("boot") == boot and abs(offset - float(before["offset"])) > JUMPED_S:
        by, at = offset - float(before["offset"]), time.time()
    yield "", {"boot": boot, "offset": offset, "by_s": by, "at": at}


def _boot_id() -> str:
    try:
        return Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii").strip()
    except OSError:
        return f"{psutil.boot_time():.0f}"


def _skew(facts: Facts, deep: bool) -> Iterator[Reading]:
    """Take what the answers of the services said; nothing is asked for it."""
    for source, seconds in skew.ahead().items():
        yield source, {"ahead_s": round(seconds, 1)}


def _media_info(facts: Facts, deep: bool) -> Iterator[Reading]:
    """Start the program that looks into files."""
    yield "", {"there": helper.is_there()}


MEASURES = (
    Measure("library-folder", HOUR, _folders),
    Measure("database-check", DAY, _database),
    Measure("database-lock", 15 * MINUTE, _lock),
    Measure("database-server", DAY, _server),
    Measure("clock-set", 4 * MINUTE, _clock_set),
    Measure("media-info", HOUR, _media_info),
    Measure("clock", 4 * MINUTE, _skew),
)
