"""A backup is whole, consistent and tried out, or there is none."""

from __future__ import annotations

import errno
import json
import os
import shutil
import sqlite3
import stat
import threading
import zipfile
from types import SimpleNamespace

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from jobs.models import Job, Schedule
from mediasync.backups import archive, catalogue, keeping, making, place, reading, scheduled
from mediasync.backups.archive import Archive
from mediasync.backups.errors import BackupError, NoRoom
from mediasync.models import Backup
from mediasync.supervisor import locks
from scanner.models import MediaFile

pytestmark = pytest.mark.repeats


def counted(path) -> dict[str, int]:
    with Archive(path) as opened:
        return opened.manifest.counts


def test_a_backup_holds_all_rows_and_the_settings(household):
    made = making.make(kind=place.BY_HAND)

    assert made.path.parent == household / "backups"
    assert stat.S_IMODE(made.path.stat().st_mode) == 0o600
    assert counted(made.path)["scanner_mediafile"] == 20
    with zipfile.ZipFile(made.path) as opened:
        assert opened.namelist() == ["manifest.json", "db.sqlite3", "env"]
        assert b"TMDB_API_KEY=abc" in opened.read("env")
        assert json.loads(opened.read("manifest.json"))["database"] == connection.vendor
    assert [path.name for path in (household / "backups").iterdir() if path.suffix not in (".zip", "")] == []


def test_rows_that_are_written_during_a_backup_are_in_it_wholly_or_not_at_all(household, monkeypatch):
    over = threading.Event()
    written = threading.Thread(target=_write_pairs, args=(over,))
    written.start()
    try:
        backups = [making.make(household / f"{number}.zip", kind=place.BY_HAND) for number in range(3)]
    finally:
        over.set()
        written.join()

    for made in backups:
        with Archive(made.path) as opened:
            opened.extract(archive.DATABASE, household / "look.sqlite3", lambda _size: None)
        found = sqlite3.connect(household / "look.sqlite3")
        names = found.execute("SELECT fingerprint FROM scanner_mediafile ORDER BY id LIMIT 2").fetchall()
        found.close()
        assert names[0] == names[1]


def _write_pairs(over: threading.Event) -> None:
    """Keep two rows alike, in one transaction each time."""
    first, second = MediaFile.objects.order_by("pk").values_list("pk", flat=True)[:2]
    number = 0
    while not over.is_set():
        number += 1
        MediaFile.objects.filter(pk__in=[first, second]).update(fingerprint=f"turn {number}")
    connection.close()


@pytest.mark.sqlite
def test_a_writer_is_not_kept_waiting_by_a_backup(on_sqlite, monkeypatch):
    before = making.snapshot.PAGES
    monkeypatch.setattr(making.snapshot, "PAGES", 1)
    steps = []

    def write_between(_progress, size):
        other = sqlite3.connect(making.snapshot.database_file(), timeout=0)
        other.execute("UPDATE scanner_title SET name = name || '.'")
        other.commit()
        other.close()
        steps.append(size)

    monkeypatch.setattr(making.Progress, "__call__", write_between)
    made = making.make(kind=place.BY_HAND)

    assert before > 1
    assert len(steps) > 100  # it never began again
    assert counted(made.path)["scanner_title"] == 1


@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EFBIG])
def test_a_full_disk_leaves_nothing_behind_and_says_so(on_sqlite, monkeypatch, code):
    def fail(*_args, **_options):
        raise OSError(code, os.strerror(code))

    monkeypatch.setattr(archive, "write", fail)

    with pytest.raises(NoRoom, match="the disk is full"):
        making.make(kind=place.BY_HAND)

    assert [path.name for path in (on_sqlite / "backups").iterdir()] == [".lock"]


def test_too_little_room_is_said_before_anything_is_written(on_sqlite, monkeypatch):
    monkeypatch.setattr(making.shutil, "disk_usage", lambda _path: _Usage())

    with pytest.raises(NoRoom, match="are free"):
        making.make(kind=place.BY_HAND)


class _Usage:
    free = 100


def test_an_archive_that_cannot_be_restored_gets_no_name(on_sqlite, monkeypatch):
    whole = archive.write

    def flip(target, *args):
        whole(target, *args)
        target.seek(3_000)
        target.write(b"\0\0\0\0")

    monkeypatch.setattr(archive, "write", flip)

    with pytest.raises(BackupError, match="damaged"):
        making.make(kind=place.BY_HAND)
    assert place.lying() == []


def test_what_a_killed_backup_left_is_swept_away_by_the_next(on_sqlite):
    folder = place.folder()
    (folder / ".making-old").mkdir()
    (folder / ".making-old" / "db.sqlite3").write_text("half")
    (folder / f".{place.name(place.DAILY)}.part").write_text("half")
    (folder / "mine.txt").write_text("kept")

    making.make(kind=place.BY_HAND)

    assert {path.name for path in folder.iterdir()} == {".lock", "mine.txt", place.lying()[0].path.name}


def test_two_backups_at_once_are_refused_by_name(on_sqlite):
    held = locks.take(place.folder() / making.LOCK, "A backup")
    try:
        with pytest.raises(locks.Taken, match=f"process {os.getpid()}"):
            making.make(kind=place.BY_HAND, patience=0)
    finally:
        os.close(held)


def test_a_file_that_is_no_backup_is_never_replaced(on_sqlite):
    film = on_sqlite / "film.mkv"
    film.write_bytes(b"a film")

    with pytest.raises(BackupError, match="is not replaced"):
        making.make(film, kind=place.BY_HAND)

    assert film.read_bytes() == b"a film"


def test_the_command_tells_where_the_backup_is_and_that_it_holds_secrets(on_sqlite, capsys):
    call_command("backup", str(on_sqlite / "mine.zip"))
    call_command("backup", str(on_sqlite / "mine.zip"))  # a backup may be replaced

    out = capsys.readouterr().out
    assert str(on_sqlite / "mine.zip") in out
    assert "only you can read it" in out
    with pytest.raises(CommandError, match="no folder"):
        call_command("backup", str(on_sqlite / "nowhere" / "mine.zip"))


def test_the_list_names_each_backup_and_what_is_wrong_with_it(on_sqlite, capsys):
    call_command("backup", "list")
    assert "no backups yet" in capsys.readouterr().out
    made = making.make(kind=place.DAILY)
    (place.folder() / "mediasync-20200101T000000Z-daily.zip").write_bytes(b"half")

    call_command("backup", "list", "--json")

    good, bad = json.loads(capsys.readouterr().out)
    assert (good["file"], good["ok"], good["rows"]) == (str(made.path), True, made.manifest.rows())
    assert (bad["ok"], "no backup of mediasync" in bad["message"]) == (False, True)


def test_the_daily_job_remembers_the_backup_and_removes_old_ones(household):
    for day in range(1, 20):
        (place.folder() / f"mediasync-202001{day:02}T023000Z-daily.zip").write_bytes(b"old")

    scheduled.back_up(place.DAILY)

    row = Backup.objects.get(ok=True)
    assert row.verified_at is not None
    assert row.bytes > 1_000
    assert reading.latest() == row
    assert reading.state().ok
    assert len(place.lying()) < 15
    assert Backup.objects.exclude(file="").count() >= len(place.lying())


def test_a_daily_backup_that_fails_is_told_and_tried_again(on_sqlite, monkeypatch):
    scheduled.back_up(place.DAILY)
    monkeypatch.setattr(making, "_make", _full)

    with pytest.raises(scheduled.RetryLater, match="disk is full"):
        scheduled.back_up(place.DAILY)

    state = reading.state()
    assert not state.ok
    assert "disk is full" in state.message
    assert state.latest is not None


def test_where_the_disk_is_full_the_folder_is_named_in_which_to_make_room(on_sqlite, monkeypatch, tmp_path):
    stick = tmp_path / "stick"
    stick.mkdir()
    monkeypatch.setattr(making, "_make", _full)
    monkeypatch.setattr(shutil, "disk_usage", lambda folder: SimpleNamespace(free=0 if folder == stick else 1 << 40))

    with pytest.raises(NoRoom, match=f"Make room in {stick}"):
        making.make(stick / "b.zip", kind="by-hand")


def _full(*_args):
    raise OSError(errno.ENOSPC, "No space left on device")


def test_it_says_when_backups_have_stopped(on_sqlite):
    assert not reading.state().ok  # there is no schedule yet either
    made = catalogue.made(making.make(kind=place.DAILY))
    Backup.objects.filter(pk=made.pk).update(at="2020-01-01T00:00Z")

    assert "days old" in reading.state().message
    assert reading.state().cure

    Schedule.objects.create(name=scheduled.SCHEDULE, kind=scheduled.KIND, daily_at="02:30", enabled=False)
    assert reading.state().ok  # a person wanted it so


def test_rows_follow_the_files_of_the_folder(on_sqlite):
    made = making.make(kind=place.DAILY)

    catalogue.sync()
    assert Backup.objects.get().file == str(made.path)

    made.path.unlink()
    catalogue.sync()
    assert not Backup.objects.exists()


def test_backups_are_pruned_by_day_and_week_and_the_last_good_one_stays(on_sqlite):
    good = making.make(kind=place.DAILY).path
    old = good.rename(good.with_name("mediasync-20200101T023000Z-daily.zip"))
    for day in range(1, 29):
        (place.folder() / f"mediasync-202102{day:02}T023000Z-daily.zip").write_bytes(b"broken")
    by_hand = place.folder() / "mediasync-20200101T000000Z-by-hand.zip"
    by_hand.write_bytes(b"a person's")

    keeping.prune({old})

    kept = [one.path.name[10:18] for one in place.lying()]
    assert kept == [
        "20210228", "20210227", "20210226", "20210225", "20210224", "20210223", "20210222", "20210221", "20210214",
        "20210207", "20200101", "20200101",
    ]  # fmt: skip
    assert by_hand.exists()
    assert old.exists()
    assert not Job.objects.filter(kind=scheduled.KIND).exists()
