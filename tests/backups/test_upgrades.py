"""A database that an older version left is brought up with everything in it, and saved before that."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.contrib.auth import get_user_model
from django.db import connection, transaction
from django.db.migrations.executor import MigrationExecutor
from django.test import Client

from benches.household import use_database
from mediasync import cli
from mediasync.backups import checking, copying, keeping, making, place, restoring, schema, snapshot
from mediasync.backups.archive import Archive
from mediasync.supervisor import migrate
from scanner.models import MediaFile, Title
from tests.postgres import postgres_url  # noqa: F401

pytestmark = pytest.mark.repeats

STORED = sorted((Path(__file__).parent.parent / "upgrades").glob("*.sql"))
PAGES = ("/library/", "/scans/", "/queue/", "/readyz", "/admin/scanner/mediafile/")


@pytest.fixture(params=STORED, ids=lambda path: path.stem)
def stored(request, tmp_path: Path) -> Path:
    """A SQLite file as an older version left it."""
    file = tmp_path / "old.sqlite3"
    with sqlite3.connect(file) as made:
        made.executescript(request.param.read_text(encoding="utf-8"))
    made.close()
    return file


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def old_database(request, data, stored: Path, django_db_blocker) -> Iterator[dict[str, int]]:
    """The default database as an older version left it, on each kind; gives the rows by table."""
    with checking.opened(stored) as there:
        counts, applied = checking.counts(there), checking.migrations(there)
    url = f"sqlite:///{stored}" if request.param == "sqlite" else request.getfixturevalue("postgres_url")
    with django_db_blocker.unblock(), use_database(url):
        if request.param == "postgres":
            _bring_over(stored, applied)
        yield counts
        connection.close()


def _bring_over(stored: Path, applied: list[str]) -> None:
    """Make a PostgreSQL of the old schema with the same rows."""
    with connection.cursor() as cursor:
        cursor.execute("DROP SCHEMA public CASCADE")
        cursor.execute("CREATE SCHEMA public")
    nodes = [tuple(name.split(".", 1)) for name in applied]
    MigrationExecutor(connection).migrate(nodes)
    models = copying.tables_of(MigrationExecutor(connection).loader.project_state(nodes).apps)
    with snapshot.apart(schema.entry(stored)) as source, transaction.atomic():
        copying.copy(models, source, connection, lambda _size: None)


def test_an_older_database_keeps_every_row_and_its_pages_open(old_database, settings):
    Path(settings.STATIC_ROOT).mkdir(parents=True, exist_ok=True)

    assert migrate.migrate() > 0

    connection.check_constraints()
    executor = MigrationExecutor(connection)
    assert not executor.migration_plan(executor.loader.graph.leaf_nodes())
    assert {table: n for table, n in _counts().items() if table in old_database and n < old_database[table]} == {}
    client = Client()
    client.force_login(get_user_model().objects.get(username="anna"))
    for address in (*PAGES, *(f"/library/{title.pk}/" for title in Title.objects.all())):
        assert client.get(address, follow=True).status_code in (200, 503), address
    assert MediaFile.objects.filter(path__contains="اختبار").exists()


def _counts() -> dict[str, int]:
    with connection.cursor() as cursor:
        found = {}
        for table in connection.introspection.table_names():
            cursor.execute(f'SELECT count(*) FROM "{table}"')
            found[table] = cursor.fetchone()[0]
    return found


def test_a_database_is_saved_before_its_upgrade(old_database, capsys):
    migrate.migrate()

    saved = next(one for one in place.lying() if one.kind == place.BEFORE_UPGRADE)
    assert str(saved.path) in capsys.readouterr().err
    with Archive(saved.path) as opened:
        assert "mediasync.0002_backup" not in opened.manifest.migrations
        kept = {table: n for table, n in opened.manifest.counts.items() if n}
    assert kept == {table: n for table, n in old_database.items() if n}


def test_no_upgrade_without_a_backup_unless_that_is_asked_for(old_database, monkeypatch, settings, capsys):
    def fail(**_options):
        raise making.NoRoom("No backup was made: the disk is full.")

    monkeypatch.setattr(making, "make", fail)

    with pytest.raises(SystemExit):
        cli._prepare_database()
    assert "The database was not upgraded. No backup was made: the disk is full." in capsys.readouterr().err
    assert not migrate.is_current()

    settings.UPGRADE_WITHOUT_BACKUP = True
    assert migrate.migrate() > 0


def test_only_the_last_three_saved_before_an_upgrade_are_kept(old_database):
    for day in range(1, 6):
        (place.folder() / f"mediasync-2020010{day}T000000Z-before-upgrade-to-0.{day}.0.zip").write_bytes(b"old")

    migrate.migrate()

    assert len(place.lying()) == 3


def test_what_was_saved_before_an_upgrade_stays_however_often_that_was_cut_off_and_tried_again(old_database):
    names = [f"mediasync-2020010{day}T000000Z-before-upgrade-to-0.9.0.zip" for day in range(1, 7)]
    for name in names:
        (place.folder() / name).write_bytes(b"old")

    keeping.prune()

    assert [one.path.name for one in place.lying()] == [*reversed(names[3:]), names[0]]


@pytest.mark.sqlite
def test_an_older_backup_is_brought_to_this_schema(data, stored, django_db_blocker):
    with django_db_blocker.unblock():
        with use_database(f"sqlite:///{stored}"):
            made = making.make(kind=place.BY_HAND)
        with use_database(f"sqlite:///{data / 'db.sqlite3'}"):
            restoring.restore(made.path)
            assert migrate.is_current()
            assert Title.objects.count() == 4


def test_a_new_database_needs_no_backup(data, django_db_blocker):
    with django_db_blocker.unblock(), use_database(f"sqlite:///{data / 'new.sqlite3'}"):
        migrate.migrate()

    assert place.lying() == []
