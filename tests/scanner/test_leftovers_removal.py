"""What is removed and what stays, whoever noted it."""

from __future__ import annotations

import hashlib

import pytest
from django.utils import timezone

from jobs import drain, queue
from jobs.models import Job
from scanner import placing
from scanner.models import Leftover, Match, MediaFile
from scanner.services import leftovers, reseeding
from scanner.services import write as writing
from tests.factories import make_match, put, scan

pytestmark = [pytest.mark.django_db, pytest.mark.repeats]


@pytest.fixture
def root(library, tmp_path):
    return tmp_path / "films"


def work() -> None:
    drain.run_until_idle(threads=0)


def described(*libraries) -> None:
    for library in libraries:
        scan(library)
        work()


def beside(folder) -> list[str]:
    """What lies in a folder but for the videos."""
    return sorted(path.name for path in folder.iterdir() if path.suffix != ".mkv")


def left_over(library, path) -> Leftover:
    return Leftover.objects.create(library=library, path=path, sha256="0" * 64)


def test_a_file_that_a_match_has_written_meanwhile_stays(service, library, root):
    put(root, "Moss (2019)/Moss (2019).mkv")
    described(library)
    left_over(library, "Moss (2019)/movie.nfo")

    assert leftovers.tidy(library) == 0

    assert (root / "Moss (2019)/movie.nfo").exists()
    assert not Leftover.objects.exists()


@pytest.mark.parametrize("name", ["100%_a\\b [x] (2019)", "Ärger (2019)", "Moss (2019)"])
def test_a_file_that_a_film_of_a_shared_folder_has_written_meanwhile_stays(library, root, name):
    put(root, f"All/{name}-poster.jpg")
    body = (root / f"All/{name}-poster.jpg").read_bytes()
    sha256 = hashlib.sha256(body).hexdigest()
    Leftover.objects.create(library=library, path=f"All/{name}-poster.jpg", sha256=sha256)
    make_match(library, f"All/{name}", folder="All", stem=name, sidecars={f"{name}-poster.jpg": {"sha256": sha256}})

    assert leftovers.tidy(library) == 0

    assert (root / f"All/{name}-poster.jpg").exists()


def test_who_has_written_a_file_meanwhile_is_asked_of_few_in_a_folder_of_many(library, root, monkeypatch):
    for number in range(50):
        make_match(library, f"All/{number}", folder="All", stem=f"Film {number:02}")
    left_over(library, "All/Film 07-poster.jpg")
    read = []
    load = Match.sidecars.field.from_db_value
    monkeypatch.setattr(Match.sidecars.field, "from_db_value", lambda *row: read.append(row[0]) or load(*row))

    leftovers.tidy(library)

    assert len([notes for notes in read if notes is not None]) == 1  # None: the row has no heir


@pytest.fixture
def taken_over(service, library, root):
    """A film that lies where another one's files were left over, and has none of its own yet."""
    put(root, "Moss (2019)/Moss (2019).mkv")
    described(library)
    match = Match.objects.select_related("library", "title").get()
    leftovers.leave_all(match)
    return match


def test_what_is_written_is_not_removed_before_it_is_noted(library, root, taken_over, monkeypatch):
    remember = writing.remember

    def tidy_and_remember(notes):
        leftovers.tidy(library)
        remember(notes)

    monkeypatch.setattr(writing, "remember", tidy_and_remember)

    writing.write(taken_over)

    assert {"metadata.json", "movie.nfo"} <= set(beside(root / "Moss (2019)"))
    assert not Leftover.objects.exists()


def test_what_is_written_while_it_is_about_to_be_removed_stays(library, root, taken_over, monkeypatch):
    remove = placing.remove

    def write_and_remove(path, **options):
        if path.endswith("movie.nfo"):
            writing.write(taken_over)
        return remove(path, **options)

    monkeypatch.setattr(placing, "remove", write_and_remove)

    leftovers.tidy(library)

    assert {"metadata.json", "movie.nfo"} <= set(beside(root / "Moss (2019)"))


@pytest.mark.parametrize("has_heir", [True, False])
def test_what_is_left_over_anew_while_it_is_removed_is_not_forgotten(service, library, root, monkeypatch, has_heir):
    put(root, "Moss (2019)/Moss (2019).mkv")
    described(library)
    match = Match.objects.get()
    leftovers.leave(match, ["movie.nfo"], heir=None)
    Match.objects.update(sidecars={})
    remove = placing.remove

    def remove_and_leave_again(path, **options):
        removed = remove(path, **options)
        leftovers.leave(match, ["movie.nfo"], heir=match.pk if has_heir else None)
        return removed

    monkeypatch.setattr(placing, "remove", remove_and_leave_again)

    assert leftovers.tidy(library) == 1

    assert Leftover.objects.get().heir_id == (match.pk if has_heir else None)


def test_nothing_is_removed_through_links_or_outside_of_the_library(service, library, root, tmp_path):
    put(root, "Moss (2019)/Moss (2019).mkv")
    described(library)
    ours = (root / "Moss (2019)/movie.nfo").read_bytes()
    (tmp_path / "outside").mkdir()
    (tmp_path / "outside/movie.nfo").write_bytes(ours)
    (root / "out").symlink_to(tmp_path / "outside")
    (root / "linked").mkdir()
    (root / "linked/movie.nfo").symlink_to(tmp_path / "outside/movie.nfo")
    left_over(library, "out/movie.nfo")
    left_over(library, "linked/movie.nfo")

    assert leftovers.tidy(library) == 0

    assert (tmp_path / "outside/movie.nfo").read_bytes() == ours
    assert (root / "linked/movie.nfo").is_symlink()


@pytest.mark.parametrize("mount_point", [True, False])
def test_what_is_left_over_outlives_a_lost_job_and_a_disk_that_is_away(service, library, root, tmp_path, mount_point):
    put(root, "Moss (2019)/Moss (2019).mkv")
    described(library)
    left_over(library, "Moss (2019)/none.nfo")
    root.rename(tmp_path / "away")
    if mount_point:
        root.mkdir()

    queue.seed(reseeding.reseed())
    work()

    job = Job.objects.get(kind="scanner.tidy")
    assert (job.state, job.attempts) == ("ready", 0)
    assert "its disk may be away" in job.last_error
    assert Leftover.objects.exists()


def test_what_was_left_over_in_a_library_that_was_really_emptied_is_forgotten(service, library, root, tmp_path):
    put(root, "Moss (2019)/Moss (2019).mkv")
    described(library)
    left_over(library, "Moss (2019)/none.nfo")
    root.rename(tmp_path / "away")
    MediaFile.objects.update(state="missing")

    assert leftovers.tidy(library) == 0

    assert not Leftover.objects.exists()


@pytest.mark.parametrize(
    ("state", "sidecars", "is_tried"),
    [
        ("matched", {"poster.jpg": {"sha256": "0"}}, True),
        ("ignored", {"metadata.json": {"sha256": "0"}}, True),
        ("matched", {}, False),
        ("unmatched", {"poster.jpg": {"sha256": "0"}}, False),
        ("new", {"poster.jpg": {"sha256": "0"}}, False),
        (None, {}, True),
    ],
)
def test_a_lost_removal_is_tried_again_only_where_its_heir_has_files_written(library, state, sidecars, is_tried):
    row = left_over(library, "Old/metadata.json")
    if state:
        row.heir = make_match(library, "New", state=state, sidecars=sidecars, written_at=timezone.now())
        row.save()

    assert ("scanner.tidy" in {work.kind for work in reseeding.reseed()}) is is_tried
