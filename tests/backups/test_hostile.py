"""An archive is a stranger: whatever is odd about it is refused with a sentence, and nothing is written elsewhere."""

from __future__ import annotations

import json
import sqlite3
import stat
import zipfile
from pathlib import Path

import pytest

from mediasync.backups import archive, making, place, restoring
from mediasync.backups.errors import Unusable
from scanner.models import Title

pytestmark = pytest.mark.repeats


def members(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as opened:
        return {name: opened.read(name) for name in opened.namelist()}


def packed(path: Path, parts: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as into:
        for name, body in parts.items():
            into.writestr(name, body)
    return path


def with_manifest(parts: dict[str, bytes], **changes: object) -> dict[str, bytes]:
    return {**parts, "manifest.json": json.dumps({**json.loads(parts["manifest.json"]), **changes}).encode()}


def with_database(parts: dict[str, bytes], folder: Path, *statements: str) -> dict[str, bytes]:
    """Put another database into an archive whose manifest is right about it."""
    file = folder / "forged.sqlite3"
    file.write_bytes(parts["db.sqlite3"])
    changed = sqlite3.connect(file, isolation_level=None)
    for statement in statements:
        changed.execute(statement)
    changed.close()
    given = json.loads(parts["manifest.json"])
    member = archive.hashed(file, lambda _size: None)
    given["members"]["db.sqlite3"] = {"bytes": member.bytes, "sha256": member.sha256}
    return {**parts, "manifest.json": json.dumps(given).encode(), "db.sqlite3": file.read_bytes()}


CASES = {
    "a path that climbs": (lambda p, _f: {**p, "../../.bashrc": b"evil"}, "what no backup holds"),
    "an absolute path": (lambda p, _f: {**p, "/etc/passwd": b"evil"}, "what no backup holds"),
    "no manifest": (lambda p, _f: {"db.sqlite3": p["db.sqlite3"]}, "holds no manifest"),
    "a manifest that is none": (lambda p, _f: {**p, "manifest.json": b"[" * 100_000}, "manifest cannot be read"),
    "a manifest of a list": (lambda p, _f: {**p, "manifest.json": b"[1]"}, "manifest cannot be read"),
    "of a newer format": (lambda p, _f: with_manifest(p, format=2), "newer mediasync"),
    "of another program": (lambda p, _f: with_manifest(p, program="other"), "no backup of mediasync"),
    "no database": (lambda p, _f: with_manifest({k: v for k, v in p.items() if k != "db.sqlite3"}), "damaged"),
    "a database cut short": (lambda p, _f: {**p, "db.sqlite3": p["db.sqlite3"][:-4096]}, "not what its manifest"),
    "a bomb": (lambda p, _f: {**p, "db.sqlite3": b"\0" * 50_000_000}, "not what its manifest"),
    "rows that are missing": (
        lambda p, f: with_database(p, f, "DELETE FROM journal_event"), "journal_event has 0 rows",
    ),
    "rows that refer to nothing": (
        lambda p, f: with_database(p, f, "UPDATE scanner_match SET title_id = 999"), "is not there",
    ),
    "a trigger": (
        lambda p, f: with_database(
            p, f, "CREATE TRIGGER evil AFTER INSERT ON auth_user BEGIN DELETE FROM auth_user; END"
        ),
        "more than tables",
    ),
    "a database that is none": (
        lambda p, f: {**with_database(p, f), "db.sqlite3": b"x" * len(p["db.sqlite3"])}, "not what its manifest",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_an_odd_archive_is_refused_and_changes_nothing(on_sqlite, name):
    forge, sentence = CASES[name]
    parts = members(making.make(kind=place.BY_HAND).path)
    forged = packed(on_sqlite / "forged.zip", forge(parts, on_sqlite))

    with pytest.raises(Unusable, match=sentence):
        restoring.restore(forged)

    assert Title.objects.get().name.startswith("Tide")
    assert not [path for path in on_sqlite.iterdir() if path.name.endswith(".restoring")]


def test_the_same_name_twice_is_refused(on_sqlite):
    parts = members(making.make(kind=place.BY_HAND).path)
    path = packed(on_sqlite / "twice.zip", parts)
    with zipfile.ZipFile(path, "a") as into, pytest.warns(UserWarning, match="Duplicate"):
        into.writestr("env", "SECRET_KEY=evil")

    with pytest.raises(Unusable, match="what no backup holds"):
        restoring.restore(path)


def test_a_member_that_is_a_link_is_only_read_as_bytes(on_sqlite):
    parts = members(making.make(kind=place.BY_HAND).path)
    link = zipfile.ZipInfo("env")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    with zipfile.ZipFile(on_sqlite / "link.zip", "w") as into:
        for name in ("manifest.json", "db.sqlite3"):
            into.writestr(name, parts[name])
        into.writestr(link, "/etc/passwd")

    with pytest.raises(Unusable, match="env is not what its manifest says"):
        restoring.restore(on_sqlite / "link.zip")


@pytest.mark.parametrize("body", [b"", b"PK\x03\x04half", b"\x1f\x8btar"], ids=["empty", "half", "a tar"])
def test_what_is_no_archive_is_called_that(on_sqlite, body):
    (on_sqlite / "x.zip").write_bytes(body)

    with pytest.raises(Unusable, match="is no backup of mediasync"):
        restoring.restore(on_sqlite / "x.zip")


def test_a_file_that_is_not_there_is_said(on_sqlite):
    with pytest.raises(Unusable, match="There is no file"):
        restoring.restore(on_sqlite / "nowhere.zip")
