"""The database as it is at one moment, in a SQLite file, while others go on writing."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Collection, Iterator, Mapping
from contextlib import closing, contextmanager
from copy import deepcopy
from pathlib import Path
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations.executor import MigrationExecutor
from django.db.utils import ConnectionHandler

from mediasync.backups import copying, schema
from mediasync.backups.errors import BackupError
from mediasync.backups.progress import Progress

PAGES = 2_000  # a step: 8 MB, a few milliseconds; between two the job can be told to stop
QUICK = "PRAGMA journal_mode = MEMORY; PRAGMA synchronous = OFF"


def take(target: Path, progress: Progress) -> None:
    """Write the present database to `target`; raises `BackupError` where there is none."""
    if vendor() == "sqlite":
        copy_file(database_file(), target, progress)
    else:
        _dump(target, progress)
    handle = os.open(target, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def vendor() -> str:
    """Return the kind of the database in use."""
    return connections[DEFAULT_DB_ALIAS].vendor


def database_file() -> Path:
    """Return where SQLite's file is."""
    return Path(connections[DEFAULT_DB_ALIAS].settings_dict["NAME"])


def exists() -> bool:
    """Tell whether there is a database with anything in it."""
    if vendor() == "sqlite":
        return database_file().exists() and database_file().stat().st_size > 0
    return "django_migrations" in connections[DEFAULT_DB_ALIAS].introspection.table_names()


def copy_file(source: Path, target: Path, progress: Progress) -> None:
    """Copy a SQLite file in steps, all of them out of one snapshot.

    Without a snapshot held open, each write of another process would make the copy begin again:
    on a busy server it would never end. In WAL mode a snapshot keeps no writer waiting.
    """
    if not source.exists():
        raise BackupError("There is no database yet, so there is nothing to back up.")
    with (
        closing(sqlite3.connect(source, isolation_level=None, timeout=20)) as held,
        closing(sqlite3.connect(target, isolation_level=None)) as copy,
    ):
        held.execute("BEGIN")
        held.execute("SELECT count(*) FROM sqlite_master").fetchone()
        page = held.execute("PRAGMA page_size").fetchone()[0]
        progress.expect(held.execute("PRAGMA page_count").fetchone()[0] * page * 4)
        held.backup(copy, pages=PAGES, progress=lambda _status, left, total: progress(page * min(PAGES, total)))
        held.execute("ROLLBACK")
        copy.execute("PRAGMA journal_mode = DELETE")


def _dump(target: Path, progress: Progress) -> None:
    """Copy all rows of one moment out of PostgreSQL into a SQLite file of the same schema."""
    with apart(connections[DEFAULT_DB_ALIAS].settings_dict) as ours:
        executor = MigrationExecutor(ours)
        applied = set(executor.loader.applied_migrations) & set(executor.loader.graph.nodes)
        if not applied:
            raise BackupError("There is no database yet, so there is nothing to back up.")
        unknown = sorted(set(executor.loader.applied_migrations) - applied)
        if unknown:
            raise BackupError(f"The database was changed by a newer mediasync ({'.'.join(unknown[0])}).")
        schema.bring(target, [".".join(node) for node in _heads(executor, applied)])
        with apart(schema.entry(target, init=QUICK)) as file:
            _copy_all(executor.loader.project_state(sorted(applied)).apps, ours, file, progress)


def _heads(executor: MigrationExecutor, applied: Collection[tuple[str, str]]) -> list[tuple[str, str]]:
    """Return the last migrations that were applied: those from which nothing that was applied follows."""
    nodes = executor.loader.graph.node_map
    return sorted(key for key in applied if not any(child.key in applied for child in nodes[key].children))


def _copy_all(models_of: Any, ours: BaseDatabaseWrapper, file: BaseDatabaseWrapper, progress: Progress) -> None:
    """Copy within one transaction on either side; ours reads one moment and keeps no writer waiting."""
    models = copying.tables_of(models_of)
    ours.set_autocommit(False)
    file.set_autocommit(False)
    with ours.cursor() as cursor, file.cursor() as other:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        cursor.execute("SELECT pg_database_size(current_database())")
        progress.expect(cursor.fetchone()[0])
        for model in models:
            other.execute(f'DELETE FROM "{model._meta.db_table}"')
    copying.copy(models, ours, file, progress)
    file.commit()
    ours.rollback()


@contextmanager
def apart(entry: Mapping[str, Any]) -> Iterator[BaseDatabaseWrapper]:
    """Open a connection of our own, beside those that Django keeps for its threads."""
    connection = ConnectionHandler({DEFAULT_DB_ALIAS: deepcopy(dict(entry))})[DEFAULT_DB_ALIAS]
    try:
        yield connection
    finally:
        connection.close()
