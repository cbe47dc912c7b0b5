"""What the System page shows beside the checks: workers, schedules, disks, database, versions."""

from __future__ import annotations

import datetime as dt
import platform
import shutil
import sqlite3
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from importlib import metadata
from typing import Any

from django.conf import settings
from django.db import connection
from django.utils.translation import gettext as _

from jobs.models import Drain, Job
from mediasync import __version__
from mediasync.health import disks, looking
from mediasync.health.checks import CHAPTERS, CHECKS, Chapter
from mediasync.health.database import sqlite_file
from mediasync.health.facts import FRESH, Facts
from mediasync.health.finding import Finding, Level

PACKAGES = (
    "django", "django-q2", "django-ninja", "django-htmx", "gunicorn", "requests", "pillow", "guessit",
    "pymediainfo", "rapidfuzz",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Row:
    """A finding as the page shows it: `title` says which check it is; `hidden_by` whoever hid it."""

    finding: Finding
    title: str
    since: dt.datetime | None = None
    hidden_by: str = ""

    @property
    def may_hide(self) -> bool:
        """What needs somebody stays in sight."""
        return self.finding.level in (Level.NOTICE, Level.WARNING)


@dataclass(frozen=True, slots=True)
class Sheet:
    """All findings, sorted for the page; `quiet` are the chapters with the titles of what is well in them."""

    amiss: list[Row]
    hidden: list[Row]
    quiet: list[tuple[Chapter, list[str]]]
    looked_at: dt.datetime | None
    counts: Counter[str] = field(default_factory=Counter)

    @property
    def many(self) -> int:
        """How many checks there are."""
        return len(CHECKS)


def sheet(facts: Facts) -> Sheet:
    """Return everything the checks say, the worst first."""
    found = looking.findings(facts)
    rows = [_row(finding, facts) for finding in found if finding.level != Level.OK]
    rows.sort(key=lambda row: row.finding.level.rank)
    amiss = [row for row in rows if not row.hidden_by]
    wrong = {row.finding.code for row in rows}
    quiet = [(chapter, [str(one.title) for one in chapter.checks if one.code not in wrong]) for chapter in CHAPTERS]
    counts = Counter(str(row.finding.level) for row in amiss)
    looked_at = facts.measured_at("clock-set")
    return Sheet(amiss, [row for row in rows if row.hidden_by], [one for one in quiet if one[1]], looked_at, counts)


def _row(finding: Finding, facts: Facts) -> Row:
    kept = facts.results.get(finding.key)
    hidden_by = (kept.hidden_by or "–") if kept and looking.is_hidden(finding, facts) else ""
    since = kept.since if kept and kept.state == finding.level else None
    return Row(finding, str(CHECKS[finding.code].title), since, hidden_by)


@dataclass(frozen=True, slots=True)
class Worker:
    """A worker process with the kinds of what it does just now, and how many of each."""

    drain: Drain
    lives: bool
    busy: list[tuple[str, int]]


def workers(facts: Facts) -> list[Worker]:
    """Return the worker processes; what is shown as running are the leases."""
    leases = [group for group in facts.jobs if group.state == Job.State.LEASED]
    found = []
    for drain in facts.drains:
        mine: Counter[str] = Counter()
        for group in leases:
            if group.leased_by.startswith(f"{drain.name}/"):
                mine[group.kind] += group.many
        found.append(Worker(drain, drain.beat_at > facts.now - FRESH, mine.most_common()))
    return found


@dataclass(frozen=True, slots=True)
class Disk:
    """Room under a path, in bytes; `seen_at` is None where it was looked at just now."""

    name: str
    path: str
    kind: str
    free: int
    total: int
    seen_at: dt.datetime | None = None

    @property
    def used(self) -> int:
        """What is taken."""
        return max(0, self.total - self.free)


def rooms(facts: Facts) -> Iterator[Disk]:
    """Return the room of the data directory and of every library; of these as it was when last looked at."""
    data = str(settings.DATA_DIR)
    usage = shutil.disk_usage(data)
    yield Disk(_("Data directory"), data, disks.kind_at(data), usage.free, usage.total)
    for library in facts.libraries:
        subject = str(library.pk)
        seen = facts.measured("library-folder", subject)
        if "total" in seen:
            at = facts.measured_at("library-folder", subject)
            yield Disk(library.name, library.path, str(seen.get("fs", "")), seen["free"], seen["total"], at)


def database(facts: Facts) -> dict[str, Any]:
    """Return kind, version, place and sizes of the database."""
    file = sqlite_file()
    seen = facts.measured("database-server")
    about = connection.settings_dict
    is_sqlite = connection.vendor == "sqlite"
    return {
        "kind": "SQLite" if is_sqlite else "PostgreSQL",
        "version": sqlite3.sqlite_version if is_sqlite else seen.get("name", ""),
        "place": str(file) if file else f"{about['NAME']} @ {about.get('HOST') or 'localhost'}",
        "bytes": disks.size_of(file) if file else seen.get("bytes"),
        "log_bytes": disks.size_of(f"{file}-wal") if file else None,
        "verified_at": facts.measured_at("database-check"),
    }


def versions() -> list[tuple[str, str]]:
    """Return what runs here, on what."""
    python = f"{platform.python_version()} ({platform.python_implementation()})"
    return [("mediasync", __version__), ("Python", python), (_("System"), platform.platform(terse=True))]


@cache
def packages() -> tuple[tuple[str, str], ...]:
    """Return the packages that this is made with, and their versions."""
    found = []
    for name in PACKAGES:
        try:
            found.append((name, metadata.version(name)))
        except metadata.PackageNotFoundError:
            continue
    return tuple(found)
