"""A restore brings back what was, on either database, or leaves everything as it is."""

from __future__ import annotations

import errno
import os
import sqlite3
from pathlib import Path

import pytest
from django.contrib.auth import get_user_model
from django.contrib.sessions.models import Session
from django.core.management import CommandError, call_command
from django.db import connection, connections
from django.utils import timezone

from benches.household import use_database
from jobs import presence
from jobs.models import Drain, Job
from journal.models import Event
from mediasync.backups import archive, making, place, recovery, restoring
from mediasync.backups.errors import BackupError, InUse, NoRoom, Unusable
from mediasync.models import Backup
from mediasync.supervisor import locks
from outbound.models import Grant, Source
from scanner.models import MediaFile, Scan, Title
from tests.backups.conftest import fill

pytestmark = pytest.mark.repeats


def test_a_restore_brings_back_rows_settings_and_saves_what_was_there(household):
    made = making.make(kind=place.BY_HAND)
    MediaFile.objects.all().delete()
    Title.objects.update(name="spoilt")
    (household / ".env").write_text("SECRET_KEY=other\nDATABASE_URL=kept\n")

    done = restoring.restore(made.path)

    assert MediaFile.objects.count() == 20
    title = Title.objects.get()
    assert (title.name, title.overview) == ("Tide & <Stone> \u202e", "ö" * 300)
    assert {"seen": [1, None, "é"]} in [event.facts for event in Event.objects.all()]
    assert get_user_model().objects.get().check_password("a-long-password")
    assert (household / ".env").read_text() == "SECRET_KEY=0123456789\nTMDB_API_KEY=abc\nDATABASE_URL=kept\n"
    assert (household / ".env").stat().st_mode & 0o777 == 0o600
    with archive.Archive(done.before) as before:
        assert before.manifest.counts["scanner_mediafile"] == 0
    assert leftovers(household) == []
    Title.objects.create(kind="movie", name="new rows find a free number", sort_name="n")


def leftovers(data: Path) -> list[str]:
    return [path.name for path in data.rglob("*") if "restor" in path.name and path.suffix not in (".zip", ".lock")]


def test_what_belonged_to_the_old_run_does_not_come_back(household):
    Drain.objects.create(name="gone", node="elsewhere", pid=1, pid_started=1, beat_at="2020-01-01T00:00Z")
    source = Source.objects.create(name="tmdb", urgent_until=9e9, probe_by="gone", probe_until=timezone.now())
    Grant.objects.create(source=source, arrived_by=9e9, taken_at=1, clock="old")
    Session.objects.create(session_key="ended", expire_date=timezone.now())
    made = making.make(kind=place.BY_HAND)

    restoring.restore(made.path)

    job = Job.objects.get(key="title:2")
    assert (job.state, job.leased_by, job.attempts) == ("ready", "", 0)
    assert not Drain.objects.exists()
    assert not Grant.objects.exists()
    assert not Session.objects.exists()
    assert Source.objects.get().probe_by == ""


def test_the_command_queues_a_scan_of_each_library_and_tells_what_it_did(household, capsys):
    made = making.make(kind=place.BY_HAND)

    call_command("restore", str(made.path))

    out = capsys.readouterr().out
    assert "What there was before: " in out
    assert "1 scans are queued" in out
    assert Scan.objects.get().state == "open"
    assert Job.objects.filter(kind="scanner.walk", state="ready").exists()
    assert Backup.objects.filter(kind=place.BEFORE_RESTORE, ok=True).exists()
    assert Event.objects.filter(reason__startswith="restored from").exists()


@pytest.mark.postgres
@pytest.mark.parametrize("way", ["to PostgreSQL", "to SQLite"])
def test_a_backup_moves_to_the_other_kind_of_database(data, sqlite_file, postgres_url, way, capsys):
    first, then = (sqlite_file, postgres_url) if way == "to PostgreSQL" else (postgres_url, sqlite_file)
    with use_database(postgres_url):
        call_command("migrate", verbosity=0, interactive=False)
        call_command("flush", verbosity=0, interactive=False)
    with use_database(first):
        fill()
        Title.objects.filter(pk=Title.objects.get().pk).update(description={"a": [1, "\u202e"]}) if hasattr(
            Title, "description"
        ) else None
        made = making.make(kind=place.BY_HAND)
        was = {name: list(model.objects.order_by("pk").values()) for name, model in MODELS.items()}

    with use_database(then):
        call_command("restore", str(made.path), "--no-safety-copy")
        for name, model in MODELS.items():
            assert list(model.objects.order_by("pk").values()) == was[name], name
        Title.objects.create(kind="movie", name="new rows find a free number", sort_name="n")
        connection.check_constraints()

    assert "It came from" in capsys.readouterr().out


MODELS = {"files": MediaFile, "titles": Title, "people": get_user_model()}


@pytest.mark.postgres
def test_a_database_that_a_newer_version_changed_is_made_anew(data, postgres_database):
    fill()
    made = making.make(kind=place.BY_HAND)
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO django_migrations (app, name, applied) VALUES ('tapes', '0001_initial', now())")
        cursor.execute("CREATE TABLE tapes_tape (id int PRIMARY KEY, title_id bigint REFERENCES scanner_title)")
        cursor.execute("CREATE TABLE neighbours (id int)")
    try:
        with pytest.raises(BackupError, match="could not be saved"):
            restoring.restore(made.path)
        assert "tapes_tape" in connection.introspection.table_names()

        restoring.restore(made.path, safety=False)

        assert MediaFile.objects.count() == 20
        assert "tapes_tape" not in connection.introspection.table_names()
        assert "neighbours" in connection.introspection.table_names()
    finally:
        with connection.cursor() as cursor:
            cursor.execute("DROP TABLE neighbours")


def test_an_empty_place_is_filled(data, sqlite_file):
    fill()
    made = making.make(data / "mine.zip", kind=place.BY_HAND)
    connections.close_all()
    Path(connection.settings_dict["NAME"]).unlink()

    done = restoring.restore(made.path)

    assert done.before is None
    assert MediaFile.objects.count() == 20


def test_a_damaged_database_is_kept_as_it_is_and_replaced(on_sqlite):
    made = making.make(kind=place.BY_HAND)
    connections.close_all()
    file = Path(connection.settings_dict["NAME"])
    file.write_bytes(b"no database at all" * 1_000)

    done = restoring.restore(made.path)

    assert (done.before / "db.sqlite3").read_bytes().startswith(b"no database")
    assert MediaFile.objects.count() == 20


@pytest.mark.parametrize("name", ["supervisor.lock", "cluster.lock"])
def test_nothing_is_restored_while_mediasync_runs(on_sqlite, name):
    made = making.make(kind=place.BY_HAND)
    held = locks.take(on_sqlite / name, "mediasync")
    try:
        with pytest.raises(CommandError, match=f"already runs on .* \\(process {os.getpid()}\\)"):
            call_command("restore", str(made.path))
    finally:
        os.close(held)


def test_nothing_is_restored_while_another_program_has_the_database_open(on_sqlite):
    made = making.make(kind=place.BY_HAND)
    connections.close_all()
    other = sqlite3.connect(connection.settings_dict["NAME"])
    other.execute("SELECT count(*) FROM scanner_title").fetchone()
    try:
        with pytest.raises(InUse, match="is open in another program"):
            restoring.restore(made.path)
    finally:
        other.close()
    assert leftovers(on_sqlite) == []


@pytest.mark.postgres
def test_nothing_is_restored_while_a_worker_of_another_node_lives(data, postgres_database):
    made = making.make(kind=place.BY_HAND)
    Drain.objects.create(name="far", node="nas", pid=77, pid_started=1)

    with pytest.raises(InUse, match="A worker on nas"):
        restoring.restore(made.path)


def test_a_dead_worker_of_this_node_is_in_nobodys_way(household):
    made = making.make(kind=place.BY_HAND)
    Drain.objects.create(name="dead", node=presence.node(), pid=2**22 - 1, pid_started=1)

    restoring.restore(made.path)

    assert not Drain.objects.exists()


def test_a_full_disk_changes_nothing(on_sqlite, monkeypatch):
    made = making.make(kind=place.BY_HAND)
    Title.objects.update(name="of today")

    def fail(*_args):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(restoring, "_prepare", fail)

    with pytest.raises(NoRoom, match="Everything is as it was"):
        restoring.restore(made.path)

    assert Title.objects.get().name == "of today"
    assert leftovers(on_sqlite) == []


@pytest.mark.postgres
def test_a_restore_that_postgresql_refuses_changes_nothing(data, postgres_database, monkeypatch):
    fill()
    made = making.make(kind=place.BY_HAND)
    Title.objects.update(name="of today")
    copy = restoring.replacing.copying.copy

    def spoil(models, source, target, told):
        copy(models, source, target, told)
        with target.cursor() as cursor:
            cursor.execute("UPDATE scanner_mediafile SET library_id = 999")

    monkeypatch.setattr(restoring.replacing.copying, "copy", spoil)

    with pytest.raises(BackupError, match="Nothing was restored"):
        restoring.restore(made.path, safety=False)

    assert Title.objects.get().name == "of today"
    assert leftovers(data) == []


def test_settings_stay_where_that_is_asked_for(on_sqlite):
    made = making.make(kind=place.BY_HAND)
    (on_sqlite / ".env").write_text("SECRET_KEY=of today\n")

    call_command("restore", str(made.path), "--keep-settings")

    assert (on_sqlite / ".env").read_text() == "SECRET_KEY=of today\n"


def test_what_a_file_holds_is_listed_without_values(on_sqlite, capsys):
    made = making.make(kind=place.BY_HAND)

    call_command("restore", str(made.path), "--list")

    out = capsys.readouterr().out
    assert "settings: SECRET_KEY, TMDB_API_KEY" in out
    assert "0123456789" not in out
    assert "scanner_mediafile" in out


@pytest.mark.parametrize("step", ["begun", "ready", "half renamed"])
def test_a_restore_that_was_cut_off_is_finished_or_undone_at_the_next_start(tmp_path, step):
    database = tmp_path / "db.sqlite3"
    for name, text in (("db.sqlite3", "old"), (".env", "old"), ("db.sqlite3-wal", "old log")):
        (tmp_path / name).write_text(text)
    new = tmp_path / "db.sqlite3.restoring"
    recovery.begin(tmp_path, archive="a.zip", database=database, scratch=new)
    new.write_text("new")
    (tmp_path / ".env.restoring").write_text("new")
    if step != "begun":
        recovery.ready(tmp_path)
    if step == "half renamed":
        new.replace(database)
        (tmp_path / "db.sqlite3-wal").write_text("log of the new")

    told = recovery.look(tmp_path)

    state = "old" if step == "begun" else "new"
    assert (database.read_text(), (tmp_path / ".env").read_text()) == (state, state)
    assert (tmp_path / "db.sqlite3-wal").exists() == (step != "ready")
    assert leftovers(tmp_path) == []
    assert ("as it was" if step == "begun" else "complete now") in told
    assert recovery.look(tmp_path) == ""


@pytest.mark.postgres
@pytest.mark.parametrize("committed", [True, False])
def test_of_a_restore_into_a_server_that_was_cut_off_it_is_told_which_state_is_there(
    data, postgres_database, monkeypatch, committed
):
    fill()
    made = making.make(kind=place.BY_HAND)
    Title.objects.update(name="of today")
    monkeypatch.setattr(recovery, "finish", lambda _data: False)  # killed: nobody tidies up
    killed = (recovery, "ready") if committed else (restoring.replacing.copying, "copy")

    def kill(*_args):
        raise KeyboardInterrupt

    monkeypatch.setattr(*killed, kill)
    with pytest.raises(KeyboardInterrupt):
        restoring.restore(made.path, safety=False)
    monkeypatch.undo()

    assert recovery.look(data) == ""
    told = restoring.decide(data, recovery.undecided(data))

    assert ("complete now" if committed else "as it was") in told
    assert (Title.objects.get().name == "of today") is not committed
    assert (recovery.undecided(data), leftovers(data)) == ("", [])


def test_a_command_beside_a_restore_is_refused(tmp_path):
    with recovery.alone(tmp_path):
        recovery.begin(tmp_path, archive="a.zip", database=None, scratch=tmp_path / "x")
        recovery.PATIENCE_S, before = 0, recovery.PATIENCE_S
        try:
            with pytest.raises(recovery.Busy, match="just being restored"):
                recovery.look(tmp_path)
        finally:
            recovery.PATIENCE_S = before


def test_a_newer_backup_is_refused_with_a_sentence(on_sqlite, monkeypatch):
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO django_migrations (app, name, applied) VALUES ('jobs', '0999_later', '2030-01-01')")
    monkeypatch.setattr(making.checking, "refuse_newer", lambda *_args: None)
    made = making.make(kind=place.BY_HAND)
    monkeypatch.undo()

    with pytest.raises(Unusable, match=r"made by a newer mediasync \(jobs.0999_later\)"):
        restoring.restore(made.path)
