"""What a person uploaded is in a backup and comes back with it; pictures that can be had again are not."""

from __future__ import annotations

import io
import shutil
import zipfile
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command
from PIL import Image

from mediasync.backups import making, place, restoring
from mediasync.backups.archive import Archive
from mediasync.backups.errors import NoRoom, Unusable
from mediasync.models import Backup
from scanner import art
from scanner.art import Slot
from scanner.models import Artwork, Title
from scanner.services import choosing, thumbnails

pytestmark = pytest.mark.repeats


def upload(colour: str = "navy") -> str:
    """Upload a poster as the page does; returns its hash."""
    body = io.BytesIO()
    Image.new("RGB", (400, 600), colour).save(body, "PNG")
    choosing.upload(Title.objects.get(), Slot(art.POSTER), body.getvalue(), actor="anna")
    return Artwork.objects.get(role=art.POSTER).choice.removeprefix(art.UPLOAD)


def test_an_upload_comes_back_with_a_restore_after_the_disk_is_lost(household):
    sha = upload()
    body = thumbnails.kept(sha)
    made = making.make(kind=place.BY_HAND)
    shutil.rmtree(settings.ARTWORK_DIR)
    Artwork.objects.all().delete()

    restoring.restore(made.path)

    assert Artwork.objects.get().choice == art.UPLOAD + sha
    assert thumbnails.kept(sha) == body
    assert [path.name for path in files(household)] == [f"{sha}-full"]


def files(data: Path) -> list[Path]:
    return [path for path in (data / "artwork").rglob("*") if path.is_file()]


def test_only_uploads_that_are_in_use_are_kept(on_sqlite):
    released, sha = upload("navy"), upload("gold")
    copy = settings.ARTWORK_DIR / sha[:2] / f"{sha}-342.webp"
    copy.write_bytes(b"a copy for the web")

    made = making.make(kind=place.BY_HAND)

    with zipfile.ZipFile(made.path) as opened:
        assert [name for name in opened.namelist() if "/" in name] == [f"pictures/{sha}"]
    assert released != sha


def test_a_damaged_picture_is_put_right_and_a_good_one_is_left_alone(on_sqlite):
    sha = upload()
    made = making.make(kind=place.BY_HAND)
    thumbnails.original(sha).write_bytes(b"spoilt")

    restoring.restore(made.path, safety=False)
    put_right = thumbnails.original(sha).stat()
    restoring.restore(made.path, safety=False)

    assert thumbnails.kept(sha) is not None
    assert thumbnails.original(sha).stat().st_ino == put_right.st_ino


def test_an_upload_that_is_lost_already_keeps_nobody_from_a_backup(on_sqlite, caplog):
    sha = upload()
    thumbnails.original(sha).unlink()

    made = making.make(kind=place.BY_HAND)

    assert made.manifest.pictures() == {}
    assert f"{sha}-full is not there any more" in caplog.text


def test_a_picture_that_is_not_what_its_name_says_is_refused_before_anything_is_replaced(on_sqlite):
    sha = upload()
    made = making.make(kind=place.BY_HAND)
    with zipfile.ZipFile(made.path) as opened:
        members = {name: opened.read(name) for name in opened.namelist()}
    members[f"pictures/{sha}"] = b"something else"
    with zipfile.ZipFile(made.path, "w") as spoilt:
        for name, body in members.items():
            spoilt.writestr(name, body)
    Title.objects.update(name="as it was")
    shutil.rmtree(settings.ARTWORK_DIR)

    with pytest.raises(Unusable, match="is not what its manifest says"):
        restoring.restore(made.path)

    assert Title.objects.get().name == "as it was"


def test_pictures_that_do_not_fit_are_said_before_they_are_written(on_sqlite, monkeypatch):
    upload()
    room = iter([1 << 40, 1])
    usage = shutil.disk_usage(on_sqlite)
    monkeypatch.setattr(shutil, "disk_usage", lambda _path: usage._replace(free=next(room, 1)))

    with pytest.raises(NoRoom, match="it needs about"):
        making.make(kind=place.BY_HAND)

    assert place.lying() == []


def test_the_command_and_the_lists_say_how_large_the_pictures_are(on_sqlite, capsys):
    upload()

    call_command("backup")
    call_command("restore", str(place.lying()[0].path), "--list")

    out = capsys.readouterr().out
    assert "and 1 uploaded pictures (" in out
    assert "1 uploaded pictures" in out.partition("member")[2]
    with Archive(place.lying()[0].path) as opened:
        assert Backup.objects.get().pictures_bytes == opened.manifest.pictures_bytes() > 1_000
