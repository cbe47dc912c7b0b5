"""Databases that several threads and processes can open, unlike the one in memory."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.management import call_command

from benches.household import use_database


@pytest.fixture(scope="session")
def _migrated_file(tmp_path_factory: pytest.TempPathFactory, django_db_blocker: object) -> Path:
    path = tmp_path_factory.mktemp("migrated") / "db.sqlite3"
    with django_db_blocker.unblock(), use_database(f"sqlite:///{path}"):
        call_command("migrate", verbosity=0, interactive=False)
    return path


@pytest.fixture
def sqlite_file(_migrated_file: Path, tmp_path: Path, django_db_blocker: object) -> Iterator[str]:
    """Use a fresh, migrated SQLite database in a file; its URL."""
    path = tmp_path / "db.sqlite3"
    shutil.copy(_migrated_file, path)
    url = f"sqlite:///{path}"
    with django_db_blocker.unblock(), use_database(url):
        yield url


@pytest.fixture
def postgres_database(postgres_url: str, django_db_blocker: object) -> Iterator[str]:
    """Use an emptied, migrated database on a private PostgreSQL; its URL."""
    with django_db_blocker.unblock(), use_database(postgres_url):
        call_command("migrate", verbosity=0, interactive=False)
        call_command("flush", verbosity=0, interactive=False)
        yield postgres_url


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def both_databases(request: pytest.FixtureRequest) -> str:
    """Run the test once on each database; the URL of the one in use."""
    return request.getfixturevalue("sqlite_file" if request.param == "sqlite" else "postgres_database")
