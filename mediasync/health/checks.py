"""Every check, in the order in which a person reads them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from mediasync.health import backups, database, library, machine, safety, schema, sources, watching, work
from mediasync.health.facts import Facts
from mediasync.health.finding import Finding

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise


@dataclass(frozen=True, slots=True)
class Check:
    """One check: its stable code, the words for it, and how it is done.

    `dear` ones are not done for a page; `bare` ones need no row of the database.
    """

    code: str
    title: _StrPromise
    run: Callable[[Facts], Iterator[Finding]]
    dear: bool = False
    bare: bool = False


@dataclass(frozen=True, slots=True)
class Chapter:
    """Checks that belong together."""

    title: _StrPromise
    checks: tuple[Check, ...]


CHAPTERS = (
    Chapter(
        _("Background work"),
        (
            Check("workers", _("Workers"), work.workers),
            Check("queue-stuck", _("Queue at rest"), work.stuck_queue),
            Check("queue-failed", _("Jobs that gave up"), work.failed_jobs),
            Check("pool-paused", _("Paused pools"), work.paused_pools),
            Check("schedule-error", _("Schedules with an error"), work.schedules),
            Check("schedule-late", _("Overdue schedules"), work.late_schedules),
            Check("schedule-off", _("Schedules switched off"), work.schedules_off),
            Check("worker-memory", _("Memory of the workers"), work.memory_of_workers),
        ),
    ),
    Chapter(
        _("Libraries"),
        (
            Check("libraries", _("Libraries"), library.no_library),
            Check("library-folder", _("Library folder"), library.folders),
            Check("library-empty", _("Empty library"), library.empty_folders),
            Check("library-write", _("Files beside the media"), library.unwritable),
            Check("library-nested", _("Library in a library"), library.nested),
            Check("library-space", _("Room on the media disk"), library.room),
            Check("scan-held", _("Held scan"), library.held_scans),
            Check("scan-failed", _("Failed scan"), library.failed_scans),
            Check("scan-old", _("No recent scan"), library.old_scans),
            Check("unmatched", _("Not recognised"), library.unmatched),
            Check("files-broken", _("Broken files"), library.broken_files),
            Check("files-damaged", _("Damaged files"), library.damaged_files),
            Check("watch", _("Watcher"), watching.watched),
            Check("inotify-limit", _("Watched folders"), watching.inotify),
            Check("library-remote", _("Network folder"), watching.without_events),
        ),
    ),
    Chapter(
        _("Services"),
        (
            Check("source-key", _("Refused key"), sources.keys),
            Check("source-blocked", _("Blocked by a service"), sources.walls),
            Check("source", _("Resting service"), sources.resting),
            Check("source-budget", _("Budget of a service"), sources.rules),
            Check("metadata-key", _("Metadata key"), sources.metadata_key),
            Check("notices", _("Notices"), sources.notices),
            Check("clock", _("Clock"), sources.clocks),
        ),
    ),
    Chapter(
        _("Database and disk"),
        (
            Check("database", _("Database"), schema.check, dear=True, bare=True),
            Check("database-check", _("Database verified"), database.integrity),
            Check("database-share", _("Database on a share"), database.on_a_share, bare=True),
            Check("database-wal", _("Database log"), database.write_ahead_log, bare=True),
            Check("database-lock", _("Database lock"), database.lock),
            Check("database-server", _("Database server"), database.postgres),
            Check("disk", _("Free space"), database.space, bare=True),
            Check("data-write", _("Files of another user"), machine.writable, bare=True),
            Check("temp-files", _("Left-over files"), machine.left_overs, bare=True),
            Check("backup", _("Backup"), backups.youngest),
            Check("backup-failed", _("Failed backup"), backups.failed),
            Check("backup-verified", _("Backup tried"), backups.verified),
        ),
    ),
    Chapter(
        _("Safety"),
        (
            Check("accounts", _("Accounts"), safety.accounts),
            Check("secret-key", _("Key of the sessions"), safety.secret_key, bare=True),
            Check("env-file", _("Settings file"), safety.secret_file, bare=True),
            Check("data-rights", _("Data directory"), safety.data_directory, bare=True),
            Check("hosts", _("Names of the server"), safety.hosts, bare=True),
            Check("https", _("Encryption"), safety.encryption, bare=True),
        ),
    ),
    Chapter(
        _("This machine"),
        (
            Check("version", _("Version"), machine.version),
            Check("static-files", _("Style sheets and scripts"), machine.static_files, bare=True),
            Check("media-info", _("Looking into files"), machine.media_info),
            Check("memory", _("Memory"), machine.memory, bare=True),
            Check("open-files", _("Open files"), machine.open_files, bare=True),
            Check("time-zone", _("Time zone"), machine.time_zone, bare=True),
            Check("clock-set", _("Clock was set"), machine.clock_set),
        ),
    ),
)
CHECKS = {check.code: check for chapter in CHAPTERS for check in chapter.checks}
