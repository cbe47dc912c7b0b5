"""Backups and restores by real processes: killed at any moment, beside writers, on a disk that is full."""

from __future__ import annotations

import os
import resource
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from django.db import connection, connections

from benches.household import ROOT, stop, until, workers
from jobs import queue
from jobs.models import Job
from mediasync.backups.archive import Archive
from scanner.models import Library, Title

pytestmark = pytest.mark.processes

SLOWED = """
import os, sys, time, django
django.setup()
import mediasync.backups.{module} as slowed
was = slowed.{function}
def slow(*args, **options):
    open(os.environ["MARK"], "w").close()
    time.sleep({before})
    found = was(*args, **options)
    time.sleep({after})
    return found
slowed.{function} = slow
sys.argv = ["manage.py", *sys.argv[1:]]
from mediasync.cli import main
main()
"""


def fill(rows: int = 2_000) -> None:
    titles = [Title(kind="movie", name=f"film {number}", sort_name=f"film {number}") for number in range(rows)]
    Title.objects.bulk_create(titles)


def run(household, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run a command of ours to its end."""
    return subprocess.run(
        [sys.executable, str(ROOT / "manage.py"), *arguments],
        env=household.environment(),
        capture_output=True,
        text=True,
        timeout=120,
    )


def killed(household, script: str, *arguments: str) -> None:
    """Start a command whose course is slowed at one place, and kill it there."""
    mark = household.data / "mark"
    process = subprocess.Popen(
        [sys.executable, "-c", script, *arguments],
        env={**household.environment(), "MARK": str(mark)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )
    until(lambda: mark.exists() or process.poll() is not None)
    time.sleep(0.3)
    assert process.poll() is None, process.stderr.read()
    os.kill(process.pid, signal.SIGKILL)
    process.communicate()
    mark.unlink()


def slowed(module: str, function: str, *, before: float = 0, after: float = 0) -> str:
    return SLOWED.format(module=module, function=function, before=before, after=after)


def test_a_killed_backup_leaves_no_archive_and_the_next_one_works(household_on_both):
    household = household_on_both
    fill()
    for module, function in (("snapshot", "take"), ("archive", "write"), ("checking", "check")):
        killed(household, slowed(module, function, before=30), "backup", str(household.data / "mine.zip"))
        assert not (household.data / "mine.zip").exists()

    done = run(household, "backup", str(household.data / "mine.zip"))

    assert done.returncode == 0, done.stderr
    with Archive(household.data / "mine.zip") as archive:
        assert archive.manifest.counts["scanner_title"] == 2_000
    assert [path.name for path in (household.data / "backups").iterdir()] == [".lock"]


STEPS = [
    ("restoring", "_prepare", {"before": 30}, "before"),
    ("restoring", "_save_present", {"before": 30}, "before"),
    ("recovery", "ready", {"before": 30}, "before"),
    ("recovery", "ready", {"after": 30}, "after"),
    ("recovery", "_put", {"after": 30}, "after"),
]


@pytest.mark.parametrize(("module", "function", "when", "state"), STEPS, ids=str)
def test_a_killed_restore_leaves_the_old_state_or_the_new_one_and_the_next_start_says_which(
    household, module, function, when, state
):
    Title.objects.create(kind="movie", name="backed up", sort_name="b")
    assert run(household, "backup", str(household.data / "mine.zip")).returncode == 0
    Title.objects.update(name="of today")
    connections.close_all()

    killed(household, slowed(module, function, **when), "restore", str(household.data / "mine.zip"))
    told = run(household, "items", "--json")

    assert told.returncode == 0, told.stderr
    assert ("as it was" if state == "before" else "complete now") in told.stderr
    assert Title.objects.get().name == ("of today" if state == "before" else "backed up")
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA integrity_check")
        assert cursor.fetchone() == ("ok",)
    assert not [path for path in household.data.iterdir() if ".restoring" in path.name or path.name == "restore.json"]
    assert "cut off" not in run(household, "items", "--json").stderr


@pytest.mark.postgres
def test_a_restore_into_postgresql_that_is_killed_leaves_everything_as_it_was(household_on_both):
    household = household_on_both
    if connection.vendor != "postgresql":
        return  # SQLite has a test of its own
    Title.objects.create(kind="movie", name="backed up", sort_name="b")
    assert run(household, "backup", str(household.data / "mine.zip")).returncode == 0
    Title.objects.update(name="of today")

    script = slowed("copying", "copy", after=30)
    killed(household, script, "restore", "--no-safety-copy", str(household.data / "mine.zip"))
    until(lambda: Title.objects.get().name == "of today")  # as soon as the server has noticed
    told = run(household, "items", "--json")

    assert "the database is as it was" in told.stderr
    assert run(household, "restore", str(household.data / "mine.zip")).returncode == 0
    connections.close_all()
    assert Title.objects.get().name == "backed up"


def test_a_backup_beside_busy_workers_keeps_none_of_them_waiting(household_on_both):
    household = household_on_both
    fill(5_000)
    main = household.start("work")
    until(lambda: len(workers()) == 2)
    queue.enqueue(*(queue.Work("bench.quick", f"quick:{number}") for number in range(300)))

    done = run(household, "backup")

    assert done.returncode == 0, done.stderr
    until(lambda: Job.objects.filter(kind="bench.quick", state="done").count() == 300)
    assert "locked" not in household.log()
    assert "Traceback" not in household.log()
    stop(main)


def test_a_restore_is_refused_while_mediasync_runs_and_works_after_its_stop(household):
    Library.objects.create(path=str(household.data / "films"), name="films")
    (household.data / "films").mkdir()
    assert run(household, "backup", str(household.data / "mine.zip")).returncode == 0
    main = household.start("up", "--port", "0")
    until(lambda: len(workers()) == 2)

    refused = run(household, "restore", str(household.data / "mine.zip"))
    assert refused.returncode == 2
    assert f"already runs on {household.data} (process " in refused.stderr

    stop(main)
    connections.close_all()
    done = run(household, "restore", str(household.data / "mine.zip"))
    assert done.returncode == 0, done.stderr
    assert "1 scans are queued" in done.stdout
    main = household.start("up", "--port", "0")
    until(lambda: Job.objects.filter(kind="scanner.walk", state="done").exists())
    stop(main)
    assert "Traceback" not in household.log()


def test_a_disk_that_fills_up_leaves_nothing_half_made(household, tmp_path):
    fill()

    def limit() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, 200_000))

    done = subprocess.run(
        [sys.executable, str(ROOT / "manage.py"), "backup"],
        env=household.environment(),
        preexec_fn=limit,
        capture_output=True,
        text=True,
        timeout=120,
    )

    assert done.returncode == 1
    assert "No backup was made" in done.stderr
    assert "Traceback" not in done.stderr
    assert [path.name for path in (household.data / "backups").iterdir()] == [".lock"]


def test_lines_of_all_processes_are_in_one_file(household):
    household.set(LOG_LEVEL="INFO")
    main = household.start("up", "--port", "0")
    until(lambda: len(workers()) == 2)
    queue.enqueue(queue.Work("bench.nap", "nap:not a number:1"))
    until(lambda: Job.objects.filter(kind="bench.nap").exclude(last_error="").exists())
    stop(main)

    shown = run(household, "logs", "--lines", "200")

    assert "supervisor/" in shown.stdout
    assert "worker/" in shown.stdout
    assert "job=" in shown.stdout
    assert "Traceback (most recent call last)" in shown.stdout
    assert Path(household.data / "logs" / "mediasync.log").stat().st_mode & 0o777 == 0o600
