"""A decision about a match is taken back: title, state, lock and what lies beside the media are as before."""

from __future__ import annotations

import pytest

from jobs import drain
from scanner.models import FormerTitle, Match, MediaFile, Title
from scanner.services import decided, libraries, matches
from tests.factories import make_library, put, scan

pytestmark = [pytest.mark.django_db, pytest.mark.repeats]


@pytest.fixture
def root(library, tmp_path):
    return tmp_path / "films"


def work() -> None:
    drain.run_until_idle(threads=0)


def the_match() -> Match:
    return Match.objects.select_related("title", "library").get()


def standing() -> tuple:
    match = the_match()
    return match.state, match.kind, match.by, match.locked, match.title and match.title.tmdb_id, len(match.candidates)


def files_beside(root) -> list[str]:
    return sorted(path.name for path in root.rglob("*") if path.is_file() and path.suffix != ".mkv")


def unmatched(library, root) -> Match:
    put(root, "IMG_2031/IMG_2031.mkv")
    scan(library)
    work()
    return the_match()


def matched(library, root) -> Match:
    put(root, "Moss (2019)/Moss (2019).mkv")
    scan(library)
    work()
    return the_match()


def undo() -> bool:
    match = the_match()
    event = decided.last(match)
    return bool(event) and decided.undo(match, event.pk, actor="eve")


@pytest.mark.parametrize("worked", [False, True], ids=["at once", "when all is written"])
def test_a_pick_for_an_unclear_folder_leaves_nothing_behind(service, library, root, worked):
    match = unmatched(library, root)
    before = standing()
    matches.pick(match, "movie", 107, actor="eve")
    if worked:
        work()
        assert "metadata.json" in files_beside(root)

    assert undo()
    work()

    assert standing() == before
    assert files_beside(root) == []
    assert list(Title.objects.values_list("name", "tmdb_id", "state")) == [("IMG", None, "indexed")]


def test_what_was_taken_back_is_not_found_again_in_a_new_database(service, library, root):
    matches.pick(unmatched(library, root), "movie", 107, actor="eve")
    work()
    undo()
    work()
    libraries.remove(library, actor="eve")

    scan(make_library(root))
    work()

    assert standing()[0] == "unmatched"


def test_another_title_taken_back_is_the_former_one_under_its_old_address(service, library, root):
    match = matched(library, root)
    former, before = match.title_id, standing()
    matches.pick(match, "movie", 102, actor="eve")
    work()
    assert FormerTitle.objects.filter(former_id=former).exists()

    assert undo()
    work()

    assert standing() == before
    title = the_match().title
    assert (title.pk, title.name, title.state) == (former, "Moss", "indexed")
    assert not FormerTitle.objects.filter(former_id=former).exists()
    assert "Moss" in (root / "Moss (2019)/metadata.json").read_text()
    assert set(MediaFile.objects.values_list("state", flat=True)) == {"indexed"}


def test_an_ignored_folder_has_its_title_back(service, library, root):
    match = matched(library, root)
    before, written = standing(), files_beside(root)
    matches.ignore(match, actor="eve")
    work()

    assert undo()
    work()

    assert standing() == before
    assert files_beside(root) == written


def test_a_lock_is_lifted_and_set_as_before(service, library, root):
    match = matched(library, root)
    matches.lock(match, actor="eve")

    assert undo()

    assert standing()[3] is False


def test_a_show_that_was_taken_for_a_film_has_its_episodes_back(service, library, root):
    put(root, "The Night Post (2018)/Season 01/The Night Post - S01E01.mkv")
    scan(library)
    work()
    before = standing()
    matches.pick(the_match(), "movie", 107, actor="eve")
    work()

    assert undo()
    work()

    assert standing() == before
    assert MediaFile.objects.get().episodes.count() == 1


def test_what_has_moved_on_since_is_not_taken_back(service, library, root):
    match = unmatched(library, root)
    matches.pick(match, "movie", 107, actor="eve")
    event = decided.last(the_match())
    matches.pick(the_match(), "movie", 102, actor="bob")

    assert not decided.undo(the_match(), event.pk, actor="eve")
    assert standing()[4] == 102


def test_taking_back_twice_does_it_once(service, library, root):
    matches.pick(unmatched(library, root), "movie", 107, actor="eve")
    event = decided.last(the_match())

    assert decided.undo(the_match(), event.pk, actor="eve")
    assert not decided.undo(the_match(), event.pk, actor="eve")


def test_of_two_picks_at_the_same_moment_one_holds(service, library, root):
    unmatched(library, root)
    mine, yours = the_match(), the_match()
    matches.lock(mine, actor="eve")

    assert not matches.pick(yours, "movie", 107, actor="bob")
    assert standing()[4] is None
    assert Title.objects.get().tmdb_id is None
