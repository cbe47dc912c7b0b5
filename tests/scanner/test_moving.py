"""A file that changed its place stays itself, whatever happens in between."""

from __future__ import annotations

import os
import shutil

import pytest

from jobs.errors import Interrupted
from scanner.models import Match, MediaFile
from scanner.services import followups, intake, moving, scanning, scans
from tests.factories import make_library, make_title, put, scan
from tests.jobs_in_tests import run_job

pytestmark = [pytest.mark.django_db, pytest.mark.repeats]

FILM = "The Quiet Orchard (2019)/The Quiet Orchard (2019).mkv"
OTHER = "Iron Lantern (2007)/Iron Lantern (2007).mkv"


@pytest.fixture
def root(tmp_path):
    return tmp_path / "films"


def stopped(*_args, **_options):
    raise Interrupted("the job was told to stop")


def test_a_scan_stopped_in_the_middle_of_a_move_is_completed_by_the_next(root, library, monkeypatch):
    put(root, FILM)
    scan(library)
    title = make_title()
    Match.objects.update(title=title, state="matched")
    (root / "Elsewhere").mkdir()
    shutil.move(root / "The Quiet Orchard (2019)", root / "Elsewhere")

    with monkeypatch.context() as patch:
        patch.setattr(intake, "place_again", stopped)
        begun = scans.start([library])[0]
        with pytest.raises(Interrupted):
            scanning.run(begun)
    scans.stop(begun, actor="eve")
    scan(library)

    file = MediaFile.objects.select_related("match").get()
    assert (file.path, file.match.folder) == (f"Elsewhere/{FILM}", "Elsewhere/The Quiet Orchard (2019)")
    assert file.match.title == title


def test_a_scan_stopped_while_a_folder_becomes_shared_is_completed_by_the_next(root, library, monkeypatch):
    put(root, "Films/The Quiet Orchard (2019).mkv")
    scan(library)
    put(root, "Films/Iron Lantern (2007).mkv")

    with monkeypatch.context() as patch:
        patch.setattr(intake, "_settle_others", stopped)
        with pytest.raises(Interrupted):
            scan(library)
    scan(library)

    keys = set(MediaFile.objects.values_list("match__key", flat=True))
    assert keys == {"Films/the quiet orchard (2019)", "Films/iron lantern (2007)"}


def refusing(real, name):
    """Return `real` with a folder of that name that may not be looked into."""

    def refuse(path, *args, **kwargs):
        if f"/{name}/" in f"{path}/":
            raise PermissionError(13, "Permission denied")
        return real(path, *args, **kwargs)

    return refuse


def test_a_file_in_an_unreadable_folder_has_not_moved_to_where_its_copy_is(root, library, monkeypatch):
    put(root, FILM)
    scan(library)
    run_job("scanner.inspect", f"match:{Match.objects.get().pk}")
    put(root, "Copies/a.txt")
    shutil.copy2(root / FILM, root / "Copies" / "The Quiet Orchard (2019).mkv")

    monkeypatch.setattr(os, "open", refusing(os.open, "The Quiet Orchard (2019)"))
    done = scan(library)

    assert (done.moved, done.new, done.missing) == (0, 1, 0)
    assert MediaFile.objects.filter(path=FILM).exists()


def test_a_file_of_another_library_that_cannot_be_looked_at_has_not_moved(root, library, tmp_path, monkeypatch):
    put(root, FILM)
    scan(library)
    other = make_library(tmp_path / "other")
    put(tmp_path / "other", "a.txt")
    os.link(root / FILM, tmp_path / "other" / "The Quiet Orchard (2019).mkv")

    monkeypatch.setattr(os, "lstat", refusing(os.lstat, "films/The Quiet Orchard (2019)"))
    done = scan(other)

    assert (done.moved, done.new) == (0, 1)


def test_a_moved_file_counts_as_moved_in_its_folder_and_not_as_new(root, library):
    put(root, FILM, OTHER)
    scan(library)
    (root / "Elsewhere").mkdir()
    shutil.move(root / "The Quiet Orchard (2019)", root / "Elsewhere")

    done = scan(library)

    assert done.moved == 1
    assert done.folders == {}


def test_a_dead_link_in_a_disc_folder_does_not_take_the_disc_away(root, library):
    put(root, "Moss (2019)/BDMV/STREAM/00001.m2ts")
    (root / "Moss (2019)/BDMV/broken").symlink_to("nowhere")

    done = scan(library)

    assert (done.new, done.errors) == (1, 0)


def test_a_file_that_another_scan_moved_meanwhile_is_not_marked_missing(root, library, tmp_path, monkeypatch):
    put(root, FILM, OTHER)
    scan(library)
    (tmp_path / "other").mkdir()
    other = make_library(tmp_path / "other")
    shutil.move(root / "The Quiet Orchard (2019)", tmp_path / "other")
    real = followups.look_at_notes

    def overtaken(*args, **options):
        monkeypatch.setattr(followups, "look_at_notes", real)
        scan(other)

    monkeypatch.setattr(followups, "look_at_notes", overtaken)
    scan(library)

    file = MediaFile.objects.get(path=FILM)
    assert (file.library, file.state) == (other, "new")


@pytest.fixture
def other(tmp_path):
    (tmp_path / "other").mkdir()
    return make_library(tmp_path / "other")


@pytest.mark.parametrize("links", [1, 2])
def test_hard_links_that_went_to_another_library_are_each_taken_once(root, library, other, tmp_path, links):
    put(root, FILM)
    os.link(root / FILM, root / "Copy (2019).mkv")
    scan(library)
    there = [tmp_path / "other" / f"Copy {number}.mkv" for number in range(links)]
    for where in there:
        os.link(root / FILM, where)
    (root / FILM).unlink()
    (root / "Copy (2019).mkv").unlink()

    done = scan(other)

    assert (done.state, done.moved, done.new) == ("done", links, 0)
    assert MediaFile.objects.filter(library=other).count() == links


def inspected(library):
    """Scan and fingerprint what a library holds."""
    scan(library)
    for pk in Match.objects.values_list("pk", flat=True):
        run_job("scanner.inspect", f"match:{pk}")


def carry_over(root, there):
    """Take FILM to another disk: the same content under another inode."""
    shutil.copy2(root / FILM, there / "The Quiet Orchard (2019).mkv")
    (root / FILM).unlink()


def test_a_move_to_a_library_on_another_disk_keeps_identity(root, library, other, tmp_path):
    put(root, FILM)
    inspected(library)
    before = MediaFile.objects.get()
    carry_over(root, tmp_path / "other")

    done = scan(other)

    after = MediaFile.objects.get()
    assert (done.moved, done.new) == (1, 0)
    assert (after.pk, after.library, after.match_id) == (before.pk, other, before.match_id)


def test_a_copy_of_what_lies_on_a_disk_that_is_away_is_a_file_of_its_own(root, library, other, tmp_path):
    put(root, FILM)
    inspected(library)
    MediaFile.objects.update(device=1)
    carry_over(root, tmp_path / "other")

    done = scan(other)

    assert (done.moved, done.new) == (0, 1)
    assert MediaFile.objects.get(path=FILM).library == library


def test_a_file_long_missing_comes_back_in_another_library(root, library, other, tmp_path):
    put(root, FILM, OTHER)
    inspected(library)
    carry_over(root, tmp_path / "other")
    scan(library)
    MediaFile.objects.update(device=1)

    done = scan(other)

    assert (done.moved, done.new) == (1, 0)
    assert MediaFile.objects.get(library=other).state == "indexed"


def test_a_file_that_another_scan_took_under_the_same_path_stays_there(root, library, other, tmp_path, monkeypatch):
    put(root, FILM, OTHER)
    (tmp_path / "third").mkdir()
    third = make_library(tmp_path / "third")
    scan(library)
    shutil.move(root / "The Quiet Orchard (2019)", tmp_path / "other")
    real = moving.apply

    def overtaken(*args, **options):
        monkeypatch.setattr(moving, "apply", real)
        shutil.move(tmp_path / "other" / "The Quiet Orchard (2019)", tmp_path / "third")
        scan(third)
        real(*args, **options)

    monkeypatch.setattr(moving, "apply", overtaken)
    scan(other)

    assert MediaFile.objects.get(path=FILM).library == third


def test_a_moved_file_keeps_its_row_its_match_and_its_title(root, library):
    put(root, "old/" + FILM)
    scan(library)
    title = make_title()
    Match.objects.update(title=title, state="matched")
    before = MediaFile.objects.get()
    (root / "new place").mkdir()
    (root / "old" / "The Quiet Orchard (2019)").rename(root / "new place" / "The Quiet Orchard (2019)")

    done = scan(library)

    after = MediaFile.objects.get()
    assert (done.moved, done.new, done.missing) == (1, 0, 0)
    assert (after.pk, after.path, after.first_seen_at) == (before.pk, "new place/" + FILM, before.first_seen_at)
    assert after.match.title == title
    assert after.match.folder == "new place/The Quiet Orchard (2019)"
    assert Match.objects.count() == 1


def test_a_move_to_another_library_keeps_identity(root, library, tmp_path):
    put(root, FILM, "Another One (2001)/Another One (2001).mkv")
    scan(library)
    title = make_title()
    Match.objects.filter(name="The Quiet Orchard").update(title=title, state="matched")
    other_root = tmp_path / "other"
    other_root.mkdir()
    other = make_library(other_root, kind="movies")
    (root / "The Quiet Orchard (2019)").rename(other_root / "The Quiet Orchard (2019)")

    done = scan(other)

    file = MediaFile.objects.get(path=FILM)
    assert done.moved == 1
    assert (file.library, file.match.title, file.match.library) == (other, title, other)


def test_a_copy_to_another_disk_is_known_by_its_fingerprint(root, library):
    put(root, FILM, "Another One (2001)/Another One (2001).mkv")
    scan(library)
    run_job("scanner.inspect", f"match:{MediaFile.objects.get(path=FILM).match_id}")
    body = (root / FILM).read_bytes()
    (root / FILM).unlink()
    scan(library)
    pk = MediaFile.objects.get(path=FILM).pk
    (root / "elsewhere").mkdir()
    (root / "elsewhere" / "The Quiet Orchard.mkv").write_bytes(body)
    os.utime(root / "elsewhere" / "The Quiet Orchard.mkv", (1_500_000_000, 1_500_000_000))

    done = scan(library)

    assert (done.moved, done.new) == (1, 0)
    assert MediaFile.objects.get(path="elsewhere/The Quiet Orchard.mkv").pk == pk
