"""What `doctor --fix` puts right by itself: only what loses nothing, whoever is right."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing, suppress
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.utils.translation import gettext as _

from mediasync.health import machine, safety
from mediasync.health.database import sqlite_file


def fix(code: str) -> str:
    """Put right what the check `code` found; returns what was done, empty where nothing can be. Raises OSError."""
    return FIXES[code]() if code in FIXES else ""


def _shut_settings_file() -> str:
    safety.env_file().chmod(0o600)
    return _("%s can be read by this user only.") % safety.env_file()


def _shut_data_directory() -> str:
    folder = Path(settings.DATA_DIR)
    folder.chmod(folder.stat().st_mode & ~0o002)
    return _("%s can be changed by this user and its group only.") % folder


def _remove_left_overs() -> str:
    gone = machine.temporary_files()
    for path in gone:
        with suppress(FileNotFoundError):
            path.unlink()
    return _("%d unfinished files were removed.") % len(gone)


def _collect_static() -> str:
    call_command("collectstatic", interactive=False, verbosity=0)
    return _("Style sheets and scripts are in place.")


def _empty_log() -> str:
    """Write the log into the database; whoever reads at this moment keeps it from being cut."""
    file = sqlite_file()
    if file is None:
        return ""
    with closing(sqlite3.connect(file, timeout=10, isolation_level=None)) as other:
        busy = other.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
    return _("Somebody still reads the database: its log stays.") if busy else _("The database's log is empty.")


FIXES: dict[str, Callable[[], str]] = {
    "env-file": _shut_settings_file,
    "data-rights": _shut_data_directory,
    "temp-files": _remove_left_overs,
    "static-files": _collect_static,
    "database-wal": _empty_log,
}
