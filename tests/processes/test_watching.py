"""Libraries are watched by a process of its own: what happens on disk is seen within seconds, quietly."""

from __future__ import annotations

import os
import signal

import psutil
import pytest

from benches import trees
from benches.household import Household, stop, until
from jobs.models import Job
from scanner.models import Hint, MediaFile, Scan, Watch
from scanner.services import libraries
from tests.factories import put

pytestmark = pytest.mark.processes

FILM = "Moss (2019)/Moss (2019).mkv"


@pytest.fixture
def root(tmp_path):
    (tmp_path / "films").mkdir()
    return tmp_path / "films"


def is_quiet() -> bool:
    """Nothing is open but what waits for its time."""
    return not Hint.objects.exists() and not Job.objects.filter(state__in=["ready", "leased"]).exists()


def watched(household: Household, root):
    """Start the workers and wait until a library is watched and was looked at; the main process."""
    libraries.add(str(root), kind="movies")
    main = household.start("work")
    until(lambda: Watch.objects.filter(watching=True).exists(), what="it was watched")
    until(lambda: Scan.objects.filter(state="done").exists() and is_quiet(), what="the first scan was through")
    return main


def _line(process) -> list[str]:
    try:
        return process.cmdline()
    except psutil.Error:
        return []


def of(main) -> psutil.Process:
    """Return the watcher of this main process."""
    found = [child for child in psutil.Process(main.pid).children() if "watch_process" in " ".join(_line(child))]
    return found[0]


def test_a_new_file_a_move_and_a_deletion_are_seen_without_a_scan(household_on_both, root):
    main = watched(household_on_both, root)
    scans = Scan.objects.count()
    put(root, "Iron Lantern (2007)/Iron Lantern (2007).mkv", FILM)

    until(lambda: MediaFile.objects.filter(path=FILM, match__title__state="indexed").exists(), what="it was described")
    file = MediaFile.objects.get(path=FILM)
    (root / "Moss (2019)").rename(root / "Moss, renamed (2019)")
    until(lambda: MediaFile.objects.filter(path="Moss, renamed (2019)/Moss (2019).mkv").exists(), what="it moved")
    moved = MediaFile.objects.get(path="Moss, renamed (2019)/Moss (2019).mkv")
    (root / moved.path).rename(root.parent / "aside.mkv")
    until(lambda: MediaFile.objects.get(pk=file.pk).state == "missing", what="it was missed")

    assert (moved.pk, moved.match_id) == (file.pk, file.match_id)
    assert Scan.objects.count() in (scans, scans + 1)  # one film of two is half of the library: a scan decides that
    stop(main)
    assert household_on_both.processes() == []


def test_ten_thousand_files_at_once_are_one_quiet_scan(household, root, tmp_path):
    main = watched(household, root)
    scans = Scan.objects.count()
    trees.make(tmp_path / "new", 10_000)

    (tmp_path / "new" / "Movies").rename(root / "Movies")  # two renames bring all
    (tmp_path / "new" / "Shows").rename(root / "Shows")
    until(lambda: MediaFile.objects.count() == 10_000, what="all were stored")
    Job.objects.filter(state="ready").exclude(kind__in=["scanner.look", "scanner.walk"]).update(state="cancelled")
    until(lambda: not Hint.objects.exists())

    assert Scan.objects.count() <= scans + 1
    stop(main)


def test_a_library_added_at_run_time_is_watched_and_one_removed_is_not(household, root, tmp_path):
    main = watched(household, root)
    (tmp_path / "more").mkdir()
    library = libraries.add(str(tmp_path / "more"), kind="movies")[0]
    until(lambda: Watch.objects.filter(library=library, watching=True).exists(), what="it was watched")
    until(is_quiet)
    put(tmp_path / "more", FILM)
    until(lambda: MediaFile.objects.filter(library=library, path=FILM).exists(), what="its file was seen")

    libraries.remove(library, actor="eve")

    until(lambda: Watch.objects.count() == 1)
    put(root, FILM)
    until(lambda: MediaFile.objects.filter(path=FILM).exists(), what="the other is still watched")
    stop(main)


def test_a_killed_watcher_comes_back_and_nothing_is_missed(household, root):
    main = watched(household, root)
    killed = of(main)

    os.kill(killed.pid, signal.SIGKILL)
    put(root, FILM)

    until(lambda: MediaFile.objects.filter(path=FILM).exists(), what="what nobody watched was found")
    until(lambda: Watch.objects.filter(watching=True).exists(), what="it is watched again")
    assert of(main).pid != killed.pid
    stop(main)
    assert household.processes() == []


def test_events_that_are_lost_lead_to_a_scan(household, root):
    main = watched(household, root)
    sleeper = of(main)
    os.kill(sleeper.pid, signal.SIGSTOP)
    for number in range(9_000):  # two events each: more than the kernel keeps
        (root / f"{number}.mkv").touch()
    for number in range(9_000):
        (root / f"{number}.mkv").unlink()
    put(root, FILM)
    os.kill(sleeper.pid, signal.SIGCONT)

    until(lambda: MediaFile.objects.filter(path=FILM).exists(), what="what was lost was found")
    stop(main)
