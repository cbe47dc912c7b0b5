"""A person's own choice of picture: kept through refreshes, rescans and the loss of the database."""

from __future__ import annotations

import io
import json
import os

import pytest
from PIL import Image

from jobs import drain
from jobs.models import Job, Priority
from journal.models import Event
from scanner import art, gallery
from scanner.art import Slot
from scanner.demo import pictures as drawn
from scanner.models import Artwork, Match, Title
from scanner.services import choosing, previews, thumbnails
from scanner.services.choosing import Refused
from tests.jobs_in_tests import run_job

POSTER = Slot(art.POSTER)
OTHER = "/f107-poster-b.jpg"
MINE = drawn.poster("My own poster", year=1999, width=400)


@pytest.fixture
def moss(service, film):
    """A film with its pictures."""
    match = film(tmdb_id=107)
    run_job("scanner.title", f"title:{match.title_id}")
    drain.run_until_idle(threads=0)
    service.forget()
    return Match.objects.select_related("title", "library").get(pk=match.pk)


def choose(match, path=OTHER, slot=POSTER) -> None:
    choosing.ask(match.title, slot.season)
    choosing.choose(match.title, slot, path, actor="eve")
    drain.run_until_idle(threads=0)
    match.refresh_from_db(from_queryset=Match.objects.select_related("title", "library"))


def document(folder, match) -> dict:
    return json.loads((folder(match) / "metadata.json").read_bytes())


def test_what_tmdb_offers_costs_one_request_a_day(service, moss):
    choosing.ask(moss.title)
    choosing.ask(moss.title)

    assert service.asked == ["/3/movie/107/images"]
    assert [offer.path for offer in choosing.choices(moss.title, POSTER)] == [
        "/f107-poster.jpg", OTHER, "/f107-poster-c.jpg"
    ]  # fmt: skip
    assert [offer.language for offer in choosing.choices(moss.title, Slot(art.LANDSCAPE))] == ["en"]


def test_a_choice_lies_beside_the_film_and_is_shown(service, moss, folder):
    before = (folder(moss) / "poster.jpg").read_bytes()

    choose(moss)

    assert (folder(moss) / "poster.jpg").read_bytes() != before
    assert moss.title.poster == Artwork.objects.get(role="poster").sha256
    assert document(folder, moss)["art"]["poster"]["locked"] is True
    assert document(folder, moss)["art"]["poster"]["file_tmdb_path"] == OTHER
    assert service.pictures() == [f"/t/p/w780{OTHER}"]


def test_a_choice_goes_before_everything(moss):
    choosing.ask(moss.title)
    choosing.choose(moss.title, POSTER, OTHER, actor="eve")

    jobs = Job.objects.filter(state="ready", kind__in=("scanner.artwork", "scanner.write"))
    assert set(jobs.values_list("priority", flat=True)) == {Priority.CRITICAL}
    assert Event.objects.filter(reason="eve chose the poster").exists()


def test_a_choice_survives_a_new_description(service, moss, folder):
    choose(moss)
    chosen = (folder(moss) / "poster.jpg").read_bytes()
    Title.objects.update(etag="", content_sha256="")

    run_job("scanner.title", f"title:{moss.title_id}")
    drain.run_until_idle(threads=0)

    assert (folder(moss) / "poster.jpg").read_bytes() == chosen


@pytest.mark.parametrize("first", ["artwork", "write"])
def test_a_choice_survives_the_loss_of_the_database(service, moss, folder, first):
    choose(moss)
    chosen = (folder(moss) / "poster.jpg").read_bytes()
    Match.objects.update(sidecars={}, written_at=None)
    Artwork.objects.all().delete()
    Title.objects.update(poster="")
    service.forget()

    key = {"artwork": f"title:{moss.title_id}", "write": f"match:{moss.pk}"}
    run_job(f"scanner.{first}", key[first])
    run_job("scanner.artwork", key["artwork"])
    run_job("scanner.write", key["write"])

    assert Artwork.objects.get(role="poster").choice == OTHER
    assert (folder(moss) / "poster.jpg").read_bytes() == chosen
    assert document(folder, moss)["art"]["poster"]["locked"] is True
    assert service.pictures() == []


def test_a_choice_that_is_released_makes_room_for_the_best_voted_one(service, moss, folder):
    before = (folder(moss) / "poster.jpg").read_bytes()
    choose(moss)

    assert choosing.release(moss.title, POSTER, actor="eve")
    drain.run_until_idle(threads=0)

    assert (folder(moss) / "poster.jpg").read_bytes() == before
    assert "locked" not in document(folder, moss)["art"]["poster"]
    assert not choosing.release(moss.title, POSTER, actor="eve")


def test_only_what_was_offered_can_be_chosen(service, moss):
    choosing.ask(moss.title)

    for path in ("/f108-poster.jpg", "https://example.org/x.jpg", "/../../etc/passwd", ""):
        with pytest.raises(Refused):
            choosing.choose(moss.title, POSTER, path, actor="eve")


def test_a_persons_own_file_is_never_replaced_by_a_choice(service, moss, folder):
    (folder(moss) / "folder.jpg").write_bytes(MINE)
    run_job("scanner.artwork", f"title:{moss.title_id}")
    choosing.ask(moss.title)

    with pytest.raises(Refused, match=r"folder\.jpg lies beside the media"):
        choosing.choose(moss.title, POSTER, OTHER, actor="eve")
    with pytest.raises(Refused, match=r"folder\.jpg lies beside the media"):
        choosing.upload(moss.title, POSTER, MINE, actor="eve")


def test_a_season_has_a_choice_of_its_own(service, show, folder):
    match = show("The Night Post", {"Season 01/a.mkv": (1, [1])}, tmdb_id=201)
    run_job("scanner.title", f"title:{match.title_id}")
    drain.run_until_idle(threads=0)
    season = Slot(art.SEASON, 1)
    service.forget()

    choose(match, "/s201-season1-b.jpg", season)

    assert service.asked == ["/3/tv/201/season/1/images", "/t/p/w780/s201-season1-b.jpg"]
    assert document(folder, match)["art"]["season01-poster"]["locked"] is True
    assert gallery.season_posters(match.title)[1].locked


def test_an_upload_is_made_anew_and_put_beside_the_film(service, moss, folder):
    marked = io.BytesIO()
    with Image.open(io.BytesIO(MINE)) as image:
        exif = image.getexif()
        exif[0x010E] = "where I live"
        image.save(marked, "JPEG", exif=exif)

    choosing.upload(moss.title, POSTER, marked.getvalue(), actor="eve")
    drain.run_until_idle(threads=0)

    body = (folder(moss) / "poster.jpg").read_bytes()
    assert Image.open(io.BytesIO(body)).size == (400, 600)
    assert b"where I live" not in body
    assert gallery.art_of(moss.title)["poster"].locked
    assert service.asked == []


def test_an_upload_survives_the_upkeep_and_comes_back_when_its_file_is_deleted(service, moss, folder, settings):
    choosing.upload(moss.title, POSTER, MINE, actor="eve")
    for path in settings.ARTWORK_DIR.rglob("*-*"):
        os.utime(path, (1, 1))

    thumbnails.forget_unused()
    drain.run_until_idle(threads=0)
    body = (folder(moss) / "poster.jpg").read_bytes()
    (folder(moss) / "poster.jpg").unlink()
    run_job("scanner.artwork", f"title:{moss.title_id}")

    assert (folder(moss) / "poster.jpg").read_bytes() == body
    assert service.asked == []


def test_an_upload_that_is_released_goes_even_where_tmdb_has_nothing_better(service, film, folder):
    match = film("An Incomplete History of Soup", tmdb_id=120)
    run_job("scanner.title", f"title:{match.title_id}")
    drain.run_until_idle(threads=0)
    choosing.upload(match.title, POSTER, MINE, actor="eve")
    drain.run_until_idle(threads=0)
    assert (folder(match) / "poster.jpg").exists()

    choosing.release(match.title, POSTER, actor="eve")
    drain.run_until_idle(threads=0)

    assert not (folder(match) / "poster.jpg").exists()
    assert gallery.art_of(match.title) == {}
    assert Title.objects.get(pk=match.title_id).poster == ""


def encoded(form) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (8, 8)).save(out, form)
    return out.getvalue()


BAD = {
    "HTML": b"<html><script>alert(1)</script>",
    "SVG": b'<svg xmlns="http://www.w3.org/2000/svg"/>',
    "half a JPEG": MINE[:3_000],
    "GIF": encoded("GIF"),
    "nothing": b"",
    "a program": b"MZ" + b"\0" * 500,
}


@pytest.mark.parametrize("body", BAD.values(), ids=BAD)
def test_an_upload_that_is_no_picture_is_refused_with_a_sentence(service, moss, body):
    with pytest.raises(Refused, match="JPEG, PNG or WebP"):
        choosing.upload(moss.title, POSTER, body, actor="eve")

    assert Artwork.objects.get(role="poster").choice == ""


def test_an_upload_that_is_too_large_is_refused(moss):
    with pytest.raises(Refused, match="larger than 20 MiB"):
        choosing.upload(moss.title, POSTER, b"\xff\xd8" + b"\0" * (20 << 20), actor="eve")


def test_a_preview_is_fetched_once_and_only_of_what_was_offered(service, moss):
    choosing.ask(moss.title)
    service.forget()

    bodies = [previews.preview(moss.title, OTHER) for _ in range(2)]

    assert Image.open(io.BytesIO(bodies[0])).format == "WEBP"
    assert bodies[0] == bodies[1]
    assert service.asked == [f"/t/p/w185{OTHER}"]
    assert previews.preview(moss.title, "/f108-poster.jpg") is None


def test_a_choice_in_a_document_that_names_no_picture_of_ours_is_left_out(service, moss, folder):
    choose(moss)
    for path in ("/../../../etc/passwd", "upload:../../secret", "https://example.org/x.jpg"):
        said = document(folder, moss)
        said["art"]["poster"] |= {"tmdb_path": path, "locked": True}
        (folder(moss) / "metadata.json").write_text(json.dumps(said))
        Match.objects.update(sidecars={})
        Artwork.objects.all().delete()

        run_job("scanner.artwork", f"title:{moss.title_id}")

        assert not Artwork.objects.exclude(choice="").exists()
