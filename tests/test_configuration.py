"""Settings as people write them: what is wrong is named, with what would be right."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest

from mediasync import configuration, environment
from mediasync.environment import BadSetting

DOCUMENTED = Path(__file__).resolve().parent.parent / "docs" / "OPERATIONS.md"
BAD_SETTINGS = [
    ("BACKUP_DIR", "backups", "an absolute path such as"),
    ("BACKUP_KEEP_DAILY", "0", "a whole number from 1"),
    ("BACKUP_KEEP_WEEKLY", "-1", "a whole number from 0"),
    ("UPGRADE_WITHOUT_BACKUP", "perhaps", "should be one of"),
    ("HTTPS", "maybe", "one of true"),
    ("PORT", "abc", "a whole number from 0 to 65535"),
    ("PORT", "70000", "a whole number from 0 to 65535"),
    ("PORT", "1.5", "a whole number"),
    ("REFRESH_BATCH", "0", "a whole number from 1 to 10000"),
    ("REFRESH_PAUSE", "soon", "a whole number from 0 to 86400"),
    ("TZ", "Mars/Phobos", "Europe/Berlin"),
    ("TZ", "Europe", "Europe/Berlin"),
    ("TZ", "../../etc/passwd", "Europe/Berlin"),
    ("DATABASE_URL", "mysql://host/name", "begin with sqlite://"),
    ("DATABASE_URL", "postgres://", "names no database"),
    ("DATABASE_URL", "postgres://user:secret@host:abc/name", "no valid address"),
    ("DATABASE_URL", "sqlite://", "names no database"),
    ("DATABASE_URL", "sqlite://:memory:", "no valid address"),
    ("REDIS_URL", "http://host", "begin with redis://"),
    ("REDIS_URL", "redis://host:abc", "no valid address"),
    ("TMDB_BASE_URL", "ftp://host", "begin with http://"),
    ("TMDB_BASE_URL", "http://", "no valid address"),
    ("TMDB_BASE_URL", "http://[host", "no valid address"),
    ("TMDB_BASE_URL", "http://host:99999/3", "no valid address"),
    ("TMDB_BASE_URL", "http://ho st/3", "no valid address"),
    ("TMDB_IMAGE_BASE_URL", "nope", "begin with http://"),
    ("TMDB_LANGUAGE", "english", "en-US"),
    ("TMDB_API_KEY", "two words", "without spaces"),
    ("TMDB_API_KEY", "key\nX-Header: 1", "without spaces"),
    ("TMDB_LIMIT", "35", "35/10"),
    ("TMDB_LIMIT", "0/10", "35/10"),
    ("TMDB_IMAGE_LIMIT", "a/b", "35/10"),
    ("OUTBOUND_ALLOW_HOSTS", "10.0.0.0/99", "192.168.1.0/24"),
    ("OUTBOUND_ALLOW_HOSTS", "not a host", "without spaces"),
    ("OUTBOUND_ALLOW_HOSTS", "http://nas", "is no network"),
    ("USER_AGENTS", "one\nX-Header: 1", "ASCII"),
    ("REQUEST_TIMEOUT", "0", "from 1 to 600"),
    ("REQUEST_TIMEOUT", "1e9", "from 1 to 600"),
    ("CIRCUIT_BREAKER_THRESHOLD", "x", "from 1 to 100"),
    ("CIRCUIT_BREAKER_TIMEOUT", "-1", "from 1 to 86400"),
    ("MAX_RETRIES_PER_ITEM", "100", "from 0 to 20"),
    ("REFRESH_BATCH", "0", "from 1 to 10000"),
    ("REFRESH_PAUSE", "-1", "from 0 to 86400"),
    ("WORKERS", "two", "from 1 to 32"),
    ("WEB_PROCESSES", "0", "from 1 to 32"),
    ("LOG_LEVEL", "LOUD", "one of DEBUG"),
    ("SECRET_KEY", "short", "too short"),
]


@pytest.mark.parametrize(("name", "value", "right"), BAD_SETTINGS, ids=[f"{n}={v}" for n, v, _ in BAD_SETTINGS])
def test_a_setting_of_the_wrong_type_is_named_with_what_would_be_right(monkeypatch, name, value, right):
    monkeypatch.setenv("SECRET_KEY", "k" * 50)
    monkeypatch.setenv(name, value)

    with pytest.raises(BadSetting, match=re.escape(right)) as error:
        configuration.read()

    assert str(error.value).startswith(name)
    assert "secret" not in str(error.value)


def test_every_setting_has_a_test_of_a_wrong_value():
    told = set(re.findall(r"^\| (.*?) \|", DOCUMENTED.read_text(), re.MULTILINE))
    documented = {name for cell in told for name in re.findall(r"`([A-Z_]+)`", cell)}

    free = {"ALLOWED_HOSTS", "HOST"}  # any name may be one; who cannot listen there says so
    assert documented - free == {name for name, _value, _right in BAD_SETTINGS}


@pytest.mark.parametrize("name", ["PORT", "TZ", "HOST", "HTTPS", "TMDB_LIMIT", "LOG_LEVEL", "WORKERS", "TMDB_LANGUAGE"])
def test_an_empty_setting_is_as_good_as_none(monkeypatch, name):
    monkeypatch.setenv("SECRET_KEY", "k" * 50)
    monkeypatch.delenv(name, raising=False)
    expected = configuration.read()
    monkeypatch.setenv(name, "")

    assert configuration.read() == expected


@pytest.mark.parametrize(("value", "expected"), [("true", True), ("Yes", True), ("1", True), ("off", False)])
def test_https_is_yes_or_no(monkeypatch, value, expected):
    monkeypatch.setenv("SECRET_KEY", "k" * 50)
    monkeypatch.setenv("HTTPS", value)

    assert configuration.read().https is expected


def test_an_env_file_that_is_no_text_is_named(monkeypatch, tmp_path):
    monkeypatch.setenv("MEDIASYNC_DATA", str(tmp_path))
    (tmp_path / ".env").write_bytes(b"X=\xff\xfe\n")

    with pytest.raises(BadSetting, match=r"\.env cannot be used: it is not text in UTF-8"):
        environment.prepare()


@pytest.mark.parametrize("place", ["/dev/null/data", "/proc/data", "~nobody-of-this-name/data"])
def test_a_data_directory_that_cannot_be_is_told(monkeypatch, place):
    monkeypatch.setenv("MEDIASYNC_DATA", place)

    with pytest.raises(BadSetting, match="Set MEDIASYNC_DATA to a folder that this user may write"):
        environment.prepare()


@pytest.mark.parametrize("name", ["", "db.sqlite3", "static"])
def test_what_belongs_to_somebody_else_is_named_at_the_start(monkeypatch, tmp_path, name):
    monkeypatch.setenv("MEDIASYNC_DATA", str(tmp_path))
    environment.prepare()
    (tmp_path / name).mkdir(exist_ok=True)
    monkeypatch.setattr(os, "access", lambda path, _mode: Path(path) != tmp_path / name)

    with pytest.raises(BadSetting, match=r"cannot be written by this user\. It belongs to") as error:
        environment.prepare()

    assert str(error.value).startswith(str(tmp_path / name))


def test_an_env_file_that_cannot_be_read_is_named(monkeypatch, tmp_path):
    monkeypatch.setenv("MEDIASYNC_DATA", str(tmp_path))
    environment.prepare()

    def refuse(_self, **_options):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "read_text", refuse)

    with pytest.raises(BadSetting, match=r"\.env in the data directory cannot be used: Permission denied. It belongs"):
        environment.prepare()
