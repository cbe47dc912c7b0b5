"""Whether a database file out of an archive can be used: opened, checked, counted, and known to this version."""

from __future__ import annotations

import pkgutil
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path

from django.apps import apps

from mediasync.backups.errors import Unusable


@contextmanager
def opened(path: Path) -> Iterator[sqlite3.Connection]:
    """Open a database file that nobody else uses."""
    with closing(sqlite3.connect(path, isolation_level=None, timeout=20)) as connection:
        yield connection


def on_disk() -> set[str]:
    """Return every migration that this version knows, as "app.name"; none are loaded."""
    folders = ((config.label, str(Path(config.path) / "migrations")) for config in apps.get_app_configs())
    return {f"{label}.{module.name}" for label, folder in folders for module in pkgutil.iter_modules([folder])}


def refuse_newer(migrations: list[str], what: str) -> None:
    """Raise `Unusable` where a newer mediasync made it."""
    unknown = sorted(set(migrations) - on_disk())
    if unknown:
        raise Unusable(f"{what} was made by a newer mediasync ({unknown[0]}). Update this one first.")


def tables(connection: sqlite3.Connection) -> list[str]:
    """Return the names of the tables."""
    found = connection.execute(
        "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite!_%' ESCAPE '!' ORDER BY name"
    )
    return [name for (name,) in found]


def counts(connection: sqlite3.Connection) -> dict[str, int]:
    """Return the rows of each table."""
    return {name: connection.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0] for name in tables(connection)}


def migrations(connection: sqlite3.Connection) -> list[str]:
    """Return what was applied, as "app.name"."""
    return [f"{app}.{name}" for app, name in connection.execute("SELECT app, name FROM django_migrations ORDER BY id")]


def check(path: Path, expected: Mapping[str, int], what: str) -> None:
    """Try a database file out; raises `Unusable` naming the first thing that is wrong with it."""
    try:
        with opened(path) as connection:
            _look(connection, expected, what)
    except sqlite3.DatabaseError as error:
        raise Unusable(f"{what} is damaged: its database cannot be opened ({error}).") from error


def _look(connection: sqlite3.Connection, expected: Mapping[str, int], what: str) -> None:
    odd = connection.execute("SELECT name FROM sqlite_master WHERE type NOT IN ('table', 'index')").fetchone()
    if odd or connection.execute("SELECT 1 FROM sqlite_master WHERE sql LIKE 'CREATE VIRTUAL%'").fetchone():
        raise Unusable(f"{what} is not used: its database holds more than tables.")
    found = connection.execute("PRAGMA integrity_check(1)").fetchone()[0]
    if found != "ok":
        raise Unusable(f"{what} is damaged: {found}.")
    broken = connection.execute("PRAGMA foreign_key_check").fetchone()
    if broken:
        raise Unusable(f"{what} is damaged: a row of {broken[0]} refers to one of {broken[2]} that is not there.")
    refuse_newer(migrations(connection), what)
    if (there := counts(connection)) != dict(expected):
        table = next(name for name in sorted({*there, *expected}) if there.get(name) != expected.get(name))
        raise Unusable(
            f"{what} is damaged: {table} has {there.get(table)} rows, its manifest says {expected.get(table)}."
        )
