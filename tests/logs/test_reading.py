"""The log is read from its end, however large it is and whatever stands in it."""

from __future__ import annotations

import json
import logging
import os

import pytest
from django.core.management import call_command

from journal import tracing
from mediasync.logs import reading
from mediasync.logs.file import NAME, SharedFile
from mediasync.logs.reading import Wanted
from mediasync.management.commands import logs as command


def write(folder, *messages: str, level: int = logging.WARNING, **options: int) -> None:
    log = logging.Logger("tests")
    log.addHandler(SharedFile(folder, **options))
    for message in messages:
        log.log(level, message)
    log.handlers[0].close()


def messages(found: reading.Found) -> list[str]:
    return [entry.line.message for entry in found.entries]


def test_pages_follow_each_other_through_all_files_without_gap_or_repeat(tmp_path):
    write(tmp_path, *(f"line {number}" for number in range(500)), most_bytes=9_000, keep=30)
    seen, before = [], ""

    while True:
        found = reading.find(tmp_path, Wanted(), before=before, most=7)
        seen += messages(found)
        before = found.older
        if not before:
            break

    assert seen == [f"line {number}" for number in reversed(range(500))]
    assert (tmp_path / f"{NAME}.5").exists()


def test_a_place_is_found_again_after_the_file_was_turned_over(tmp_path):
    write(tmp_path, *(f"line {number}" for number in range(10)))
    first = reading.find(tmp_path, Wanted(), most=3)
    (tmp_path / NAME).rename(tmp_path / f"{NAME}.1")
    write(tmp_path, "new")

    assert messages(reading.find(tmp_path, Wanted(), before=first.older, most=2)) == ["line 6", "line 5"]
    assert reading.entry(tmp_path, first.entries[1].cursor).line.message == "line 8"


@pytest.mark.parametrize("cursor", ["", "x", "1-2", "-", "9" * 400, "../../etc/passwd", "1-99999999999"])
def test_a_place_that_is_none_shows_the_newest(tmp_path, cursor):
    write(tmp_path, "one", "two")

    assert messages(reading.find(tmp_path, Wanted(), before=cursor)) == ["two", "one"]
    assert reading.entry(tmp_path, cursor) is None


def test_a_question_reads_no_more_than_its_budget(tmp_path, monkeypatch):
    write(tmp_path, "the needle", *("x" * 1_000 for _ in range(300)))
    read, pread = [], os.pread
    monkeypatch.setattr(os, "pread", lambda handle, size, at: read.append(size) or pread(handle, size, at))

    found = reading.find(tmp_path, Wanted(text="needle"), budget=100_000)

    assert (found.entries, found.cut) == ([], True)
    assert sum(read) < 100_000 + 2 * reading.BLOCK
    last = reading.find(tmp_path, Wanted(text="needle"), before=found.older, budget=1_000_000)
    assert messages(last) == ["the needle"]


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        (Wanted(level="ERROR"), ["Größe"]),
        (Wanted(level="WARNING"), ["Größe", 'say "hi" \\']),
        (Wanted(text="GRÖSSE"), ["Größe"]),
        (Wanted(text='"HI" \\'), ['say "hi" \\']),
        (Wanted(text="abc123"), ["plain"]),
        (Wanted(process="watcher"), ["plain"]),
        (Wanted(text="nothing"), []),
    ],
    ids=str,
)
def test_filters_tell_lines_apart(tmp_path, wanted, found):
    before = tracing.process()
    tracing.name_process("watcher")
    with tracing.saying(request="abc123"):
        write(tmp_path, "plain", level=logging.INFO)
    tracing.name_process(before)
    write(tmp_path, 'say "hi" \\')
    write(tmp_path, "Größe", level=logging.ERROR)

    assert messages(reading.find(tmp_path, wanted)) == found


def test_what_is_no_line_of_ours_is_shown_as_it_is_without_secrets(tmp_path):
    odd = [b"half a li", b"[1, 2]", b'{"at": 5}', b"\xff\xfe", b'{"level": {}, "pid": "x"}', b"x?api_key=0123456789"]
    (tmp_path / NAME).write_bytes(b"\n".join(odd) + b"\n\n" + b"[" * 100_000)

    found = reading.find(tmp_path, Wanted())

    assert len(found.entries) == 7
    assert found.entries[1].line.message == "x?api_key=***"


def test_a_line_of_many_megabytes_is_read_once_and_cut(tmp_path):
    (tmp_path / NAME).write_bytes(b'{"message": "' + b"x" * 3_000_000 + b'"}\n')
    write(tmp_path, "after")

    found = reading.find(tmp_path, Wanted())

    assert found.entries[0].line.message == "after"
    assert len(found.entries[1].line.message) < 20_000


def test_no_folder_is_an_empty_log(tmp_path):
    assert reading.find(tmp_path / "nowhere", Wanted()).entries == []
    assert list(reading.all_text(tmp_path / "nowhere", Wanted())) == []


def test_the_command_shows_lines_oldest_first(settings, tmp_path, capsys):
    settings.DATA_DIR = tmp_path
    write(tmp_path / "logs", *(f"line {number} \x1b[31m" for number in range(9)))

    call_command("logs", "--lines", "2", "--grep", "line")
    out = capsys.readouterr().out
    call_command("logs", "--level", "error", "--json")

    assert [text.split("tests: ")[1] for text in out.splitlines()] == ["line 7 \\x1b[31m", "line 8 \\x1b[31m"]
    assert json.loads(capsys.readouterr().out) == []


def test_to_follow_shows_what_comes_and_nothing_twice(settings, tmp_path, capsys, monkeypatch):
    settings.DATA_DIR = tmp_path
    write(tmp_path / "logs", "one")
    turns = iter([("two", "three"), (), ("four",)])

    def sleep(_seconds: float) -> None:
        more = next(turns, None)
        if more is None:
            raise KeyboardInterrupt
        write(tmp_path / "logs", *more)

    monkeypatch.setattr(command.time, "sleep", sleep)

    call_command("logs", "--follow", "--json")

    told = [json.loads(line)["message"] for line in capsys.readouterr().out.splitlines()]
    assert told == ["one", "two", "three", "four"]
