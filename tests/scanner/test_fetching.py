"""What was chosen for a whole library is carried out by a job: the page that it was chosen on is there at once."""

from __future__ import annotations

import pytest

from jobs.models import Job
from scanner.models import Library
from scanner.services import art_roles, libraries
from tests.factories import make_match, make_title
from tests.jobs_in_tests import run_job

pytestmark = [pytest.mark.django_db, pytest.mark.repeats]


@pytest.fixture
def titles(library) -> list[int]:
    """A film and a show."""
    found = [make_title("Tide", tmdb_id=1), make_title("Post", tmdb_id=2, kind="show")]
    for title in found:
        make_match(library, key=title.name, title=title, kind=title.kind, state="matched")
    return [title.pk for title in found]


def open_jobs() -> set[tuple[str, str]]:
    return set(Job.objects.filter(state="ready").values_list("kind", "key"))


def test_switching_pictures_on_queues_one_job_which_queues_the_titles(library, titles):
    Library.objects.update(art_roles=["fanart"])
    library.refresh_from_db()

    art_roles.change(library, ["fanart", "poster", "still"], actor="eve")

    film, show = titles
    assert open_jobs() == {("scanner.fetch", f"pictures:{library.pk}"), ("scanner.fetch", f"stills:{library.pk}")}
    for what in ("pictures", "stills"):
        run_job("scanner.fetch", f"{what}:{library.pk}")
    assert open_jobs() == {
        ("scanner.artwork", f"title:{film}"),
        ("scanner.artwork", f"title:{show}"),
        ("scanner.stills", f"title:{show}"),
    }


def test_switching_pictures_off_queues_nothing(library, titles):
    art_roles.change(library, ["poster"], actor="eve")

    assert open_jobs() == set()


def test_what_is_written_beside_the_media_is_changed_by_one_job(library, titles):
    Library.objects.update(sidecars="off")

    libraries.change(library, name=library.name, kind=library.kind, sidecars="all", actor="eve")

    assert open_jobs() == {("scanner.fetch", f"pictures:{library.pk}")}
    run_job("scanner.fetch", f"pictures:{library.pk}")
    assert open_jobs() == {("scanner.artwork", f"title:{pk}") for pk in titles}


def test_a_library_that_was_removed_in_between_has_nothing_fetched(library, titles):
    Library.objects.update(art_roles=[])
    library.refresh_from_db()
    art_roles.change(library, ["poster"], actor="eve")
    libraries.remove(library, actor="eve")

    run_job("scanner.fetch", f"pictures:{library.pk}")

    assert not any(kind == "scanner.artwork" for kind, _key in open_jobs())
