"""Files appear whole, inside the library, and never in the place of somebody's own."""

from __future__ import annotations

import errno
import os
from types import SimpleNamespace

import pytest

from scanner import placing
from scanner.placing import Placed


def put(path, data=b"new", *, root, ours=lambda there: there.startswith(b"ours"), last_look=bool):
    return placing.put(str(path), data, root=str(root), ours=ours, last_look=last_look)


def test_what_is_absent_is_written(tmp_path):
    assert put(tmp_path / "movie.nfo", root=tmp_path) is Placed.WRITTEN
    assert (tmp_path / "movie.nfo").read_bytes() == b"new"
    assert os.listdir(tmp_path) == ["movie.nfo"]


def test_equal_bytes_are_not_written_again(tmp_path):
    target = tmp_path / "movie.nfo"
    target.write_bytes(b"new")
    os.utime(target, (1, 1))

    assert put(target, root=tmp_path) is Placed.SAME
    assert target.stat().st_mtime == 1


@pytest.mark.parametrize(("there", "placed"), [(b"ours, older", Placed.WRITTEN), (b"theirs", Placed.FOREIGN)])
def test_only_what_is_ours_is_written_over(tmp_path, there, placed):
    (tmp_path / "movie.nfo").write_bytes(there)

    assert put(tmp_path / "movie.nfo", root=tmp_path) is placed
    assert (tmp_path / "movie.nfo").read_bytes() == (b"new" if placed is Placed.WRITTEN else there)


def test_a_link_in_the_files_place_is_somebodys_own(tmp_path):
    outside = tmp_path / "outside.nfo"
    outside.write_bytes(b"ours, but elsewhere")
    (tmp_path / "films").mkdir()
    (tmp_path / "films/movie.nfo").symlink_to(outside)

    assert put(tmp_path / "films/movie.nfo", root=tmp_path / "films") is Placed.FOREIGN
    assert outside.read_bytes() == b"ours, but elsewhere"


def test_a_linked_folder_that_leads_out_of_the_library_gets_nothing(tmp_path):
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "films").mkdir()
    (tmp_path / "films/Moss").symlink_to(tmp_path / "elsewhere")

    assert put(tmp_path / "films/Moss/movie.nfo", root=tmp_path / "films") is Placed.IMPOSSIBLE
    assert os.listdir(tmp_path / "elsewhere") == []


def test_a_name_too_long_for_a_file_system_is_passed_over(tmp_path):
    assert put(tmp_path / ("x" * 252 + ".nfo"), root=tmp_path) is Placed.IMPOSSIBLE


def test_the_longest_name_that_fits_is_written(tmp_path):
    assert put(tmp_path / ("x" * 251 + ".nfo"), root=tmp_path) is Placed.WRITTEN


def test_nothing_is_left_when_the_last_look_says_no(tmp_path):
    def no():
        raise RuntimeError("not ours any more")

    with pytest.raises(RuntimeError):
        put(tmp_path / "movie.nfo", root=tmp_path, last_look=no)

    assert os.listdir(tmp_path) == []


def test_the_leftover_of_a_killed_attempt_is_written_over(tmp_path):
    def die():
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        put(tmp_path / "movie.nfo", root=tmp_path, last_look=die)
    put(tmp_path / "movie.nfo", root=tmp_path)

    assert os.listdir(tmp_path) == ["movie.nfo"]


def test_a_pipe_or_a_folder_in_the_way_is_somebodys_own(tmp_path):
    (tmp_path / "movie.nfo").mkdir()
    os.mkfifo(tmp_path / "poster.jpg")

    assert put(tmp_path / "movie.nfo", root=tmp_path) is Placed.FOREIGN
    assert put(tmp_path / "poster.jpg", root=tmp_path) is Placed.FOREIGN


def test_a_folder_that_can_be_written_to_has_no_obstacle_and_one_that_has_gone_tells_none(tmp_path):
    assert placing.obstacle(str(tmp_path)) is None
    assert placing.obstacle(str(tmp_path / "gone")) is None


@pytest.mark.parametrize(
    ("told", "code"),
    [({"f_flag": os.ST_RDONLY}, errno.EROFS), ({"f_bavail": 3}, errno.ENOSPC), ({"f_blocks": 0, "f_bavail": 0}, None)],
    ids=["read-only", "full", "a network share that tells nothing"],
)
def test_what_a_file_system_tells_of_itself_is_an_obstacle(tmp_path, monkeypatch, told, code):
    plain = {"f_flag": 0, "f_bavail": 9_999, "f_blocks": 9_999, "f_frsize": 4_096}
    monkeypatch.setattr(os, "statvfs", lambda _folder: SimpleNamespace(**plain | told))

    found = placing.obstacle(str(tmp_path))

    assert (found.errno if found else None) == code
