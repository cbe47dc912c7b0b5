"""A database in a file: damaged, locked, grown, not there, too old, too new; `doctor` names it and what helps."""

from __future__ import annotations

import json
import os
import sqlite3
import time
from contextlib import closing
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import connection

from mediasync.health import database, examining, looking, measures, schema
from mediasync.health.checks import CHECKS
from mediasync.health.facts import Facts
from mediasync.health.finding import Level
from mediasync.health.models import Result
from tests.processes.test_commands import run

pytestmark = [pytest.mark.sqlite, pytest.mark.repeats]


def found(code: str):
    return next(CHECKS[code].run(Facts(measures.take(Facts(), deep=True))))


def file() -> Path:
    path = database.sqlite_file()
    assert path is not None
    return path


def test_a_database_that_is_whole_is_well(sqlite_file):
    assert [found(code).level for code in ("database", "database-check", "database-wal", "database-lock")] == ["ok"] * 4


def test_a_grown_log_is_emptied_by_doctor_once_nobody_reads(sqlite_file, monkeypatch):
    monkeypatch.setattr(database, "LARGE_WAL", 100_000)
    with closing(sqlite3.connect(file())) as reader:
        reader.execute("BEGIN")
        reader.execute("SELECT count(*) FROM django_migrations").fetchone()
        with connection.cursor() as cursor:
            numbers = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i+1 FROM n LIMIT 9000)"
            cursor.execute(f"CREATE TABLE heap AS {numbers} SELECT i, hex(randomblob(20)) AS x FROM n")
        red, held = found("database-wal"), examining.mend(examining.Examination([found("database-wal")], None))
    mended = examining.mend(examining.Examination([red], None))

    assert red.level == Level.WARNING
    assert "its log stays" in held[0]
    assert mended == ["The database's log is empty."]
    assert found("database-wal").level == Level.OK


def test_a_database_that_somebody_holds_is_slow_until_they_let_go(sqlite_file, monkeypatch):
    monkeypatch.setattr(measures, "LOCK_PATIENCE_S", 0.2)
    monkeypatch.setattr(database, "SLOW_LOCK_S", 0.1)
    with closing(sqlite3.connect(file(), isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        red = found("database-lock")
        other.execute("ROLLBACK")

    assert red.level == Level.WARNING
    assert found("database-lock").level == Level.OK


def test_a_damaged_database_is_found_and_a_good_copy_is_well_again(sqlite_file):
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        cursor.execute("SELECT rootpage FROM sqlite_master WHERE name = 'job_look'")
        page = cursor.fetchone()[0]
        cursor.execute("PRAGMA page_size")
        size = cursor.fetchone()[0]
    good = file().read_bytes()
    connection.close()
    with file().open("r+b") as whole:
        whole.seek((page - 1) * size)
        whole.write(os.urandom(size))
    red = found("database-check")
    connection.close()
    file().write_bytes(good)  # what a restore puts back

    assert red.level == Level.ERROR
    assert "restore" in red.cure
    assert found("database-check").level == Level.OK


def test_what_was_not_verified_for_long_is_told_until_it_is(sqlite_file):
    looking.look(deep=True)
    Result.objects.filter(code="database-check").update(measured_at=Facts().now - 2 * database.UNVERIFIED)
    told = next(CHECKS["database-check"].run(Facts()))
    looking.look(deep=True)

    assert told.level == Level.NOTICE
    assert next(CHECKS["database-check"].run(Facts())).level == Level.OK


def test_missing_migrations_are_found_and_migrate_cures_it(sqlite_file):
    call_command("migrate", "health", "zero", verbosity=0)
    red = schema.look()
    call_command("migrate", verbosity=0)

    assert (red.level, red.message) == (
        Level.ERROR,
        "The database is older than this mediasync: 1 migrations are missing.",
    )
    assert schema.look().level == Level.OK


def test_a_database_of_a_newer_version_is_found(sqlite_file):
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO django_migrations (app, name, applied) VALUES ('jobs', '9999_x', '2030-01-01')")
    red = schema.look()
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE name = '9999_x'")

    assert red.level == Level.ERROR
    assert "newer mediasync" in red.message
    assert schema.look().level == Level.OK


# --- the command, in processes of its own ---


def doctor(data: Path, *arguments: str, **settings: str):
    ended = run(data, "doctor", *arguments, **settings)
    assert "Traceback" not in ended.stderr + ended.stdout
    return ended


@pytest.mark.processes
def test_doctor_before_the_first_start_says_that_there_is_no_database(tmp_path):
    ended = doctor(tmp_path)

    assert ended.returncode == 1
    assert "There is no database yet" in ended.stdout
    assert not (tmp_path / "db.sqlite3").exists()


@pytest.mark.processes
def test_doctor_names_what_keeps_it_from_looking(tmp_path):
    data = tmp_path / "data"
    run(data, "library", "list")
    (data / "db.sqlite3").write_bytes(os.urandom(5_000))
    for name in ("db.sqlite3-wal", "db.sqlite3-shm"):
        (data / name).unlink(missing_ok=True)

    damaged = doctor(data)
    broken = doctor(data, PORT="abc")
    nowhere = doctor(Path("/proc/data"))
    away = doctor(data, DATABASE_URL="postgres://nobody:hidden-password@127.0.0.1:1/x")
    told = json.loads(doctor(data, "--json", PORT="abc").stdout)

    assert [ended.returncode for ended in (damaged, broken, nowhere, away)] == [1] * 4
    assert "It is damaged: stop mediasync and restore" in damaged.stdout
    assert "PORT='abc' cannot be used" in broken.stdout
    assert "Set MEDIASYNC_DATA to a folder that this user may write" in nowhere.stdout
    assert "Start PostgreSQL" in away.stdout
    assert "hidden-password" not in away.stdout
    assert (told["ok"], told["health"][0]["check"]) == (False, "settings")


@pytest.mark.processes
def test_doctor_says_that_no_worker_runs_and_that_the_database_is_locked(tmp_path):
    data = tmp_path / "data"
    run(data, "library", "list")
    idle = doctor(data, "--json")
    with closing(sqlite3.connect(data / "db.sqlite3", isolation_level=None)) as other:
        other.execute("PRAGMA locking_mode=EXCLUSIVE")
        other.execute("PRAGMA journal_mode=DELETE")
        other.execute("BEGIN EXCLUSIVE")
        began = time.monotonic()
        locked = doctor(data)

    assert "workers" in {one["check"] for one in json.loads(idle.stdout)["health"] if not one["ok"]}
    assert time.monotonic() - began < 60
    assert "End the other program that has it open" in locked.stdout


@pytest.mark.processes
def test_doctor_used_wrongly_ends_with_2(tmp_path):
    assert doctor(tmp_path, "--bogus").returncode == 2
