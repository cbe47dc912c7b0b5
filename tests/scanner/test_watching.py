"""What the watcher hears, when it tells of it, and what it says where it cannot watch."""

from __future__ import annotations

import errno
import json
import os
import sys
import threading
import time

import pytest

from scanner.watching import mounts
from scanner.watching.inotify import OVERFLOW, Event, Inotify
from scanner.watching.tree import Tree
from scanner.watching.watched import Watched
from scanner.watching.watcher import Watcher

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="inotify is Linux'")

LOCAL = {"/": "ext4"}
FILM = "Moss (2019)/Moss (2019).mkv"


@pytest.fixture
def root(tmp_path):
    (tmp_path / "media" / "Moss (2019)").mkdir(parents=True)
    return tmp_path / "media"


@pytest.fixture
def tree(root):
    found = Tree(str(root), skip=lambda _path: False)
    found.grow(1_000)
    yield found
    found.close()


def heard(tree):
    """What was heard since the last time, and folders that came are watched from now on."""
    changes = tree.read()
    tree.grow(1_000)
    return changes.shallow, changes.deep


def test_a_file_is_heard_of_once_it_is_written_and_not_while(root, tree):
    with (root / FILM).open("wb") as file:
        file.write(b"some")
        file.flush()
        while_written = heard(tree)

    assert while_written == (set(), set())
    assert heard(tree) == ({"Moss (2019)"}, set())


@pytest.mark.parametrize("how", ["link", "symlink_to"])
def test_a_link_is_whole_at_once(root, tmp_path, tree, how):
    (tmp_path / "seed.mkv").write_bytes(b"film")
    if how == "link":
        os.link(tmp_path / "seed.mkv", root / FILM)
    else:
        (root / FILM).symlink_to(tmp_path / "seed.mkv")

    assert heard(tree) == ({"Moss (2019)"}, set())


def test_deletions_and_renames_are_heard_of(root, tree):
    (root / FILM).write_bytes(b"film")
    heard(tree)
    (root / FILM).rename(root / "Moss.mkv")
    renamed = heard(tree)
    (root / "Moss.mkv").unlink()

    assert renamed == ({"Moss (2019)", ""}, set())
    assert heard(tree) == ({""}, set())


def test_both_ends_of_a_renamed_folder_are_told_and_it_is_followed(root, tree):
    (root / "Moss (2019)").rename(root / "Moss")
    moved = heard(tree)
    (root / "Moss" / "Moss.mkv").write_bytes(b"film")

    assert moved == (set(), {"Moss (2019)", "Moss"})
    assert heard(tree) == ({"Moss"}, set())


class Counted(dict):
    """Counts how often somebody goes through all of it."""

    passes = 0

    def items(self):
        self.passes += 1
        return super().items()


def test_many_folders_that_go_or_are_renamed_at_once_cost_one_pass_over_those_watched(root, tree):
    for number in range(60):
        (root / f"Film {number}" / "Extras").mkdir(parents=True)
    heard(tree)
    tree.folders = Counted(tree.folders)
    for number in range(30):
        (root / f"Film {number}" / "Extras").rmdir()
        (root / f"Film {number}").rmdir()
    for number in range(30, 60):
        (root / f"Film {number}").rename(root / f"Moved {number}")
    tree.read()

    assert tree.folders.passes == 1
    assert set(tree.folders.values()) == {"", "Moss (2019)"}
    tree.grow(1_000)
    assert len(tree.folders) == 62


def test_folders_that_come_with_all_below_them_are_watched_to_the_bottom(root, tree):
    (root / "Shows/Open Sea/Season 01").mkdir(parents=True)
    heard(tree)
    (root / "Shows/Open Sea/Season 01/a.mkv").write_bytes(b"x")

    assert heard(tree) == ({"Shows/Open Sea/Season 01"}, set())


def test_what_we_write_ourselves_is_passed_over_and_what_others_write_is_not(root, tree):
    home = root / "Moss (2019)"
    for name in ("movie.nfo", "metadata.json", "poster.jpg"):
        scratch = home / ".mediasync-0123456789ab.tmp"
        scratch.write_text("x")
        scratch.replace(home / name)
    ours = heard(tree)
    (home / "movie.nfo").write_text("of somebody else")

    assert ours == (set(), set())
    assert heard(tree) == ({"Moss (2019)"}, set())


def test_names_without_a_meaning_are_passed_over(root, tree):
    for name in ("poster.bmp", "notes.txt", ".hidden.mkv", ".film.mkv.Xa81", "film.mkv.part"):
        (root / name).write_text("x")
    (root / "@eaDir").mkdir()
    (root / ".trash").mkdir()

    assert heard(tree) == (set(), set())


def test_an_ignore_file_is_about_all_below_it(root, tree):
    (root / "Moss (2019)" / ".nomedia").touch()

    assert heard(tree)[1] == {"Moss (2019)"}


def test_what_happens_inside_of_a_disc_is_about_the_disc(root, tree):
    (root / "Moss (2019)/BDMV/STREAM").mkdir(parents=True)
    heard(tree)
    (root / "Moss (2019)/BDMV/STREAM/00001.m2ts").write_bytes(b"x")

    assert heard(tree) == ({"Moss (2019)"}, set())


def test_a_linked_folder_outside_is_watched_and_one_that_leads_back_is_not(root, tmp_path, tree):
    (tmp_path / "elsewhere").mkdir()
    (root / "linked").symlink_to(tmp_path / "elsewhere")
    (root / "back").symlink_to(root)
    came = heard(tree)
    (tmp_path / "elsewhere" / "film.mkv").write_bytes(b"x")
    written = heard(tree)
    (root / "linked").unlink()

    assert came == (set(), {"linked"})
    assert written == ({"linked"}, set())
    assert heard(tree) == (set(), {"linked"})


def test_events_that_were_lost_are_known_to_be_lost(root, tree):
    lost = Event(-1, OVERFLOW, 0, "")
    tree._kernel.read = lambda: iter([lost])

    assert tree.read().lost


def test_a_root_that_goes_away_is_noticed(root, tree):
    root.rename(root.parent / "gone")

    assert tree.read().lost


def test_a_folder_above_that_is_renamed_and_made_anew_is_noticed_within_seconds(tmp_path):
    root = tmp_path / "disk" / "media"
    root.mkdir(parents=True)
    watched = Watched(str(root), LOCAL)
    watched.begin(0.0)
    (tmp_path / "disk").rename(tmp_path / "old disk")
    root.mkdir(parents=True)

    watched.read(20.0)
    (root / "Moss.mkv").write_bytes(b"film")
    watched.read(20.1)

    assert watched.gathering.anywhere
    assert watched.tree is not None
    assert watched.tree.is_in_place()
    watched.close()


class Full(Inotify):
    """A kernel that lets three folders be watched."""

    def add(self, path, *, more=0):
        self.given = getattr(self, "given", 0) + 1
        if self.given > 3:
            raise OSError(errno.ENOSPC, "No space left on device", path)
        return super().add(path, more=more)


def test_where_the_limit_is_reached_it_says_so_with_the_cure_and_gives_all_back(root):
    for number in range(5):
        (root / f"Film {number}").mkdir()
    watched = Watched(str(root), LOCAL, tree=lambda *args, **options: Tree(*args, **options, instance=Full))

    watched.begin(0.0)
    watched.grow()

    state = watched.state()
    assert (state["watching"], state["folders"], watched.tree) == (False, 0, None)
    assert "used up after 3 of this library" in state["problem"]
    assert "echo fs.inotify.max_user_watches=" in state["cure"]
    assert state["cure"].endswith("| sudo tee /etc/sysctl.d/60-mediasync.conf && sudo sysctl --system")


def test_where_no_instance_is_left_it_names_that_limit(root):
    def refuse():
        raise OSError(errno.EMFILE, "Too many open files")

    watched = Watched(str(root), LOCAL, tree=lambda *args, **options: Tree(*args, **options, instance=refuse))

    watched.begin(0.0)

    assert "fs.inotify.max_user_instances=" in watched.state()["cure"]


@pytest.mark.parametrize(
    ("kind", "has"),
    [
        ("ext4", True), ("zfs", True), ("overlay", True), ("fuseblk", True), ("fuse.mergerfs", True),
        ("nfs4", False), ("cifs", False), ("fuse.sshfs", False), ("fuse.rclone", False), ("9p", False),
    ],
)  # fmt: skip
def test_which_file_systems_tell_of_changes(kind, has):
    assert mounts.has_events(kind) is has


def test_a_library_on_a_share_is_not_watched_and_says_why(root):
    watched = Watched(str(root), {"/": "ext4", str(root.parent): "nfs4"})

    watched.begin(0.0)

    assert watched.state()["problem"] == (
        "It lies on a network file system or the like (nfs4), which does not tell of changes."
    )
    assert watched.state()["cure"]


def test_a_share_inside_of_a_library_is_left_out_and_named(root):
    share = root / "Moss (2019)"
    watched = Watched(str(root), {"/": "ext4", str(share): "cifs"})

    watched.begin(0.0)
    watched.grow()

    assert watched.state()["watching"]
    assert str(share) in watched.state()["problem"]
    assert watched.state()["folders"] == 1
    watched.close()


def test_the_list_of_mounts_is_read_with_its_odd_names():
    text = (
        "22 1 8:1 / / rw - ext4 /dev/sda1 rw\n"
        "36 22 0:30 / /mnt/my\\040films rw,relatime shared:1 master:2 - nfs4 nas:/films rw\n"
        "garbage\n"
    )

    found = mounts.parse(text)

    assert found == {"/": "ext4", "/mnt/my films": "nfs4"}
    assert mounts.type_at("/mnt/my films/Moss (2019)", found) == "nfs4"
    assert mounts.type_at("/mnt", found) == "ext4"
    assert mounts.below("/mnt/", found) == {"/mnt/my films": "nfs4"}


def test_a_process_hears_orders_tells_states_and_hints_and_ends_with_its_pipe(root):
    orders, give = os.pipe()
    told = []
    watcher = Watcher(orders, told.append)
    thread = threading.Thread(target=watcher.run)
    thread.start()
    os.write(give, json.dumps({"libraries": {"3": str(root)}}).encode() + b"\n")
    until(lambda: any("anywhere" in line for line in told))
    (root / FILM).write_bytes(b"film")
    until(lambda: any(line.get("shallow") for line in told))
    os.close(give)
    thread.join(10)

    assert not thread.is_alive()
    assert {"library": 3, "shallow": ["Moss (2019)"], "deep": []} in told
    assert any(line.get("watch", {}).get("watching") for line in told)


def until(condition, seconds=15):
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it did not happen"
        time.sleep(0.05)


def test_a_picture_that_somebody_puts_there_is_heard(root, tree):
    (root / "poster.jpg").write_bytes(b"theirs")

    assert heard(tree) == ({""}, set())
