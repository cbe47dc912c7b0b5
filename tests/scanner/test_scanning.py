"""A scan brings the rows level with the folder."""

from __future__ import annotations

import os

import pytest
from django.db import connection

from jobs import queue
from jobs.models import Job
from journal.models import Event
from scanner.compare import Stat, compare
from scanner.models import Match, MediaFile, Scan
from scanner.services import leveling, parts, reseeding, scans
from scanner.walk import walk
from tests.factories import make_library, make_title, put, scan

pytestmark = pytest.mark.django_db

FILM = "The Quiet Orchard (2019)/The Quiet Orchard (2019).mkv"


@pytest.fixture
def root(tmp_path):
    (tmp_path / "media").mkdir()
    return tmp_path / "media"


@pytest.fixture
def library(root):
    return make_library(root, kind="mixed")


def states(library) -> dict[str, str]:
    return dict(MediaFile.objects.filter(library=library).values_list("path", "state"))


def test_a_new_file_gets_a_row_a_match_and_a_job(root, library):
    put(root, FILM)

    done = scan(library)

    assert (done.state, done.new) == (Scan.State.DONE, 1)
    match = Match.objects.get()
    assert (match.name, match.year, match.kind) == ("The Quiet Orchard", 2019, "movie")
    assert Job.objects.filter(kind="scanner.match", key=f"match:{match.pk}", origin=f"scan:{done.pk}").exists()


def test_an_unchanged_library_is_not_written_to(root, library, django_assert_max_num_queries):
    put(root, FILM, "Another One (2001)/Another One (2001).mkv")
    scan(library)
    Job.objects.all().delete()
    before = Event.objects.count()

    done = scan(library)

    assert (done.unchanged, done.reason) == (2, "nothing has changed")
    assert Event.objects.count() == before
    assert list(Job.objects.values_list("kind", flat=True)) == ["scanner.walk"]


@pytest.mark.parametrize("later", [-5_000, 5_000], ids=["older than before", "newer than before"])
def test_another_date_is_a_change_whichever_way_the_clock_went(root, library, later):
    put(root, FILM)
    scan(library)
    put(root, FILM, mtime=1_600_000_000 + later)

    done = scan(library)

    assert done.changed == 1
    assert states(library) == {FILM: "changed"}
    assert Job.objects.filter(kind="scanner.inspect").exists()


def test_a_new_inode_alone_is_no_change(root, library):
    put(root, FILM)
    scan(library)
    (root / FILM).rename(root / "aside")
    put(root, FILM)
    (root / "aside").unlink()

    done = scan(library)

    assert (done.changed, done.unchanged, done.new) == (0, 1, 0)
    assert MediaFile.objects.get().inode == (root / FILM).stat().st_ino


def test_a_deleted_file_is_missing_and_comes_back_as_itself(root, library):
    put(root, FILM, "Another One (2001)/Another One (2001).mkv")
    scan(library)
    first_seen = MediaFile.objects.get(path=FILM).first_seen_at
    (root / FILM).rename(root / "kept.bin")

    gone = scan(library)
    (root / "kept.bin").rename(root / FILM)
    back = scan(library)

    assert gone.missing == 1
    assert (back.state, back.new) == ("done", 0)
    assert MediaFile.objects.get(path=FILM).first_seen_at == first_seen
    assert states(library)[FILM] == "indexed"


def many(count: int) -> list[str]:
    return [f"Film {number:03} ({1950 + number})/Film {number:03} ({1950 + number}).mkv" for number in range(count)]


def test_a_second_press_joins_the_running_scan(library):
    first = scans.start([library], mode="quick", actor="eve")
    second = scans.start([library], mode="quick", actor="adam")

    assert first == second
    assert Job.objects.filter(kind="scanner.walk").count() == 1


class Killed(BaseException):
    """The process is gone."""


@pytest.mark.parametrize("mode", ["quick", "refresh"])
def test_a_kill_between_a_scan_and_its_job_leaves_neither(library, mode):
    def die(execute, sql, params, many, context):
        if sql.startswith("INSERT INTO jobs_job"):
            raise Killed
        return execute(sql, params, many, context)

    with pytest.raises(Killed), connection.execute_wrapper(die):
        scans.start([library], mode=mode, actor="eve")

    assert not Scan.objects.exists()
    assert scans.start([library], mode=mode, actor="eve") == list(Scan.objects.all())
    assert Job.objects.filter(kind__in=["scanner.walk", "scanner.refresh"], state="ready").count() == 1


def test_stop_cancels_what_the_scan_caused(root, library):
    put(root, FILM)
    found = scans.start([library], mode="quick", actor="eve")[0]

    assert scans.stop(found, actor="eve")

    assert Scan.objects.get().state == "stopped"
    assert not Job.objects.filter(state="ready").exists()


def test_names_that_are_not_utf8_are_kept_reversibly(root, library):
    raw = b"Caf\xe9 (2001)/Caf\xe9 (2001).mkv"
    os.makedirs(os.fsencode(root) + b"/Caf\xe9 (2001)")
    with open(os.fsencode(root) + b"/" + raw, "wb") as file:
        file.write(b"x" * 100)
    os.utime(os.fsencode(root) + b"/" + raw, (1_600_000_000, 1_600_000_000))

    scan(library)
    again = scan(library)

    assert list(states(library)) == ["Caf\\xe9 (2001)/Caf\\xe9 (2001).mkv"]
    assert (again.new, again.unchanged) == (0, 1)


def test_links_that_lead_back_are_not_followed(root, library):
    put(root, FILM)
    (root / "again").symlink_to(root)
    (root / "The Quiet Orchard (2019)" / "loop").symlink_to("..")

    assert list(walk(str(root)).files) == [FILM]


def test_a_second_film_makes_a_folder_shared_and_the_first_keeps_its_title(root, library):
    put(root, "Films/The Quiet Orchard (2019).mkv")
    scan(library)
    title = make_title()
    Match.objects.update(title=title, state="matched", locked=True)
    put(root, "Films/Iron Lantern (2007).mkv")

    scan(library)

    by_name = {match.name: match for match in Match.objects.filter(files__isnull=False)}
    assert set(by_name) == {"The Quiet Orchard", "Iron Lantern"}
    assert (by_name["The Quiet Orchard"].title, by_name["The Quiet Orchard"].locked) == (title, True)
    assert by_name["Iron Lantern"].title is None


def test_what_follows_from_a_walk_can_be_stopped_and_stays_stopped(root, library):
    put(root, *many(30))
    done = scan(library)

    assert scans.stop(done, actor="eve")
    queue.seed(reseeding.reseed())

    assert not Job.objects.filter(state="ready", kind="scanner.match").exists()


def test_a_scan_that_a_person_starts_takes_up_what_was_stopped(root, library):
    put(root, *many(3))
    scans.stop(scan(library), actor="eve")
    after_the_stop = Scan.objects.get()

    scan(library)
    left_alone = Job.objects.filter(state="ready", kind="scanner.match").count()
    again = scan(library, actor="eve")

    assert after_the_stop.state == "stopped"
    assert left_alone == 0
    assert Job.objects.filter(state="ready", kind="scanner.match", origin=f"scan:{again.pk}").count() == 3


def test_the_reseed_brings_back_a_lost_job_and_leaves_open_ones_alone(root, library):
    put(root, *many(3))
    scan(library)
    lost = Job.objects.filter(kind="scanner.match").first()
    Job.objects.filter(pk=lost.pk).delete()

    works = [work for work in reseeding.reseed() if work.kind == "scanner.match"]

    assert [work.key for work in works] == [lost.key]


def test_two_presses_of_refresh_are_one():
    assert scans.start([], mode="refresh", actor="eve") == scans.start([], mode="refresh", actor="adam")


def test_two_disks_that_swapped_their_numbers_are_stored_once_and_for_all(root, library):
    put(root, FILM, "Another One (2001)/Another One (2001).mkv")
    device = (root / FILM).stat().st_dev
    scan(library)
    MediaFile.objects.filter(path=FILM).update(device=device + 1)
    (first, second) = MediaFile.objects.order_by("path")
    swapped = {first.path: device + 1, second.path: device}
    files = {
        file.path: Stat(file.size_bytes, file.mtime_ns, swapped[file.path], file.inode) for file in (first, second)
    }

    found = compare(parts.rows(library), dict(files))
    leveling._renumber(library, found)
    again = compare(parts.rows(library), dict(files))

    assert (found.unchanged, len(found.renumbered)) == (2, 2)
    assert (again.unchanged, again.renumbered) == (2, [])
