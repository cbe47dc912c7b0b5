"""Commands as scripts use them: a sentence on standard error and an exit code that can be trusted."""

from __future__ import annotations

import json
import os

import pytest
from django.core.management import CommandError, call_command

from mediasync.supervisor import house
from scanner.models import Library, Match, MediaFile
from scanner.services import libraries
from terminal import person
from terminal.output import plain
from tests.factories import make_library, make_match, put, scan

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
