"""Adding and removing libraries: what is refused and why, and that nothing else has to wait."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from jobs.errors import Interrupted
from jobs.models import Job
from scanner import bulk
from scanner.models import Episode, EpisodeFile, Library, Match, MediaFile, Title
from scanner.services import libraries
from tests.factories import make_library, make_match, make_title, put, scan
from tests.jobs_in_tests import run_job

pytestmark = pytest.mark.django_db


@pytest.fixture
def data(settings, tmp_path):
    """The data directory, with a folder inside and one around."""
    settings.DATA_DIR = tmp_path / "home" / "mediasync"
    (settings.DATA_DIR / "artwork").mkdir(parents=True)
    return settings.DATA_DIR


@pytest.mark.parametrize("folder", ["/", "/proc", "/proc/self/fd", "/sys", "/dev", "/dev/shm"])
def test_folders_of_the_system_are_no_libraries(data, folder):
    with pytest.raises(libraries.NotALibrary, match=r"Name (a|the) folder"):
        libraries.add(folder)

    assert not Library.objects.exists()


@pytest.mark.parametrize(
    ("folder", "why"),
    [("mediasync", "keeps its own data"), ("mediasync/artwork", "keeps its own data"), ("", "holds mediasync's own")],
    ids=["itself", "inside it", "around it"],
)
def test_the_data_directory_is_no_library(data, folder, why):
    with pytest.raises(libraries.NotALibrary, match=why):
        libraries.add(str(data.parent / folder))

    assert not Library.objects.exists()


def test_a_link_does_not_hide_the_data_directory(data, tmp_path):
    (tmp_path / "films").symlink_to(data)

    with pytest.raises(libraries.NotALibrary, match="keeps its own data"):
        libraries.add(str(tmp_path / "films"))


def test_a_wrong_folder_among_others_keeps_all_of_them_out(data, tmp_path):
    (tmp_path / "Films").mkdir()

    with pytest.raises(libraries.NotALibrary, match="does not exist"):
        libraries.add_all([str(tmp_path / "Films"), str(tmp_path / "Nope")], actor="eve")

    assert not Library.objects.exists()


def test_a_folder_beside_the_data_directory_is_fine(data):
    (data.parent / "mediasync films").mkdir()

    assert libraries.add(str(data.parent / "mediasync films"))[1]


def test_the_demo_may_lie_in_the_data_directory(data):
    assert libraries.add(str(data / "artwork"), demo=True)[1]


def stopped(*_args, **_options):
    raise Interrupted("the job was told to stop")


def filled(root, count=300):
    """A library of films that all have a title, a show with episodes, and a scan."""
    put(root, *(f"Film {number} (2001)/Film {number} (2001).mkv" for number in range(count)))
    library = make_library(root)
    scan(library)
    for match in Match.objects.filter(library=library):
        match.title = make_title(match.name, kind=match.kind)
        match.save(update_fields=["title"])
    first = MediaFile.objects.filter(library=library).first()
    episodes = Episode.objects.bulk_create(Episode(title=first.match.title, season=1, number=n) for n in range(count))
    EpisodeFile.objects.create(file=first, episode=episodes[0])
    return library


@pytest.mark.repeats
def test_removing_takes_all_that_is_known_and_nothing_that_others_have(tmp_path):
    mine, other = filled(tmp_path / "mine", 40), filled(tmp_path / "other", 3)
    shared = Match.objects.filter(library=other).first()
    shared.title = Match.objects.filter(library=mine).first().title
    shared.save(update_fields=["title"])

    libraries.remove(mine, actor="eve")

    assert list(Library.with_removed.all()) == [other]
    assert set(MediaFile.objects.values_list("library", flat=True)) == {other.pk}
    assert Title.objects.filter(matches=None).count() == 1  # the other's own, which the shared one replaced
    assert Title.objects.filter(pk=shared.title_id).exists()
    assert (tmp_path / "mine/Film 1 (2001)/Film 1 (2001).mkv").exists()


@pytest.mark.repeats
def test_a_removal_leaves_the_database_to_others_in_between(tmp_path):
    library = filled(tmp_path / "mine")

    with CaptureQueriesContext(connection) as queries:
        libraries.remove(library, actor="eve")

    deleted = [query["sql"] for query in queries if query["sql"].startswith('DELETE FROM "scanner_mediafile"')]
    assert len(deleted) > 1
    assert not Library.with_removed.exists()


@pytest.mark.repeats
def test_nobody_waits_until_a_large_library_is_forgotten(tmp_path, monkeypatch):
    large, small = filled(tmp_path / "large", 12), filled(tmp_path / "small", 3)
    monkeypatch.setattr(libraries, "AT_ONCE", 10)

    for library in (large, small):
        libraries.remove_soon(library, actor="eve")
    known = set(MediaFile.objects.values_list("library", flat=True))
    run_job("scanner.forget", f"library:{large.pk}")

    assert (Library.objects.count(), known) == (0, {large.pk})
    assert not MediaFile.objects.exists()
    assert not Library.with_removed.exists()


@pytest.mark.repeats
def test_a_job_forgets_no_library_that_is_in_use(tmp_path):
    library = filled(tmp_path / "mine", 3)

    run_job("scanner.forget", f"library:{library.pk}")

    assert MediaFile.objects.count() == 3


@pytest.mark.repeats
def test_a_removal_that_was_cut_off_is_hidden_at_once_and_finished_later(tmp_path, monkeypatch):
    library = filled(tmp_path / "mine")
    with monkeypatch.context() as patch:
        patch.setattr(bulk.running, "wait", stopped)
        with pytest.raises(Interrupted):
            libraries.remove(library, actor="eve")
    assert not Library.objects.exists()
    again, new = libraries.add(str(tmp_path / "mine"))
    first = scan(again)

    libraries.finish_removals()
    assert Library.with_removed.count() == 2, "whoever began may still be at it"
    Library.with_removed.filter(pk=library.pk).update(removed_at="2020-01-01T00:00Z")
    run_job("scanner.upkeep", "")

    assert (new, first.new) == (True, 300)
    assert list(Library.with_removed.all()) == [again]
    assert MediaFile.objects.count() == 300


@pytest.mark.repeats
def test_episodes_that_another_library_has_come_to_hold_are_kept(tmp_path, monkeypatch):
    mine = filled(tmp_path / "mine")
    theirs = make_match(make_library(tmp_path / "theirs"), title=None)
    show = Episode.objects.first().title

    def others_write(_seconds):
        if Episode.objects.count() < 300:  # the removal is in the middle of them
            Match.objects.filter(pk=theirs.pk).update(title=show)

    with monkeypatch.context() as patch:
        patch.setattr(bulk.running, "wait", others_write)
        libraries.remove(mine, actor="eve")

    assert Title.objects.filter(pk=show.pk).exists()
    assert 0 < Episode.objects.filter(title=show).count() < 300


@pytest.mark.repeats
def test_titles_that_a_job_finds_while_their_library_goes_do_not_outlive_it(tmp_path, monkeypatch):
    mine = filled(tmp_path / "mine", 40)
    match = Match.objects.filter(library=mine).last()

    def a_job_ends(_seconds):
        if Match.objects.filter(pk=match.pk).exists() and not Title.objects.exists():
            Match.objects.filter(pk=match.pk).update(title=make_title("Late"))

    with monkeypatch.context() as patch:
        patch.setattr(bulk.running, "wait", a_job_ends)
        libraries.remove(mine, actor="eve")

    assert not Title.objects.exists()


@pytest.mark.parametrize("kind", ["scanner.match", "scanner.write"])
def test_nothing_is_done_for_the_matches_of_a_library_that_goes(tmp_path, kind):
    put(tmp_path, "Moss (2019)/Moss (2019).mkv")
    match = make_match(make_library(tmp_path, removed_at=timezone.now()), "Moss (2019)", state="new")
    Match.objects.filter(pk=match.pk).update(**{"state": "ignored", "locked": True} if kind == "scanner.write" else {})

    run_job(kind, f"match:{match.pk}")

    assert not Title.objects.exists()
    assert not (tmp_path / "Moss (2019)/metadata.json").exists()


@pytest.mark.repeats
def test_a_full_scan_queues_its_titles_in_slices(tmp_path):
    library = filled(tmp_path / "mine")
    Job.objects.all().delete()

    with CaptureQueriesContext(connection) as queries:
        done = scan(library, mode="full", actor="eve")

    queued = Job.objects.filter(kind="scanner.title", origin=f"scan:{done.pk}")
    assert queued.count() == Title.objects.filter(matches__library=library).count()
    assert sum(query["sql"].startswith('UPDATE "scanner_title"') for query in queries) > 1


def test_the_kind_of_a_library_is_guessed_before_the_database_is_locked(tmp_path, monkeypatch):
    outside = connection.in_atomic_block
    depth = len(connection.savepoint_ids)
    seen = []
    monkeypatch.setattr(libraries, "guess_kind", lambda _path: seen.append(len(connection.savepoint_ids)) or "movies")

    libraries.add(str(tmp_path))

    assert (outside, seen) == (True, [depth])


def test_a_machine_knows_whether_it_sees_all_libraries(root_of_two):
    everything = libraries.are_all_here()

    root_of_two[1].rmdir()

    assert everything
    assert not libraries.are_all_here()


@pytest.fixture
def root_of_two(db, tmp_path):
    """The folders of two libraries."""
    for name in ("Films", "Shows"):
        (tmp_path / name).mkdir()
        make_library(tmp_path / name)
    return tmp_path / "Films", tmp_path / "Shows"
