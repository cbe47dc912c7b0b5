"""A library that is on its way out: nothing is asked for it any more, and nothing is put into it."""

from __future__ import annotations

import pytest
from django.utils import timezone

from jobs.models import Job
from scanner.models import Library, Title
from scanner.providers import tmdb_images
from tests.factories import make_library
from tests.jobs_in_tests import run_job


@pytest.fixture
def moss(service, film):
    """A described film whose pictures have not been fetched; nothing asked so far."""
    match = film(tmdb_id=107)
    run_job("scanner.title", f"title:{match.title_id}")
    service.forget()
    return match


def remove(library) -> None:
    Library.with_removed.filter(pk=library.pk).update(removed_at=timezone.now())


@pytest.mark.parametrize("kind", ["scanner.artwork", "scanner.title", "scanner.refresh_title"])
def test_nothing_is_asked_for_a_title_whose_library_goes(service, moss, folder, library, kind):
    Title.objects.update(state="stale")
    remove(library)

    assert run_job(kind, f"title:{moss.title_id}").state == Job.State.DONE

    assert service.asked == []
    assert not (folder(moss) / "poster.jpg").exists()


def test_a_library_that_goes_gets_no_picture_that_another_one_gets(moss, folder, film, library, tmp_path):
    (tmp_path / "other").mkdir()
    other = film("Moss", title=moss.title, where=make_library(tmp_path / "other"))
    remove(library)

    run_job("scanner.artwork", f"title:{moss.title_id}")

    assert (tmp_path / "other" / other.folder / "poster.jpg").exists()
    assert not (folder(moss) / "poster.jpg").exists()


def test_a_library_that_is_removed_while_a_picture_comes_does_not_get_it(moss, folder, library, monkeypatch):
    load = tmdb_images.fetch

    def load_and_remove(*args, **options):
        remove(library)
        return load(*args, **options)

    monkeypatch.setattr(tmdb_images, "fetch", load_and_remove)

    run_job("scanner.artwork", f"title:{moss.title_id}")

    assert [path.name for path in folder(moss).iterdir()] == ["Moss (2019).mkv"]
