"""Pictures that went away: the plug was pulled while one was placed, or a folder was deleted and is back."""

from __future__ import annotations

import pytest

from jobs import drain
from scanner.models import Title
from scanner.services import artwork, hanging, matches
from tests.jobs_in_tests import run_job


class Killed(BaseException):
    """What SIGKILL would do at this place."""


def killed(*_args: object, **_options: object) -> None:
    raise Killed


@pytest.fixture
def moss(service, film):
    """A described film whose pictures have not been fetched."""
    match = film(tmdb_id=107)
    run_job("scanner.title", f"title:{match.title_id}")
    return match


CUTS = {"after the picture": (artwork, "_keep"), "before it": (hanging, "place")}


@pytest.mark.parametrize("cut", CUTS.values(), ids=CUTS)
def test_a_picture_that_was_being_placed_is_still_ours(service, moss, folder, monkeypatch, cut):
    with monkeypatch.context() as patch:
        patch.setattr(*cut, killed)
        with pytest.raises(Killed):
            artwork.fetch_artwork(Title.objects.get(pk=moss.title_id))

    run_job("scanner.artwork", f"title:{moss.title_id}")
    matches.pick(moss, "movie", 108, actor="eve")
    drain.run_until_idle(threads=0)

    assert {name: note["source"] for name, note in _notes(moss).items()} == {
        "poster.jpg": "/f108-poster.jpg",
        "fanart.jpg": "/f108-backdrop.jpg",
        "clearlogo.png": "/f108-logo.png",
        "landscape.jpg": "/f108-landscape.jpg",
    }
    assert {path.name for path in folder(moss).iterdir()} >= {"poster.jpg", "fanart.jpg", "metadata.json"}


def test_pictures_of_a_folder_that_was_deleted_and_is_back_come_back_too(service, moss, folder):
    run_job("scanner.artwork", f"title:{moss.title_id}")
    drain.run_until_idle(threads=0)
    for path in folder(moss).iterdir():
        if path.suffix in {".jpg", ".nfo", ".json"}:
            path.unlink()

    run_job("scanner.write", f"match:{moss.pk}")
    drain.run_until_idle(threads=0)

    assert {path.name for path in folder(moss).iterdir()} >= {"poster.jpg", "fanart.jpg", "movie.nfo", "metadata.json"}


def _notes(match) -> dict[str, dict[str, str]]:
    match.refresh_from_db()
    return {name: note for name, note in match.sidecars.items() if "role" in note}
