"""Everything in PostgreSQL replaced by what a file holds, in one transaction: all of it or nothing."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from django.apps import apps
from django.core.management.color import no_style
from django.db import DEFAULT_DB_ALIAS, DatabaseError, OperationalError, ProgrammingError, connections, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations.executor import MigrationExecutor

from jobs import clock, presence
from jobs.models import Drain
from journal.models import Event
from journal.moves import record
from mediasync.backups import checking, copying, schema, snapshot
from mediasync.backups.errors import BackupError, InUse
from mediasync.backups.progress import Progress

SUBJECT = "mediasync.backup:set"
FRESH = timedelta(seconds=60)


def refuse_if_in_use() -> None:
    """Raise `InUse` while workers of any node work on this database."""
    try:
        fresh = list(Drain.objects.filter(beat_at__gt=clock.now() - FRESH))
    except DatabaseError:  # an empty database, or one of another version: there is nobody to find
        return
    for drain in fresh:
        if drain.node != presence.node() or presence.lives(drain):
            raise InUse(f"A worker on {drain.node} (process {drain.pid}) uses this database. Stop mediasync there.")


def has(mark: str) -> bool:
    """Return whether the transaction with this mark was committed. Raises `OperationalError` where nobody answers."""
    try:
        return Event.objects.filter(subject=SUBJECT, facts__restore=mark).exists()
    except ProgrammingError:  # a schema of another version, or none: it was not replaced
        return False


def replace(file: Path, progress: Progress, *, mark: str) -> None:
    """Replace all rows, and leave the mark; a database of another schema is made anew.

    Raises `InUse` or `BackupError`.
    """
    target = connections[DEFAULT_DB_ALIAS]
    models = copying.tables_of(apps)
    try:
        with snapshot.apart(schema.entry(file)) as source, transaction.atomic():
            _empty(target, [model._meta.db_table for model in models])
            copying.copy(models, source, target, progress)
            with target.cursor() as cursor:
                for statement in target.ops.sequence_reset_sql(no_style(), models):
                    cursor.execute(statement)
            record(SUBJECT, reason="all rows were replaced by those of a backup", facts={"restore": mark})
    except OperationalError as error:
        if "lock timeout" in str(error):
            raise InUse("The database is in use by another program. End that first.") from error
        raise BackupError(f"Nothing was restored: {error}") from error
    except DatabaseError as error:
        raise BackupError(f"Nothing was restored: PostgreSQL refused it ({' '.join(str(error).split())}).") from error


def _empty(target: BaseDatabaseWrapper, tables: list[str]) -> None:
    with target.cursor() as cursor:
        cursor.execute("SET LOCAL lock_timeout = '10s'")
        if _is_current(target):
            names = ", ".join(map(target.ops.quote_name, tables))
            cursor.execute(f"TRUNCATE {names} CASCADE")
            return
        for table in _ours(target):
            cursor.execute(f"DROP TABLE IF EXISTS {target.ops.quote_name(table)} CASCADE")
        executor = MigrationExecutor(target)
        executor.migrate(executor.loader.graph.leaf_nodes())
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
        for table in tables:  # what migrations wrote comes with the backup
            cursor.execute(f"DELETE FROM {target.ops.quote_name(table)}")


def _is_current(target: BaseDatabaseWrapper) -> bool:
    return _applied(target) == checking.on_disk()


def _applied(target: BaseDatabaseWrapper) -> set[str]:
    if "django_migrations" not in target.introspection.table_names():
        return set()
    with target.cursor() as cursor:
        cursor.execute("SELECT app, name FROM django_migrations")
        return {f"{app}.{name}" for app, name in cursor.fetchall()}


def _ours(target: BaseDatabaseWrapper) -> list[str]:
    """Return the tables of mediasync of whatever version: nothing else that lives in the database is touched."""
    labels = {config.label for config in apps.get_app_configs()} | {one.split(".")[0] for one in _applied(target)}
    there = target.introspection.table_names()
    known = {model._meta.db_table for model in copying.tables_of(apps)} | {"django_migrations"}
    return [name for name in there if name in known or any(name.startswith(f"{label}_") for label in labels)]
