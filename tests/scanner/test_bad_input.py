"""What disks and other programs put in the way of a scan: nothing is lost, nothing hangs, and it is said plainly."""

from __future__ import annotations

import errno
import os

import pytest
from django.db import OperationalError

from scanner.fingerprint import fingerprint
from scanner.models import MediaFile, Scan
from scanner.services import scanning, scans
from scanner.services.inspect import inspect
from scanner.streams import helper
from scanner.walk import MAX_DEPTH, walk
from tests.factories import make_file, make_library, make_match, put, scan
from tests.jobs_in_tests import run_job

FILM = "The Quiet Orchard (2019)/The Quiet Orchard (2019).mkv"
OTHER = "Another One (2001)/Another One (2001).mkv"


@pytest.fixture
def root(tmp_path):
    (tmp_path / "media").mkdir()
    return tmp_path / "media"


def open_files(root) -> list[str]:
    """List what this process holds open below a library; other tests' leftovers may close at any moment."""
    held = (os.path.realpath(f"/proc/self/fd/{number}") for number in os.listdir("/proc/self/fd"))
    return [path for path in held if path.startswith(str(root))]


def found(root) -> set[str]:
    return set(walk(str(root)).files)


def states(library) -> dict[str, str]:
    return dict(MediaFile.objects.filter(library=library).values_list("path", "state"))


def refuse(monkeypatch, function: str, ending: str, code: int) -> None:
    """Let a function of `os` fail for paths that end like this."""
    real = getattr(os, function)

    def failing(path, *args, **kwargs):
        if isinstance(path, str) and path.endswith(ending):
            raise OSError(code, os.strerror(code), path)
        return real(path, *args, **kwargs)

    monkeypatch.setattr(os, function, failing)


def test_what_is_no_file_is_no_film_whatever_it_is_called(root):
    put(root, FILM)
    os.mkfifo(root / "Pipe (2001).mkv")
    (root / "Broken (2001).mkv").symlink_to("nowhere")
    (root / "Circle (2001).mkv").symlink_to("Circle (2001).mkv")
    (root / "Zero (2001).mkv").symlink_to("/dev/zero")
    (root / "Folder (2001).mkv").mkdir()

    listing = walk(str(root))

    assert set(listing.files) == {FILM}
    assert listing.unreadable == {}


@pytest.mark.parametrize("target", ["/", "..", ".", "circle"], ids=["to /", "upwards", "to itself", "in circles"])
def test_a_link_never_leads_round_in_circles(root, target):
    put(root, FILM)
    (root / "circle").symlink_to(target)

    assert found(root) == {FILM}


def test_a_link_out_of_the_library_is_followed_once(root, tmp_path):
    put(tmp_path / "elsewhere", "Film (2001).mkv")
    (tmp_path / "elsewhere" / "round").symlink_to(root)
    (root / "one").symlink_to(tmp_path / "elsewhere")
    (root / "two").symlink_to(tmp_path / "elsewhere")

    assert len(found(root)) == 1


def test_a_linked_folder_that_cannot_be_looked_at_spoils_only_itself(root, tmp_path, monkeypatch):
    put(root, FILM)
    (tmp_path / "share").mkdir()
    (root / "share").symlink_to(tmp_path / "share")
    refuse(monkeypatch, "stat", "/share", errno.ESTALE)

    listing = walk(str(root))

    assert set(listing.files) == {FILM}
    assert (listing.root_problem, list(listing.unreadable)) == ("", ["share"])


@pytest.mark.django_db
def test_a_disc_that_cannot_be_read_is_not_missing(root, monkeypatch):
    put(root, OTHER, "Disc (2018)/BDMV/STREAM/00001.m2ts")
    library = make_library(root)
    scan(library)
    real = os.scandir

    def failing(path):
        if str(path).endswith("BDMV/STREAM"):
            raise PermissionError(errno.EACCES, "Permission denied", path)
        return real(path)

    monkeypatch.setattr(os, "scandir", failing)
    done = scan(library)

    assert (done.missing, done.errors) == (0, 1)
    assert states(library)["Disc (2018)/BDMV"] == "new"


@pytest.mark.django_db
def test_a_film_that_cannot_be_looked_at_is_not_missing(root):
    put(root, OTHER, FILM)
    library = make_library(root)
    scan(library)
    (root / FILM).unlink()
    (root / FILM).symlink_to("x" * 300)  # stat says ENAMETOOLONG: neither there nor gone

    done = scan(library)

    assert (done.missing, done.errors, done.troubles) == (0, 1, [f"{FILM}: File name too long"])


def test_a_file_that_vanishes_between_listing_and_stat_is_simply_gone(root, monkeypatch):
    put(root, FILM, OTHER)
    real = os.scandir

    def vanishing(handle):
        entries = real(handle)
        (root / FILM).unlink(missing_ok=True)
        return entries

    monkeypatch.setattr(os, "scandir", vanishing)
    listing = walk(str(root))

    assert OTHER in listing.files
    assert (listing.root_problem, listing.unreadable) == ("", {})


def test_a_folder_that_vanishes_during_the_walk_is_simply_gone(root):
    put(root, FILM, OTHER, *(f"more/{number}/Film {number}.mkv" for number in range(70)))

    def remove(_walker):
        if (root / "more").exists():
            (root / "more").rename(root.parent / "aside")

    listing = walk(str(root), seen=remove)

    assert listing.unreadable == {}
    assert {path for path in listing.files if not path.startswith("more/")} <= {FILM, OTHER}


def test_too_deep_a_folder_is_told_and_the_rest_is_found(root):
    put(root, FILM, "/".join(["deep", *"d" * (MAX_DEPTH + 140), "Film (2001).mkv"]))

    listing = walk(str(root))

    assert set(listing.files) == {FILM}
    assert "folders deep" in next(iter(listing.unreadable.values()))


def test_a_path_that_no_database_can_index_is_told_and_the_rest_is_found(root):
    put(root, FILM)
    folder = os.open(root, os.O_RDONLY)
    for number in range(12):
        name = f"{number:02}" + "ß" * 100
        os.mkdir(name, dir_fd=folder)
        above, folder = folder, os.open(name, os.O_RDONLY, dir_fd=folder)
        os.close(above)
    os.close(os.open("Film (2001).mkv", os.O_WRONLY | os.O_CREAT, dir_fd=folder))
    os.close(folder)

    listing = walk(str(root))

    assert set(listing.files) == {FILM}
    assert list(listing.unreadable.values()) == ["its path is longer than 2000 bytes"]


def test_looking_at_folders_leaves_nothing_open(root):
    (root / "BDMV").mkdir()
    marks = {fingerprint(str(root / "BDMV")) for _ in range(20)}

    assert (marks, open_files(root)) == ({""}, [])


@pytest.mark.django_db
def test_a_disc_is_inspected_and_leaves_nothing_open(root):
    put(root, "Disc (2018)/BDMV/STREAM/00001.m2ts")
    library = make_library(root)
    match = make_match(library, "Disc (2018)")
    make_file(library, "Disc (2018)/BDMV", match=match)

    inspect(match)
    helper.end_all()

    assert (MediaFile.objects.get().fingerprint, open_files(root)) == ("disc", [])


PICTURES = ("clearlogo.png", "fanart.jpg", "landscape.jpg", "poster.jpg")


@pytest.mark.parametrize("make", [os.mkdir, os.mkfifo], ids=["folders", "pipes"])
def test_folders_and_pipes_called_like_our_files_stop_nothing(service, library, film, folder, make):
    match = film("Moss (2019)", title=None, tmdb_id=107)
    for name in ("metadata.json", "movie.nfo", *PICTURES):
        make(folder(match) / name)
    match.title.state, match.state = "new", "new"
    match.title.save()
    match.save()

    jobs = [run_job("scanner.match", f"match:{match.pk}"), run_job("scanner.title", f"title:{match.title_id}")]
    jobs += [run_job("scanner.write", f"match:{match.pk}"), run_job("scanner.artwork", f"title:{match.title_id}")]

    assert {job.state for job in jobs} == {"done"}
    assert open_files(library.path) == []
    assert sorted(os.listdir(folder(match))) == [
        "Moss (2019).mkv",
        *sorted(("metadata.json", "movie.nfo", *PICTURES)),
    ]


CORRUPT = {
    "cut": b'{"schema": 1, "title": "Mo',
    "not UTF-8": b'{"title": "\xff\xfe"}',
    "a list": b'[1e999, NaN, {"a": 1}]',
    "nested without end": b"[" * 100_000,
    "numbers without end": b'{"schema":1,"kind":"movie","title":"M","ids":{"tmdb":' + b"9" * 5_000 + b"}}",
    "numbers beyond 64 bits": b'{"schema":1,"kind":"movie","title":"M","year":99999999999999999999999999}',
    "empty": b"",
    "zeros": b"\0" * 1_000,
}


@pytest.mark.parametrize("body", CORRUPT.values(), ids=CORRUPT)
def test_a_corrupt_metadata_json_stops_nothing_and_stays(service, library, film, folder, body):
    match = film("Moss (2019)")
    match.state, match.title = "new", None
    match.save()
    (folder(match) / "metadata.json").write_bytes(body)

    assert run_job("scanner.match", f"match:{match.pk}").state == "done"
    match.refresh_from_db()
    job = run_job("scanner.write", f"match:{match.pk}")

    assert (match.state, match.title.name) == ("matched", "Moss")
    assert job.state == "done"
    assert (folder(match) / "metadata.json").read_bytes() == body or b"Moss" in (
        folder(match) / "metadata.json"
    ).read_bytes()


@pytest.mark.django_db
def test_a_scan_that_was_cut_off_tells_what_it_found_before(root, monkeypatch):
    put(root, FILM, OTHER)
    library = make_library(root)
    cut = scans.start([library])[0]
    with monkeypatch.context() as context:
        context.setattr(scanning.followups, "look_at_notes", lock)
        with pytest.raises(OperationalError):
            scanning.run(cut)

    scanning.run(Scan.objects.get(pk=cut.pk))

    cut.refresh_from_db()
    assert (cut.state, cut.new, cut.unchanged, cut.files, cut.reason) == ("done", 2, 0, 2, "2 new")


def lock(*_args, **_options):
    raise OperationalError("database is locked")


@pytest.mark.repeats
@pytest.mark.django_db
def test_of_two_who_confirm_a_held_scan_one_wins_and_nothing_is_done_twice(root):
    names = [f"Film {number:03} (2001)/Film {number:03} (2001).mkv" for number in range(40)]
    put(root, *names)
    library = make_library(root)
    scan(library)
    for name in names[:30]:
        (root / name).unlink()
    scan(library)
    first, second = Scan.objects.get(state="held"), Scan.objects.get(state="held")

    won = [scans.confirm(first, actor="eve"), scans.confirm(second, actor="adam")]
    done = scan(library)

    assert won == [True, False]
    assert (done.state, done.missing) == ("done", 30)
