"""Pictures: fetched once, placed at every match, shown from thumbnails, never over somebody's own."""

from __future__ import annotations

import dataclasses
import json
import os
from types import SimpleNamespace

import pytest
from PIL import Image

from jobs.models import Job
from journal.models import Event
from scanner.demo import pictures as drawn
from scanner.models import Artwork, Library, Match, Title
from scanner.services import artwork, thumbnails
from tests.factories import make_library
from tests.jobs_in_tests import run_job

OWN = drawn.poster("My own poster", year=1999, width=400)


@pytest.fixture
def moss(service, film):
    """A described film whose pictures have not been fetched; nothing asked so far."""
    match = film(tmdb_id=107)
    run_job("scanner.title", f"title:{match.title_id}")
    service.forget()
    return match


def fetch(match, **options) -> Job:
    job = run_job("scanner.artwork", f"title:{match.title_id}", **options)
    match.refresh_from_db(from_queryset=Match.objects.select_related("title"))
    return job


def thumbnail(settings, sha, width) -> Image.Image:
    with Image.open(settings.ARTWORK_DIR / sha[:2] / f"{sha}-{width}.webp") as image:
        image.load()
        return image


def size(path) -> tuple[int, int]:
    with Image.open(path) as image:
        return image.size


def test_all_pictures_lie_beside_the_film(service, moss, folder):
    fetch(moss)

    assert size(folder(moss) / "poster.jpg") == (780, 1170)
    assert size(folder(moss) / "fanart.jpg") == (1280, 720)
    assert size(folder(moss) / "clearlogo.png")[0] == 500
    assert size(folder(moss) / "landscape.jpg") == (1280, 720)
    assert service.pictures() == [
        "/t/p/w780/f107-poster.jpg",
        "/t/p/w1280/f107-backdrop.jpg",
        "/t/p/w500/f107-logo.png",
        "/t/p/w1280/f107-landscape.jpg",
    ]
    assert set(Artwork.objects.values_list("role", "source_path")) == {
        ("poster", "/f107-poster.jpg"),
        ("fanart", "/f107-backdrop.jpg"),
        ("logo", "/f107-logo.png"),
        ("landscape", "/f107-landscape.jpg"),
    }


def test_the_web_shows_thumbnails(moss, settings):
    fetch(moss)

    assert thumbnail(settings, moss.title.poster, 185).size == (185, 278)
    assert thumbnail(settings, moss.title.poster, 342).format == "WEBP"


def test_a_second_run_asks_for_nothing(service, moss):
    fetch(moss)
    service.forget()

    fetch(moss)

    assert service.asked == []


def test_a_shared_folder_has_the_videos_name_in_front(service, film, folder):
    match = film("shelf/1893 (2016)", tmdb_id=108, folder="shelf", stem="1893 (2016)")
    run_job("scanner.title", f"title:{match.title_id}")

    fetch(match)

    assert (folder(match) / "1893 (2016)-poster.jpg").exists()
    assert (folder(match) / "1893 (2016)-fanart.jpg").exists()


def test_every_match_gets_the_picture_of_one_download(service, moss, film, tmp_path):
    fetch(moss)
    (tmp_path / "uhd").mkdir()
    film("Moss (2019)", title=moss.title, where=make_library(tmp_path / "uhd"))
    service.forget()

    fetch(moss)

    assert service.asked == []
    assert (tmp_path / "uhd/Moss (2019)/poster.jpg").read_bytes() == (
        tmp_path / "films/Moss (2019)/poster.jpg"
    ).read_bytes()


@pytest.mark.parametrize("name", ["poster.jpg", "folder.jpg", "cover.png"])
def test_a_persons_own_poster_stays_and_is_shown(service, moss, folder, settings, name):
    (folder(moss) / name).write_bytes(OWN)

    fetch(moss)

    assert (folder(moss) / name).read_bytes() == OWN
    assert [path.name for path in folder(moss).glob("poster.*")] == (["poster.jpg"] if name == "poster.jpg" else [])
    assert "/t/p/w780/f107-poster.jpg" not in service.asked
    assert thumbnail(settings, moss.title.poster, 185).size == (185, 278)


def test_a_new_picture_replaces_ours(service, moss, folder):
    fetch(moss)
    before = (folder(moss) / "poster.jpg").read_bytes()
    Title.objects.update(
        details=moss.title.details | {"art": {"poster": {"tmdb_path": "/f108-poster.jpg", "size": "w780"}}}
    )

    fetch(moss)

    assert (folder(moss) / "poster.jpg").read_bytes() != before


def test_a_picture_that_was_deleted_comes_back(service, moss, folder):
    fetch(moss)
    (folder(moss) / "poster.jpg").unlink()

    fetch(moss)

    assert (folder(moss) / "poster.jpg").exists()


def test_after_the_database_was_lost_our_pictures_are_ours_and_not_fetched_again(service, moss, folder):
    fetch(moss)
    run_job("scanner.write", f"match:{moss.pk}")
    Match.objects.update(sidecars={})
    Artwork.objects.all().delete()
    Title.objects.update(poster="")
    service.forget()

    fetch(moss)

    assert service.asked == []
    assert moss.title.poster


def test_metadata_json_names_our_pictures(service, moss, folder):
    fetch(moss)
    assert Job.objects.filter(kind="scanner.write", key=f"match:{moss.pk}", state="ready").exists()

    run_job("scanner.write", f"match:{moss.pk}")

    art = json.loads((folder(moss) / "metadata.json").read_bytes())["art"]
    assert (art["poster"]["file"], art["poster"]["tmdb_path"]) == ("poster.jpg", "/f107-poster.jpg")
    assert art["poster"]["sha256"] == moss.sidecars["poster.jpg"]["sha256"]


def test_a_picture_that_is_far_too_large_is_never_kept(service, moss, folder):
    service.fail("logo", body=b"\x89PNG\r\n\x1a\n" + b"\0" * (21 << 20), content_type="image/png")

    job = fetch(moss)

    assert job.state != Job.State.DONE
    assert not (folder(moss) / "clearlogo.png").exists()
    assert (folder(moss) / "landscape.jpg").exists()  # one that is none keeps no other back


BAD = {
    "HTML that says it is a JPEG": b"<html>Just a moment...</html>",
    "half a JPEG": drawn.poster("Half", year=2000)[:5_000],
    "nothing": b"",
}


@pytest.mark.parametrize("body", BAD.values(), ids=BAD)
def test_what_is_no_picture_is_never_put_beside_the_film(service, moss, folder, body):
    service.fail("poster", body=body, content_type="image/jpeg")

    job = fetch(moss)

    assert job.state != Job.State.DONE
    assert not (folder(moss) / "poster.jpg").exists()
    assert moss.title.poster == ""


def test_a_picture_that_tmdb_has_lost_is_told_and_not_asked_for_again(service, moss, folder):
    service.fail("poster", status=404, body={})

    job = fetch(moss)
    service.forget()
    fetch(moss)

    assert job.state == Job.State.DONE
    assert service.asked == []
    assert (folder(moss) / "fanart.jpg").exists()
    assert Event.objects.filter(reason__contains="no picture").exists()


def test_an_image_host_in_trouble_keeps_what_was_reached(service, moss, folder):
    service.fail("backdrop", status=503)

    job = fetch(moss)

    assert job.state == Job.State.READY
    assert (folder(moss) / "poster.jpg").exists()
    assert moss.title.poster
    assert Artwork.objects.exclude(sha256="").get().role == "poster"


@pytest.mark.parametrize(("sidecars", "beside"), [("off", False), ("artwork", True)])
def test_a_library_may_do_without_pictures_and_the_web_shows_them_all_the_same(service, moss, folder, sidecars, beside):
    Library.objects.update(sidecars=sidecars)

    fetch(moss)

    assert (folder(moss) / "poster.jpg").exists() is beside
    assert moss.title.poster


def test_a_title_without_tmdb_shows_the_picture_beside_it(no_key, film, folder, settings):
    match = film("Home video")
    run_job("scanner.title", f"title:{match.title_id}")
    (folder(match) / "folder.jpg").write_bytes(OWN)

    fetch(match)

    assert no_key.asked == []
    assert thumbnail(settings, match.title.poster, 342).size[0] == 342


def test_a_broken_picture_beside_a_film_is_told(no_key, film, folder):
    match = film("Home video")
    (folder(match) / "poster.jpg").write_bytes(b"<html>")

    job = fetch(match)

    assert job.state == Job.State.DONE
    assert Event.objects.filter(reason__contains="poster.jpg beside the media cannot be shown").exists()


def test_a_title_that_goes_while_its_pictures_are_fetched_is_no_error(service, moss, monkeypatch):
    bring = artwork._bring

    def bring_and_forget(visit, slot):
        bring(visit, slot)
        Match.objects.all().delete()
        Title.objects.all().delete()

    monkeypatch.setattr(artwork, "_bring", bring_and_forget)

    job = run_job("scanner.artwork", f"title:{moss.title_id}")

    assert (job.state, Artwork.objects.count()) == ("done", 0)


def test_a_title_without_pictures_has_none(service, film):
    match = film("An Incomplete History of Soup", tmdb_id=120)
    run_job("scanner.title", f"title:{match.title_id}")
    service.forget()

    assert fetch(match).state == Job.State.DONE
    assert service.asked == []


def test_a_poster_that_was_shown_is_no_larger_than_a_page_can_bear(moss, settings):
    fetch(moss)

    sizes = {path.name[-8:-5]: path.stat().st_size for path in settings.ARTWORK_DIR.rglob("*.webp")}
    assert sizes["185"] <= 20_000
    assert sizes["342"] <= 45_000


def test_the_demos_titles_have_pictures_from_the_demos_service(service, film, folder, settings):
    settings.TMDB = dataclasses.replace(settings.TMDB, demo=True)
    Library.objects.update(demo=True)
    match = film(tmdb_id=107)
    run_job("scanner.title", f"title:{match.title_id}")

    fetch(match)

    assert (folder(match) / "poster.jpg").exists()
    assert match.title.poster


def test_thumbnails_that_nobody_shows_are_forgotten_after_a_day(moss, settings):
    fetch(moss)
    old = settings.ARTWORK_DIR / "aa" / f"{'a' * 64}-185.webp"
    young = settings.ARTWORK_DIR / "bb" / f"{'b' * 64}-185.webp"
    for path in (old, young):
        path.parent.mkdir()
        path.write_bytes(b"x")
    for path in settings.ARTWORK_DIR.rglob("*.webp"):
        if path != young:
            os.utime(path, (1, 1))

    assert thumbnails.forget_unused() == 1
    assert (old.exists(), young.exists()) == (False, True)
    assert thumbnails.are_there(moss.title.poster)


@pytest.mark.parametrize(
    ("flag", "blocks", "state"), [(os.ST_RDONLY, 9_999, "done"), (0, 3, "ready")], ids=["read-only", "full"]
)
def test_where_nothing_can_be_placed_pictures_are_fetched_once_for_the_web(
    service, moss, monkeypatch, flag, blocks, state
):
    told = SimpleNamespace(f_flag=flag, f_bavail=blocks, f_blocks=9_999, f_frsize=4_096)
    monkeypatch.setattr(os, "statvfs", lambda _folder: told)

    jobs = [fetch(moss), fetch(moss)]

    assert [job.state for job in jobs] == [state, state]
    assert sorted(path.rpartition("-")[2] for path in service.pictures()) == [
        "backdrop.jpg",
        "landscape.jpg",
        "logo.png",
        "poster.jpg",
    ]
    assert moss.title.poster
    assert Library.objects.get().problem.startswith("Files beside the media cannot be written")
    assert Event.objects.filter(reason__startswith="Files beside the media cannot be written").count() == 1


def test_a_data_directory_that_is_full_is_waited_for(moss, settings, tmp_path):
    (tmp_path / "blocked").write_text("a file where the folder should be")
    settings.ARTWORK_DIR = tmp_path / "blocked"

    job = fetch(moss)

    assert (job.state, job.attempts) == (Job.State.READY, 0)
    assert "data directory cannot be written to" in job.last_error
