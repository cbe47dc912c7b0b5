"""A hint of the watch leads to a look at its folders, which does what a scan would do."""

from __future__ import annotations

import os
from datetime import timedelta

import pytest
from django.utils import timezone

from jobs.models import Job
from journal.models import Event
from scanner.models import Hint, Match, MediaFile, Scan
from scanner.services import hints, scans, watching
from tests.factories import make_library, put, scan
from tests.jobs_in_tests import run_job

pytestmark = [pytest.mark.django_db, pytest.mark.repeats]

FILM = "Films/The Quiet Orchard (2019)/The Quiet Orchard (2019).mkv"
OTHER = "Films/Iron Lantern (2007)/Iron Lantern (2007).mkv"
EPISODE = "Shows/The Night Post/Season 01/The Night Post - S01E01.mkv"
SECOND = "Shows/The Night Post/Season 01/The Night Post - S01E02.mkv"


@pytest.fixture
def root(tmp_path):
    (tmp_path / "media").mkdir()
    return tmp_path / "media"


@pytest.fixture
def library(root):
    library = make_library(root, kind="mixed")
    put(root, FILM, OTHER, EPISODE)
    scan(library)
    Job.objects.all().delete()
    return library


def look(library, *shallow, deep=(), later=False):
    """Take hints and look; `later`: once the grace for the other end of a move is over."""
    hints.take(library, shallow, deep)
    if later:
        Hint.objects.update(noticed_at=timezone.now() - timedelta(seconds=5))
    return run_job(hints.LOOK, hints.key_of(library))


def states(library) -> dict[str, str]:
    return dict(MediaFile.objects.filter(library=library).values_list("path", "state"))


def test_a_new_file_is_taken_in_with_the_show_it_belongs_to(root, library):
    put(root, SECOND, size=5_000)

    look(library, "Shows/The Night Post/Season 01")

    assert MediaFile.objects.get(path=SECOND).match == MediaFile.objects.get(path=EPISODE).match
    assert Job.objects.filter(kind="scanner.match").count() == 1
    assert not Hint.objects.exists()


def test_only_the_folders_of_the_hint_are_looked_at(root, library):
    put(root, "Films/Open Sea (1999)/Open Sea (1999).mkv", "Shows/Open Sea/Season 01/Open Sea - S01E01.mkv", size=7_000)

    look(library, deep=["Films/Open Sea (1999)"])

    assert {path for path in states(library) if "Open Sea" in path} == {"Films/Open Sea (1999)/Open Sea (1999).mkv"}


def test_a_look_that_finds_nothing_leaves_no_trace(library):
    before = Event.objects.count()

    look(library, "Films/The Quiet Orchard (2019)")

    assert Event.objects.count() == before
    assert list(Job.objects.values_list("kind", "state")) == [(hints.LOOK, "done")]
    assert Scan.objects.count() == 1


def test_a_renamed_folder_keeps_its_files_and_their_match(root, library):
    before = MediaFile.objects.get(path=EPISODE)
    (root / "Shows/The Night Post").rename(root / "Shows/Night Post")

    look(library, deep=["Shows/The Night Post", "Shows/Night Post"])

    after = MediaFile.objects.get(pk=before.pk)
    assert after.path == "Shows/Night Post/Season 01/The Night Post - S01E01.mkv"
    assert (after.match_id, after.first_seen_at) == (before.match_id, before.first_seen_at)
    assert len(states(library)) == 3


@pytest.mark.parametrize("first", ["old", "new"])
def test_a_move_whose_ends_come_in_two_hints_keeps_identity(root, library, first):
    before = MediaFile.objects.get(path=OTHER)
    (root / "Films/Iron Lantern (2007)").rename(root / "Lantern")
    ends = {"old": "Films/Iron Lantern (2007)", "new": "Lantern"}

    look(library, deep=[ends.pop(first)])
    look(library, deep=[next(iter(ends.values()))])
    look(library, later=True)

    assert MediaFile.objects.get(pk=before.pk).path == "Lantern/Iron Lantern (2007).mkv"
    assert set(states(library).values()) == {"new"}
    assert len(states(library)) == 3


def test_what_is_gone_is_missing_only_after_a_grace(root, library):
    (root / OTHER).unlink()

    first = look(library, "Films/Iron Lantern (2007)")
    at_once = states(library)[OTHER]
    second = look(library, later=True)

    assert (at_once, first.state, first.due_at > timezone.now()) == ("new", "ready", True)
    assert (states(library)[OTHER], second.state) == ("missing", "done")
    assert Event.objects.filter(reason="watched: 1 missing").count() == 1


def test_much_that_is_gone_at_once_is_left_to_a_scan_that_holds_it(root, library):
    many = [f"Films/Film {number:03}/Film {number:03} (1990).mkv" for number in range(30)]
    put(root, *many)
    scan(library)
    (root / "Films").rename(root.parent / "aside")

    look(library, deep=["Films"], later=True)

    assert "missing" not in states(library).values()
    scanned = Scan.objects.get(state="open")
    run_job("scanner.walk", scans.origin_of(scanned))
    scanned.refresh_from_db()
    assert scanned.state == "held"


def test_a_root_that_is_away_is_left_to_a_scan(root, library):
    root.rename(root.parent / "elsewhere")

    look(library, "Films", later=True)

    assert Scan.objects.filter(state="open").exists()
    assert "missing" not in states(library).values()
    assert not Hint.objects.exists()


def test_more_than_fifty_folders_are_one_scan(root, library):
    look(library, *(f"Films/Film {number}" for number in range(51)))

    assert Scan.objects.filter(state="open").count() == 1
    assert not Hint.objects.exists()


def test_a_growing_file_is_looked_at_again_ever_later(root, library, monkeypatch):
    put(root, SECOND)
    os.utime(root / SECOND)

    def grow(_seconds):
        with (root / SECOND).open("ab") as file:
            file.write(b"more")

    monkeypatch.setattr("scanner.services.settling.running.wait", grow)
    waits = []
    for _look in range(3):
        job = look(library, "Shows/The Night Post/Season 01") if not waits else look(library)
        waits.append(round((job.due_at - timezone.now()).total_seconds()))

    assert SECOND not in states(library)
    assert [2 <= waits[0] <= 3, waits[1] > waits[0], waits[2] > waits[1]] == [True, True, True]
    assert Scan.objects.count() == 1


def test_a_look_gives_way_to_a_scan_that_walks(library):
    found = scans.start([library])[0]
    Job.objects.filter(key=scans.origin_of(found)).update(state="leased", leased_by="another/1")

    job = look(library, "Films")

    assert (job.state, job.last_error) == ("ready", "a scan is walking this library")
    assert Hint.objects.exists()


def test_a_scan_forgets_the_hints_that_it_has_seen(root, library):
    hints.take(library, ["Films"], [])

    scan(library)

    assert not Hint.objects.exists()


def test_what_a_look_was_cut_off_from_is_mended_by_the_next(root, library, monkeypatch):
    (root / OTHER).rename(root / "Films/The Quiet Orchard (2019)/Iron Lantern (2007).mkv")
    with monkeypatch.context() as context:
        context.setattr("scanner.services.intake.place_again", lambda *_args, **_options: 1 / 0)
        hints.take(library, ["Films/The Quiet Orchard (2019)", "Films/Iron Lantern (2007)"], [])
        run_job(hints.LOOK, hints.key_of(library), raises=False)
    Job.objects.filter(kind=hints.LOOK).update(due_at=timezone.now())

    look(library)

    assert not Hint.objects.exists()
    matches = {file.path.rpartition("/")[2]: file.match.stem for file in MediaFile.objects.select_related("match")}
    assert matches["Iron Lantern (2007).mkv"] == "Iron Lantern (2007)"


def test_an_ignored_folder_is_left_alone_though_something_happens_in_it(root, library):
    (root / "Films" / ".ignore").write_text("Open*\n")
    put(root, "Films/Open Sea (1999)/Open Sea (1999).mkv")

    look(library, deep=["Films/Open Sea (1999)"])

    assert len(states(library)) == 3


def test_a_film_in_the_root_is_grouped_with_its_likes(root, library):
    put(root, "Winter Signal (1994).mkv", size=4_000)

    look(library, "")

    assert Match.objects.get(files__path="Winter Signal (1994).mkv").name == "Winter Signal"
    assert len(states(library)) == 4


def test_what_the_watcher_tells_of_a_library_that_is_gone_is_passed_over(library):
    watching.take({"library": library.pk + 1, "shallow": ["Films"], "deep": []})

    assert not Hint.objects.exists()


def test_names_that_are_not_utf8_come_as_os_takes_them(root, library):
    raw = os.fsencode(root) + b"/Caf\xe9 (2001)"
    os.makedirs(raw)
    with open(raw + b"/Caf\xe9 (2001).mkv", "wb") as file:
        file.write(b"x" * 100)
    os.utime(raw + b"/Caf\xe9 (2001).mkv", (1_600_000_000, 1_600_000_000))

    watching.take({"library": library.pk, "shallow": [], "deep": [os.fsdecode(b"Caf\xe9 (2001)")]})
    run_job(hints.LOOK, hints.key_of(library))

    assert "Caf\\xe9 (2001)/Caf\\xe9 (2001).mkv" in states(library)


def test_a_hint_that_comes_while_a_scan_runs_makes_it_walk_once_more(library):
    found = scans.start([library])[0]
    Job.objects.filter(key=scans.origin_of(found)).update(state="leased", leased_by="another/1")

    watching.take({"library": library.pk, "anywhere": True})

    assert Job.objects.get(key=scans.origin_of(found)).again is True


def test_how_a_library_is_watched_is_told_from_the_newest_signs_of_life(library, django_assert_num_queries):
    state = {"watching": True, "folders": 12, "limit": 8_192, "problem": "", "cure": "", "last_event": None}
    before = watching.standings()[0]
    watching.take({"library": library.pk, "watch": state})

    with django_assert_num_queries(2):
        found = watching.standings()[0]

    assert (before.watching, before.problem) == (False, watching.SILENT)
    assert (found.watching, found.folders, found.problem) == (True, 12, "")
    assert found.since is not None
    assert found.last_scan_at is not None
    assert watching.findings() == []


def test_a_watch_begins_anew_with_its_process(library):
    state = {"watching": True, "folders": 12, "limit": 8_192, "problem": "", "cure": "", "last_event": 1_700_000_000.0}
    watching.take({"library": library.pk, "watch": state})

    watching.begin_anew()

    assert watching.findings() == [(library, watching.STARTING, "")]
