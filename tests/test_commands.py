"""Commands as scripts use them: a sentence on standard error and an exit code that can be trusted."""

from __future__ import annotations

import json
import os
import re
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from mediasync import configuration, environment
from mediasync.environment import BadSetting
from mediasync.supervisor import house
from scanner.models import Library, Match, MediaFile
from scanner.services import libraries
from terminal import person
from terminal.output import plain
from tests.factories import make_library, make_match, put, scan

ROOT = Path(__file__).resolve().parent.parent


def run(data: Path, *arguments: str, **settings: str) -> subprocess.CompletedProcess[str]:
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    env = {**kept, "MEDIASYNC_DATA": str(data), **settings}
    command = [sys.executable, str(ROOT / "manage.py"), *arguments]
    return subprocess.run(command, env=env, capture_output=True, text=True, timeout=120, check=False)


# --- settings ---

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
    told = set(re.findall(r"^\| (.*?) \|", (ROOT / "docs" / "OPERATIONS.md").read_text(), re.MULTILINE))
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


# --- folders ---


@pytest.fixture
def folders(tmp_path):
    put(tmp_path, "films/Moss (2019)/Moss (2019).mkv")
    (tmp_path / "file").touch()
    return tmp_path


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("nowhere", "does not exist"),
        ("file", "is a file"),
        ("films/Moss (2019)", "lies inside the library “films”"),
        (".", "holds the library “films”"),
        ("x" * 300, "does not exist"),
    ],
)
def test_a_folder_that_cannot_be_a_library_is_wrong_use(folders, name, says):
    make_library(folders / "films")

    for command in (["library", "add"], ["scan"]):
        with pytest.raises(CommandError, match=says) as error:
            call_command(*command, str(folders / name))
        assert error.value.returncode == 2
    assert Library.objects.count() == 1


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("name", "says"), [("", "No folder was named"), ("/", "whole file system"), ("~nobody/x", "not")]
)
def test_no_folder_the_root_and_strangers_homes_are_no_libraries(name, says):
    with pytest.raises(CommandError, match=says):
        call_command("library", "add", name)


@pytest.mark.django_db
def test_an_unreadable_folder_is_refused(folders, monkeypatch):
    monkeypatch.setattr(os, "access", lambda *_args: False)

    with pytest.raises(libraries.NotALibrary, match="cannot be read by this user"):
        libraries.add(str(folders / "films"))


@pytest.mark.django_db
def test_a_known_library_whose_disk_is_away_is_held_by_its_path(folders, capsys):
    library = make_library(folders / "films")
    scan(library)
    (folders / "films").rename(folders / "away")

    call_command("scan", str(folders / "films"), "--json")
    held = scan(library)

    assert [row["library"] for row in json.loads(capsys.readouterr().out)["scans"]] == ["films"]
    assert (held.state, held.missing) == ("held", 0)
    assert "cannot be read: No such file or directory" in held.reason
    assert MediaFile.objects.get().state == "new"


@pytest.mark.django_db
def test_two_who_add_a_folder_at_once_get_the_same_library(folders, monkeypatch):
    def meanwhile(path):
        make_library(path)
        return "movies"

    monkeypatch.setattr(libraries, "guess_kind", meanwhile)
    library, new = libraries.add(str(folders / "films"))

    assert (library, new) == (Library.objects.get(), False)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("command", "says"),
    [
        (["library", "remove"], "Say which library"),
        (["library", "remove", "nope"], "There is no library “nope”"),
        (["items", "--library", "nope"], "There is no library “nope”"),
        (["sources", "test", "nope"], "There is no source “nope”"),
        (["scan"], "There is no library yet"),
    ],
    ids=" ".join,
)
def test_what_does_not_exist_is_wrong_use(command, says):
    with pytest.raises(CommandError, match=says) as error:
        call_command(*command)

    assert error.value.returncode == 2


@pytest.mark.parametrize(("host", "port"), [("127.0.0.1", 99_999), ("999.1.1.1", 0), ("x" * 70 + ".example", 0)])
def test_nobody_can_listen_at_an_impossible_address(host, port):
    with pytest.raises(house.AddressTaken, match="Nobody can listen at"):
        house.listen(host, port)


# --- the terminal ---


def test_names_of_files_cannot_steer_a_terminal():
    assert plain("a\x1b[31m\nb\u202egnp · é🎬") == r"a\x1b[31m\nb\u202egnp · é🎬"


@pytest.mark.django_db
def test_items_are_a_line_each_whatever_their_names(folders, capsys):
    library = make_library(folders / "films")
    match = make_match(library, "Red\x1b[31m\n")
    MediaFile.objects.create(library=library, path="Red\x1b[31m\n.mkv", match=match, size_bytes=1, mtime_ns=1)

    call_command("items")

    assert [line[:5] for line in capsys.readouterr().out.splitlines()] == ["NEW  ", "1 ite"]
    assert Match.objects.count() == 1


def test_who_has_no_name_has_a_number(monkeypatch):
    def nameless() -> str:
        raise KeyError("getpwuid(): uid not found")

    monkeypatch.setattr(person.getpass, "getuser", nameless)

    assert person.name() == f"uid {os.getuid()}"


# --- real processes ---


@pytest.mark.processes
def test_wrong_use_ends_with_2_and_no_traceback(tmp_path):
    for arguments in (["scan", "--bogus"], ["frobnicate"], ["scan", "--mode", "no"], ["library", "add", "/nowhere"]):
        ended = run(tmp_path, *arguments)
        assert (ended.returncode, ended.stdout) == (2, ""), arguments
        assert ended.stderr
        assert "Traceback" not in ended.stderr
    assert "There is no command “frobnicate”" in run(tmp_path, "frobnicate").stderr
    wrong = run(tmp_path, "library", "list", WORKERS="many")
    assert (wrong.returncode, wrong.stderr.count("\n")) == (2, 1)


@pytest.mark.processes
def test_a_database_that_cannot_be_used_is_told_in_a_sentence(tmp_path):
    (tmp_path / "noise").write_bytes(os.urandom(5_000))

    for url in ("sqlite:////nonexistent/folder/db", f"sqlite:///{tmp_path}/noise"):
        ended = run(tmp_path, "library", "list", DATABASE_URL=url)
        assert (ended.returncode, ended.stdout) == (1, "")
        assert ended.stderr.startswith("The database cannot be used: ")
        assert "Traceback" not in ended.stderr


@pytest.mark.processes
def test_a_reader_that_has_read_enough_is_no_error(tmp_path):
    run(tmp_path, "library", "list")
    command = f"{sys.executable} {ROOT}/manage.py help | head -c 1"
    ended = subprocess.run(
        ["sh", "-c", command],
        env={"PATH": os.environ["PATH"], "MEDIASYNC_DATA": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )

    assert "Traceback" not in ended.stderr


@pytest.mark.processes
def test_a_database_locked_by_another_program_is_waited_for(tmp_path):
    data = tmp_path / "data"
    names = [f"Film {number:02} (2001)/Film {number:02} (2001).mkv" for number in range(30)]
    put(tmp_path / "films", *names)
    run(data, "library", "add", str(tmp_path / "films"))
    other = sqlite3.connect(data / "db.sqlite3", isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    command = [sys.executable, str(ROOT / "manage.py"), "scan", "--wait", "--json"]
    env = {"PATH": os.environ["PATH"], "MEDIASYNC_DATA": str(data)}
    with subprocess.Popen(command, env=env, stdout=subprocess.PIPE, text=True) as scanning:
        time.sleep(4)
        still_there = scanning.poll() is None
        other.execute("ROLLBACK")
        told = json.loads(scanning.communicate(timeout=120)[0])
    other.close()

    assert (still_there, scanning.returncode, told["jobs_failed"]) == (True, 0, 0)
    assert len(json.loads(run(data, "items", "--json").stdout)) == 30
