"""One log file that many processes write: no line is lost or torn, no secret is in it, nothing breaks for it."""

from __future__ import annotations

import json
import logging
import os
import re
import resource
import subprocess
import sys
from pathlib import Path

import pytest

from jobs import running
from jobs.claim import Claim
from journal import redaction, tracing
from mediasync.logs import file, lines
from mediasync.logs.file import SharedFile
from mediasync.supervisor import cluster

WRITER = """
import logging, sys
from journal import tracing
from mediasync.logs.file import SharedFile
tracing.name_process(sys.argv[2])
log = logging.getLogger("many"); log.setLevel("INFO")
log.addHandler(SharedFile(sys.argv[1], most_bytes=20_000, keep=400))
for number in range(500):
    log.info("line %d of %s %s", number, sys.argv[2], "x" * (number % 97))
"""


def logger(folder: Path, **options: int) -> logging.Logger:
    made = logging.Logger("tests")
    made.addHandler(SharedFile(folder, **options))
    return made


def said(folder: Path) -> list[dict]:
    files = sorted(folder.glob(f"{file.NAME}*"), key=lambda path: -int(path.name.removeprefix(file.NAME)[1:] or 0))
    return [json.loads(line) for path in files for line in path.read_bytes().splitlines()]


@pytest.mark.processes
def test_processes_that_write_and_turn_over_at_once_lose_and_tear_nothing(tmp_path):
    writers = [
        subprocess.Popen([sys.executable, "-c", WRITER, str(tmp_path), f"writer{number}"]) for number in range(4)
    ]
    assert [writer.wait(60) for writer in writers] == [0] * 4

    found = {(line["process"], int(re.search(r"line (\d+)", line["message"])[1])) for line in said(tmp_path)}

    assert len(said(tmp_path)) == len(found) == 2_000
    assert len(list(tmp_path.glob("mediasync.log.*"))) > 10


def test_old_files_are_dropped_and_sizes_hold(tmp_path):
    log = logger(tmp_path, most_bytes=2_000, keep=3)

    for number in range(200):
        log.warning("line %d", number)

    sizes = {path.name: path.stat().st_size for path in tmp_path.glob("mediasync.log*")}
    assert sorted(sizes) == ["mediasync.log", "mediasync.log.1", "mediasync.log.2", "mediasync.log.3"]
    assert max(sizes.values()) <= 2_000
    assert said(tmp_path)[-1]["message"] == "line 199"


def test_a_line_is_plain_text_without_what_a_terminal_would_obey(tmp_path):
    logger(tmp_path).warning("\x1b[31m \u202e two\nlines \udcff %s", "ü")

    written = (tmp_path / file.NAME).read_bytes()

    assert written.isascii()
    assert written.count(b"\n") == 1
    assert json.loads(written)["message"] == "\x1b[31m \u202e two\nlines \udcff ü"
    assert (tmp_path / file.NAME).stat().st_mode & 0o777 == 0o600


def test_secrets_are_in_no_part_of_a_line(tmp_path, monkeypatch):
    monkeypatch.setattr(redaction, "_secrets", {'quo"ted-secret\\é'})
    try:
        raise RuntimeError("GET /3?api_key=" + "0123456789 " + next(iter(redaction._secrets)))
    except RuntimeError:
        logger(tmp_path).exception("asked %s", "/?token=0123456789")

    line = lines.decode((tmp_path / file.NAME).read_bytes())

    assert "0123456789" not in line.message + line.gist
    assert line.gist == "RuntimeError: GET /3?api_key=*** ***"


def test_a_line_says_which_request_or_job_it_is_about(tmp_path):
    claim = Claim(
        job_id=17, kind="scanner.title", key="title:3", pool="metadata", token="t", priority=2, origin="", attempts=1
    )
    log = logger(tmp_path)

    with running.bound(running.Running(claim)):
        log.warning("in a job")
    with tracing.saying(request="abcdef"):
        log.warning("in a request")
    log.warning("in neither")

    job, request, neither = said(tmp_path)
    assert (job["job"], job["work"]) == (17, "scanner.title title:3")
    assert request["request"] == "abcdef"
    assert not {"job", "request"} & {*neither}


def test_a_huge_line_is_cut_in_the_middle(tmp_path):
    logger(tmp_path).warning("%s the end", "x" * 1_000_000)

    found = said(tmp_path)[0]["message"]
    assert len(found) < 20_000
    assert "characters left out" in found
    assert found.endswith("the end")


def test_a_log_call_with_wrong_values_is_kept_all_the_same(tmp_path, capsys):
    logger(tmp_path).warning("%d titles", "many")

    assert "%d titles ('many',) (TypeError)" in said(tmp_path)[0]["message"]
    assert capsys.readouterr().err == ""


def test_a_full_disk_breaks_nothing_and_the_next_line_is_whole(tmp_path, monkeypatch, capsys):
    log = logger(tmp_path)
    log.warning("before")
    write = os.write
    monkeypatch.setattr(os, "write", lambda handle, line: write(handle, line[:20]))
    log.warning("cut off")

    def fail(_handle, _line):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "write", fail)
    log.warning("lost")
    monkeypatch.undo()
    log.warning("after")

    found = [lines.decode(line) for line in (tmp_path / file.NAME).read_bytes().splitlines()]
    assert [line.message for line in found if line.at] == ["before", "after"]
    assert capsys.readouterr().err == ""


@pytest.mark.processes
def test_a_size_limit_of_the_system_breaks_nothing(tmp_path):
    def limit() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (4_000, 4_000))

    writer = subprocess.run(
        [sys.executable, "-c", WRITER, str(tmp_path), "web"], preexec_fn=limit, capture_output=True, timeout=60
    )

    assert (writer.returncode, writer.stderr) == (0, b"")


def test_a_folder_that_vanishes_is_made_again(tmp_path):
    log = logger(tmp_path / "logs")
    log.warning("one")
    (tmp_path / "logs" / file.NAME).unlink()
    (tmp_path / "logs").rmdir()
    log.warning("two")

    assert [line["message"] for line in said(tmp_path / "logs")] == ["two"]


def test_a_folder_that_cannot_be_made_breaks_nothing(tmp_path):
    (tmp_path / "logs").write_text("a file in the way")

    logger(tmp_path / "logs").warning("lost")


def test_what_ends_a_thread_stands_in_the_log_too(tmp_path, capsys):
    handler = SharedFile(tmp_path)
    logging.getLogger().addHandler(handler)
    try:
        raise RuntimeError("GET /?api_key=0123456789abcdef")
    except RuntimeError:
        redaction._told(*sys.exc_info())
    finally:
        logging.getLogger().removeHandler(handler)

    assert "api_key=***" in said(tmp_path)[0]["traceback"]
    assert "0123456789abcdef" not in capsys.readouterr().err


def test_a_process_of_the_cluster_ends_with_a_redacted_line_and_no_other_words(caplog, capsys):
    def broken(_argument):
        raise RuntimeError("a bug in the worker")

    with pytest.raises(SystemExit) as ended:
        cluster.guarded(broken)("x")

    assert ended.value.code == 1
    assert "broken of the cluster ended" in caplog.text
    assert capsys.readouterr().err == ""
