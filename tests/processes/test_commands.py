"""Commands as scripts use them, in processes of their own: exit codes, pipes, a database that somebody else holds."""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.factories import put

ROOT = Path(__file__).resolve().parent.parent.parent


def run(data: Path, *arguments: str, **settings: str) -> subprocess.CompletedProcess[str]:
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    env = {**kept, "MEDIASYNC_DATA": str(data), **settings}
    command = [sys.executable, str(ROOT / "manage.py"), *arguments]
    return subprocess.run(command, env=env, capture_output=True, text=True, timeout=120, check=False)


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
