"""Pictures that other tools left: shown, kept byte for byte, and nothing asked for in their place."""

from __future__ import annotations

import io

import pytest
from PIL import Image

from jobs import drain
from jobs.models import Job
from scanner import gallery
from scanner.models import Artwork
from tests.jobs_in_tests import run_job


def picture(number: int, form: str = "JPEG") -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (300 + number, 200), (number * 3 % 256, 90, 60)).save(out, form)
    return out.getvalue()


FORMS = {"png": "PNG", "webp": "WEBP"}
VIDEO = "Moss (2019)"
FILMS = {
    "Kodi": ["poster.jpg", "fanart.jpg", "clearlogo.png", "landscape.jpg", "banner.jpg"],
    "Kodi, named after the video": [
        f"{VIDEO}-{n}" for n in ("poster.jpg", "fanart.jpg", "clearlogo.png", "landscape.jpg")
    ],
    "Jellyfin": ["folder.jpg", "backdrop.jpg", "logo.png", "thumb.jpg"],
    "Jellyfin, numbered": ["cover.png", "backdrop1.jpg", "logo.webp", "landscape.png"],
    "Emby": ["movie.jpg", "background.jpg", "logo.jpg", "thumb.png"],
    "Plex": ["default.jpg", "art.jpg", "clearlogo.png", "landscape.jpg"],
    "Plex, numbered": ["poster-1.jpg", "fanart-1.jpg", "logo.png", "thumb.jpg"],
    "Radarr": ["poster.jpg", "fanart.jpg", "clearlogo.png", "landscape.jpg"],
    "tinyMediaManager": ["poster.jpg", "extrafanart/fanart1.jpg", "clearlogo.png", "thumb.jpg", ".actors/Ada.jpg"],
    "old Kodi": ["movie.tbn", "fanart.jpg", "logo.png", "thumb.jpg"],
    "named like the video": [f"{VIDEO}.jpg", f"{VIDEO}-fanart.png", f"{VIDEO}-logo.png", f"{VIDEO}-thumb.jpg"],
    "in capitals": ["Poster.JPG", "FANART.JPG", "ClearLogo.png", "Landscape.jpg"],
}


def write(where, names) -> dict[str, bytes]:
    bodies = {}
    for number, name in enumerate(names):
        (where / name).parent.mkdir(parents=True, exist_ok=True)
        bodies[name] = picture(number, FORMS.get(name.rpartition(".")[2], "JPEG"))
        (where / name).write_bytes(bodies[name])
    return bodies


def pictures_in(where) -> dict[str, bytes]:
    kinds = {".jpg", ".png", ".webp", ".tbn"}
    return {str(p.relative_to(where)): p.read_bytes() for p in where.rglob("*") if p.suffix.lower() in kinds}


@pytest.mark.parametrize("names", FILMS.values(), ids=FILMS)
def test_a_films_pictures_are_taken_over(service, film, folder, names):
    match = film(VIDEO, tmdb_id=107)
    before = write(folder(match), names)

    drain.run_until_idle(threads=0)
    run_job("scanner.title", f"title:{match.title_id}")
    drain.run_until_idle(threads=0)

    assert pictures_in(folder(match)) == before
    assert service.pictures() == []
    shown = gallery.art_of(match.title)
    assert {"poster", "fanart", "logo", "landscape"} <= set(shown)
    assert all(one.own in before for one in shown.values())


SHOWS = {
    "Kodi": ["season01-poster.jpg", "season-specials-poster.jpg", "season-all-poster.jpg", "Season 01/a-thumb.jpg",
             "Specials/c-thumb.jpg"],
    "Sonarr": ["season01-poster.jpg", "season-specials-poster.jpg", "season01-banner.jpg", "Season 01/a-thumb.jpg",
               "Specials/c-thumb.jpg"],
    "Jellyfin": ["Season 01/poster.jpg", "Specials/folder.jpg", "Season 01/a.jpg", "Specials/c.jpg"],
    "Emby": ["Season 01/folder.jpg", "Specials/cover.png", "Season 01/metadata/a.jpg", "Specials/metadata/c.jpg"],
    "Plex": ["Season 01/Season01.jpg", "Specials/season-specials-poster.jpg", "Season 01/a.jpg", "Specials/c.jpg"],
    "old Kodi": ["season01.tbn", "season-specials.tbn", "Season 01/a.tbn", "Specials/c.tbn"],
    "tinyMediaManager": ["season01-poster.jpg", "season00-poster.jpg", "Season 01/a-thumb.jpg", "Specials/c-thumb.png",
                         "Season 01/.actors/Ada.jpg"],
}  # fmt: skip
TITLE = ["show.jpg", "fanart.jpg", "clearlogo.png", "landscape.jpg"]


@pytest.mark.parametrize("names", SHOWS.values(), ids=SHOWS)
def test_a_shows_pictures_are_taken_over(service, show, folder, names):
    match = show("The Night Post", {"Season 01/a.mkv": (1, [1]), "Specials/c.mkv": (0, [1])}, tmdb_id=201)
    before = write(folder(match), [*TITLE, *names])

    run_job("scanner.title", f"title:{match.title_id}")
    drain.run_until_idle(threads=0)

    assert pictures_in(folder(match)) == before
    assert service.pictures() == []
    assert set(gallery.season_posters(match.title)) == {0, 1}
    assert (set(gallery.stills(match.title, 1)), set(gallery.stills(match.title, 0))) == ({1}, {1})
    assert gallery.art_of(match.title)["poster"].own == "show.jpg"


def test_in_a_shared_folder_only_the_films_own_names_count(service, film, folder):
    match = film("shelf/1893 (2016)", tmdb_id=108, folder="shelf", stem="1893 (2016)")
    before = write(folder(match), ["poster.jpg", "1893 (2016)-fanart.jpg", "1893 (2016)-logo.png"])

    run_job("scanner.title", f"title:{match.title_id}")
    drain.run_until_idle(threads=0)

    assert pictures_in(folder(match)).items() >= before.items()
    assert sorted(path.rpartition("-")[2] for path in service.pictures()) == ["landscape.jpg", "poster.jpg"]


def test_a_picture_that_is_taken_away_makes_room_for_tmdbs(service, film, folder):
    match = film(VIDEO, tmdb_id=107)
    write(folder(match), ["folder.jpg"])
    run_job("scanner.title", f"title:{match.title_id}")
    run_job("scanner.artwork", f"title:{match.title_id}")
    (folder(match) / "folder.jpg").unlink()

    run_job("scanner.artwork", f"title:{match.title_id}")

    shown = gallery.art_of(match.title)["poster"]
    assert (shown.own, shown.width) == ("", 780)
    assert (folder(match) / "poster.jpg").exists()


def test_a_picture_that_cannot_be_read_is_told_once_and_kept(service, film, folder):
    match = film(VIDEO, tmdb_id=107)
    (folder(match) / "poster.jpg").write_bytes(b"<html>")
    run_job("scanner.title", f"title:{match.title_id}")

    jobs = [run_job("scanner.artwork", f"title:{match.title_id}") for _ in range(2)]

    assert {job.state for job in jobs} == {Job.State.DONE}
    assert (folder(match) / "poster.jpg").read_bytes() == b"<html>"
    assert "poster" not in gallery.art_of(match.title)
    assert Artwork.objects.get(role="poster").own == "poster.jpg"
