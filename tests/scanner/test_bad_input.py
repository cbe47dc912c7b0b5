"""What disks and other programs put in the way of a scan: nothing is lost, nothing hangs, and it is said plainly."""

from __future__ import annotations

import errno
import os
import unicodedata

import pytest
from django.db import OperationalError

from scanner.fingerprint import fingerprint
from scanner.models import MediaFile, Scan
from scanner.services import scanning, scans
from scanner.services.inspect import inspect
from scanner.walk import MAX_DEPTH, MAX_INTEGER, walk
from tests.factories import make_file, make_library, make_match, put, scan
from tests.jobs_in_tests import run_job

FILM = "The Quiet Orchard (2019)/The Quiet Orchard (2019).mkv"
OTHER = "Another One (2001)/Another One (2001).mkv"


@pytest.fixture
def root(tmp_path):
    (tmp_path / "media").mkdir()
    return tmp_path / "media"


def open_files() -> int:
    return len(os.listdir("/proc/self/fd"))


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


@pytest.mark.django_db
@pytest.mark.parametrize(
    "when",
    [0, -10 * 365 * 86_400, 7_258_118_400, 13_569_465_600],
    ids=["1970", "1960", "2200", "2400, beyond 64 bits of nanoseconds"],
)
def test_any_date_can_be_stored_and_is_no_change_the_next_time(root, when):
    put(root, FILM, mtime=when)
    library = make_library(root)

    first, second = scan(library), scan(library)

    assert (first.new, second.unchanged, second.changed) == (1, 1, 0)
    assert abs(MediaFile.objects.get().mtime_ns) <= MAX_INTEGER


HOSTILE = {
    "not UTF-8": b"Caf\xe9 (2001)",
    "255 bytes": b"L" * 251,
    "255 bytes of two-byte letters": ("é" * 125).encode(),
    "a newline": b"New\nLine (2004)",
    "control characters": b"Ctl\x01\x1b[31mRed (2005)",
    "written from right to left": "Bidi \u202egnp (2006)".encode(),
    "a backslash that reads like an escape": rb"Back\x41slash (2007)",
    "markup and quotes": b"Quote ' \" <b>&amp; (2008)",
    "like an option": b"--help (2001)",
    "only spaces": b"   ",
    "only dots": b"....",
    "per cent and traversal": b"%00%2e%2e (2001)",
    "enormous numbers": b"Show S99999999999999999999E99999999999999999999",
    "an enormous id": b"Film (2001) {tmdb-99999999999999999999999}",
}


@pytest.mark.django_db
@pytest.mark.parametrize("name", HOSTILE.values(), ids=HOSTILE)
def test_every_name_a_disk_can_hold_is_taken_in_and_known_again(root, name):
    where = os.fsencode(root) + b"/" + name
    os.mkdir(where)
    with open(where + b"/" + name[:251] + b".mkv", "wb") as file:
        file.write(b"x" * 100)
    os.utime(where + b"/" + name[:251] + b".mkv", (1_600_000_000, 1_600_000_000))
    library = make_library(root, kind="mixed")

    first, second = scan(library), scan(library)

    assert (first.state, second.unchanged, second.reason) == ("done", first.new, "nothing has changed")
    assert all(path.encode() for path in states(library))


@pytest.mark.django_db
def test_composed_and_decomposed_names_are_two_folders_but_one_film(root):
    composed, decomposed = (unicodedata.normalize(form, "Amélie (2002)") for form in ("NFC", "NFD"))
    put(root, f"{composed}/{composed}.mkv", f"{decomposed}/{decomposed}.mkv")
    library = make_library(root, kind="movies")

    scan(library)

    names = {match.name for match in library.matches.all()}
    assert len(states(library)) == 2
    assert {unicodedata.normalize("NFC", name) for name in names} == {"Amélie"}


def test_too_deep_a_folder_is_told_and_the_rest_is_found(root):
    put(root, FILM, "/".join(["deep", *"d" * (MAX_DEPTH + 140), "Film (2001).mkv"]))

    listing = walk(str(root))

    assert set(listing.files) == {FILM}
    assert "folders deep" in next(iter(listing.unreadable.values()))


@pytest.mark.parametrize("name", [".ignore", ".plexignore"])
def test_an_ignore_file_that_is_a_folder_or_a_pipe_ignores_nothing(root, name):
    put(root, FILM, OTHER)
    (root / FILM).parent.joinpath(name).mkdir()
    os.mkfifo((root / OTHER).parent / name)

    listing = walk(str(root))

    assert (set(listing.files), listing.unreadable) == ({FILM, OTHER}, {})


def test_ignore_files_leave_out_what_they_name(root):
    put(root, "Empty/A (2001).mkv", "Media/B (2001).mkv", "Plex/Keep (2001).mkv", "Plex/Bad (2001).mkv")
    put(root, "Some/Keep (2001).mkv", "Some/drop (2001).mkv", "Some/sub/C (2001).mkv", "None/Keep (2001).mkv")
    (root / "Empty/.ignore").touch()
    (root / "Media/.nomedia").touch()
    (root / "Plex/.plexignore").write_text("Bad*\n")
    (root / "Some/.ignore").write_text("# no\n\ndrop*\nsub/\n")
    (root / "None/.plexignore").touch()

    assert found(root) == {"Plex/Keep (2001).mkv", "Some/Keep (2001).mkv", "None/Keep (2001).mkv"}


def test_looking_at_folders_leaves_nothing_open(root):
    (root / "BDMV").mkdir()
    before = open_files()

    marks = {fingerprint(str(root / "BDMV")) for _ in range(20)}

    assert (marks, open_files()) == ({""}, before)


@pytest.mark.django_db
def test_a_disc_is_inspected_and_leaves_nothing_open(root):
    put(root, "Disc (2018)/BDMV/STREAM/00001.m2ts")
    library = make_library(root)
    match = make_match(library, "Disc (2018)")
    make_file(library, "Disc (2018)/BDMV", match=match)
    before = open_files()

    inspect(match)

    assert (MediaFile.objects.get().fingerprint, open_files()) == ("disc", before)


@pytest.mark.parametrize("make", [os.mkdir, os.mkfifo], ids=["folders", "pipes"])
def test_folders_and_pipes_called_like_our_files_stop_nothing(service, library, film, folder, make):
    match = film("Moss (2019)", title=None, tmdb_id=107)
    for name in ("metadata.json", "movie.nfo", "poster.jpg", "fanart.jpg"):
        make(folder(match) / name)
    match.title.state, match.state = "new", "new"
    match.title.save()
    match.save()
    before = open_files()

    jobs = [run_job("scanner.match", f"match:{match.pk}"), run_job("scanner.title", f"title:{match.title_id}")]
    jobs += [run_job("scanner.write", f"match:{match.pk}"), run_job("scanner.artwork", f"title:{match.title_id}")]

    assert {job.state for job in jobs} == {"done"}
    assert open_files() <= before + 5  # a connection or two to the service
    assert sorted(os.listdir(folder(match))) == [
        "Moss (2019).mkv", "fanart.jpg", "metadata.json", "movie.nfo", "poster.jpg"
    ]  # fmt: skip


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
