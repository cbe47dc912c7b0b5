"""A data directory of its own, and a household's rows to lose."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.contrib.auth import get_user_model

from jobs import pools, queue
from jobs.models import Job
from journal.moves import record
from tests.databases import _migrated_file, both_databases, postgres_database, sqlite_file  # noqa: F401
from tests.factories import make_file, make_library, make_match, make_title
from tests.postgres import postgres_url  # noqa: F401


@pytest.fixture
def data(settings, tmp_path: Path) -> Path:
    """The data directory, with settings in it."""
    settings.DATA_DIR = tmp_path
    settings.BACKUP_DIR = tmp_path / "backups"
    settings.ARTWORK_DIR = tmp_path / "artwork"
    (tmp_path / ".env").write_text("SECRET_KEY=0123456789\nTMDB_API_KEY=abc\n")
    return tmp_path


@pytest.fixture
def household(data: Path, both_databases: str) -> Path:  # noqa: F811
    """The same with rows, on each database; returns the data directory."""
    fill()
    return data


@pytest.fixture
def on_sqlite(data: Path, sqlite_file: str) -> Path:  # noqa: F811
    """The same on SQLite alone."""
    fill()
    return data


def fill() -> None:
    pools.ensure()
    library = make_library("/media/films")
    title = make_title("Tide & <Stone> \u202e", overview="ö" * 300, tmdb_id=7)
    match = make_match(library, title=title, state="matched")
    for number in range(20):
        make_file(library, f"Tide/{number}.mkv", match=match)
    get_user_model().objects.create_superuser("anna", password="a-long-password")
    record(title, reason="described", facts={"seen": [1, None, "é"]})
    queue.enqueue(queue.Work("scanner.title", f"title:{title.pk}"), queue.Work("scanner.title", "title:2"))
    Job.objects.filter(key="title:2").update(state="leased", leased_by="gone/1", attempts=1)
