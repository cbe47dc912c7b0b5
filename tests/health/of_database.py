"""Troubles of the disk under the database, of its server and of the backups, and their cures."""

from __future__ import annotations

import datetime as dt
import os
import shutil
import time
from types import SimpleNamespace

from django.core.management import call_command
from django.db import connection
from django.utils import timezone

from mediasync.health import database, disks, machine, measures
from mediasync.health.facts import Facts
from mediasync.health.finding import Level
from scanner.models import Library


def a_full_disk(world):
    look = shutil.disk_usage
    world.patch.setattr(shutil, "disk_usage", lambda _path: SimpleNamespace(free=100 << 20))
    yield Level.ERROR
    world.patch.setattr(shutil, "disk_usage", look)


def a_disk_that_fills_up(world):
    look = shutil.disk_usage
    world.patch.setattr(shutil, "disk_usage", lambda _path: SimpleNamespace(free=1 << 30))
    yield Level.WARNING
    world.patch.setattr(shutil, "disk_usage", look)


def a_database_on_a_share(world):
    world.patch.setattr(database, "sqlite_file", lambda: world.data / "db.sqlite3")
    kind = disks.kind_at
    world.patch.setattr(disks, "kind_at", lambda _path: "cifs")
    yield Level.ERROR
    world.patch.setattr(disks, "kind_at", kind)  # copied to a local disk


def _server(world, **facts):
    """What `measures` would have read from that server."""
    world.patch.setattr(connection, "vendor", "postgresql")
    found = {"version": 150004, "name": "15.4", "encoding": "UTF8", "bytes": 1, **facts}
    world.patch.setattr(measures, "MEASURES", ())
    world.patch.setattr(Facts, "measured", lambda _self, _code, _subject="": found)
    return found


def a_server_that_is_too_old(world):
    found = _server(world, version=120000)
    yield Level.ERROR
    found["version"] = 140000


def a_server_with_another_encoding(world):
    found = _server(world, encoding="SQL_ASCII")
    yield Level.ERROR
    found["encoding"] = "UTF8"


def files_of_another_user(world):
    mine, roots = os.access, str(world.data / "static")
    world.patch.setattr(os, "access", lambda path, mode: os.fspath(path) != roots and mine(path, mode))
    yield Level.ERROR
    world.patch.setattr(os, "access", mine)  # chown


def files_left_over(world):
    for name in (".env.4711", "setup.4711", ".mediasync-00ff00ff00ff.tmp"):
        (world.data / name).touch()
        os.utime(world.data / name, (time.time() - 2 * machine.DAY_S,) * 2)
    (world.data / ".env.4712").touch()  # somebody is at it just now
    yield Level.NOTICE
    call_command("doctor", "--fix")
    assert (world.data / ".env.4712").exists()


def _backups(world, *backups):
    Library.objects.update(created_at=timezone.now() - dt.timedelta(days=9))
    world.patch.setattr(Facts, "backups", list(backups))


def _backup(*, days=0.0, ok=True, verified=True, message=""):
    at = timezone.now() - dt.timedelta(days=days)
    return SimpleNamespace(at=at, ok=ok, verified_at=at if verified else None, message=message)


def no_backup(world):
    _backups(world)
    yield Level.WARNING
    _backups(world, _backup())


def an_old_backup(world):
    _backups(world, _backup(days=5))
    yield Level.WARNING
    _backups(world, _backup(), _backup(days=5))


def a_backup_that_failed(world):
    _backups(world, _backup(ok=False, message="There is no room left."), _backup(days=1))
    yield Level.WARNING
    _backups(world, _backup(), _backup(ok=False), _backup(days=1))


def a_backup_that_nobody_tried(world):
    _backups(world, _backup(verified=False))
    yield Level.NOTICE
    _backups(world, _backup(), _backup(verified=False))


CASES = [
    ("disk", a_full_disk),
    ("disk", a_disk_that_fills_up),
    ("database-share", a_database_on_a_share),
    ("database-server", a_server_that_is_too_old),
    ("database-server", a_server_with_another_encoding),
    ("data-write", files_of_another_user),
    ("temp-files", files_left_over),
    ("backup", no_backup),
    ("backup", an_old_backup),
    ("backup-failed", a_backup_that_failed),
    ("backup-verified", a_backup_that_nobody_tried),
]
