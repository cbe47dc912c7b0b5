"""Checks that need no row: whether there is a database, of this version, that can be read and written."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator

from django.db import DatabaseError, connection
from django.utils.translation import gettext as _

from mediasync.health.database import sqlite_file
from mediasync.health.finding import Finding, Level, well
from mediasync.supervisor import migrate

RESTORE = "`./run restore FILE`"


def look() -> Finding:
    """Return how the database is, without making or changing one."""
    file = sqlite_file()
    if file is not None and not file.exists():
        return _bad(_("There is no database yet at %s.") % file, _("`./run` makes it when it starts."))
    try:
        if file is not None:
            _open_for_reading(str(file))
        missing = migrate.unapplied()
    except migrate.SchemaTooNew as error:
        return _bad(str(error), _("Install the newer version again, or restore the backup made before: %s.") % RESTORE)
    except (DatabaseError, sqlite3.Error) as error:
        return _unusable(error)
    if missing:
        cure = _("`./run` brings it up when it starts; so does `./run migrate`.")
        return _bad(_("The database is older than this mediasync: %d migrations are missing.") % missing, cure)
    return well("database", _("The database can be used, and is of this version."))


def _open_for_reading(file: str) -> None:
    """Read from it as another program would; whoever makes it exclusive is waited for shortly."""
    other = sqlite3.connect(f"file:{file}?mode=ro", uri=True, timeout=3)
    try:
        other.execute("SELECT count(*) FROM sqlite_master").fetchone()
    finally:
        other.close()


def _unusable(error: Exception) -> Finding:
    why = " ".join(str(error).split()).rstrip(".")
    message = _("The database cannot be used: %s.") % why
    if connection.vendor == "postgresql":
        return _bad(message, _("Start PostgreSQL, and see that `DATABASE_URL` names it rightly."))
    if "locked" in why or "busy" in why:
        return _bad(message, _("End the other program that has it open (`fuser -v %s`).") % sqlite_file())
    if "malformed" in why or "not a database" in why:
        return _bad(message, _("It is damaged: stop mediasync and restore the last good backup with %s.") % RESTORE)
    return _bad(message, _("See that this user may read and write %s, and that its disk is there.") % sqlite_file())


def _bad(message: str, cure: str) -> Finding:
    return Finding("database", Level.ERROR, message, cure)


def check(_facts: object) -> Iterator[Finding]:
    """The same as one of the checks."""
    yield look()
