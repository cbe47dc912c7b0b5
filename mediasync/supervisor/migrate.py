"""Migrations under a lock, so that two starts at the same moment do not migrate twice."""

from __future__ import annotations

import fcntl
import os
import pkgutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.db import DatabaseError, connection

from mediasync import __version__
from mediasync.supervisor import locks

LOCK_NUMBER = 7_239_114_520  # ours among PostgreSQL's advisory locks


class Refused(Exception):
    """The database is left as it is; the text says why and what would help."""


class SchemaTooNew(Refused):
    """A newer mediasync has changed the database; this one must not touch it."""


class NotSaved(Refused):
    """No backup could be made, so nothing is changed."""


def migrate() -> int:
    """Bring the database to this version's schema; returns how many migrations were applied.

    One that has been in use is backed up first. Raises `SchemaTooNew` where the database is ahead of this
    version, `NotSaved` where the backup fails.
    """
    if is_current() or not _missing():
        return 0
    with locked():
        missing = _missing()  # another process may have done it while we waited
        if missing:
            _save_before()
            call_command("migrate", verbosity=0, interactive=False)
        return missing


def is_current() -> bool:
    """Return whether just the migrations on disk were applied, by their names: every command asks, none are loaded."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT app, name FROM django_migrations")
            applied = set(cursor.fetchall())
    except DatabaseError:  # a new database has no such table; what else is wrong shows when it is migrated
        return False
    folders = ((config.label, str(Path(config.path) / "migrations")) for config in apps.get_app_configs())
    on_disk = {(label, module.name) for label, folder in folders for module in pkgutil.iter_modules([folder])}
    return applied == on_disk


def unapplied() -> int:
    """Return how many migrations are not applied. Raises `SchemaTooNew` where the database is ahead of this version."""
    return _missing()


def _missing() -> int:
    from django.db.migrations.executor import MigrationExecutor  # noqa: PLC0415  slow to load, rarely needed

    executor = MigrationExecutor(connection)
    _refuse_newer(executor)
    return len(executor.migration_plan(executor.loader.graph.leaf_nodes()))


def _save_before() -> None:
    """Make a backup of a database that an older version has used."""
    if settings.UPGRADE_WITHOUT_BACKUP or not _was_used():
        return
    from mediasync.backups import errors, keeping, making, place  # noqa: PLC0415  rarely needed

    try:
        made = making.make(kind=place.BEFORE_UPGRADE, suffix=f"-to-{__version__}", patience=60)
    except (errors.BackupError, locks.Taken) as error:
        raise NotSaved(
            f"The database was not upgraded. {error} (UPGRADE_WITHOUT_BACKUP=true upgrades without a backup.)"
        ) from error
    keeping.prune()
    sys.stderr.write(f"The database is saved before its upgrade: {made.path}\n")


def _was_used() -> bool:
    if "django_migrations" not in connection.introspection.table_names():
        return False
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM django_migrations")
        return cursor.fetchone() is not None


def _refuse_newer(executor: Any) -> None:
    labels = {config.label for config in apps.get_app_configs()}
    applied = {key for key in executor.loader.applied_migrations if key[0] in labels}
    unknown = sorted(applied.difference(executor.loader.disk_migrations))
    if unknown:
        app, name = unknown[0]
        raise SchemaTooNew(
            f"The database was changed by a newer mediasync ({app} {name}). Update this one, or restore a backup."
        )


@contextmanager
def locked() -> Iterator[None]:
    """Hold a lock of the database's own kind: a file beside SQLite, an advisory lock on PostgreSQL."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(%s)", [LOCK_NUMBER])
            try:
                yield
            finally:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [LOCK_NUMBER])
        return
    handle = os.open(Path(settings.DATA_DIR) / "migrate.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)
