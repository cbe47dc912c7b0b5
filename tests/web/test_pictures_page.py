"""The page of a title's pictures: what is shown and why, and a person's own choice."""

from __future__ import annotations

import dataclasses

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from jobs.models import Job
from scanner.demo import pictures as drawn
from scanner.models import ArtOffer, Artwork, Season
from scanner.views.title import address_of
from tests.web.rows import make_match, make_show, make_title

OFFER = {"path": "/abc.jpg", "language": "en", "width": 1000, "height": 1500, "score": 5.2, "votes": 12}


def offer(title, **pictures) -> None:
    ArtOffer.objects.create(title=title, pictures=pictures or {"poster": [OFFER]}, asked_at=timezone.now())


@pytest.fixture
def kiln(db):
    title = make_title("Kiln", tmdb_id=7)
    make_match(title)
    return title


def page(visit, title, **query) -> str:
    return visit.get(f"/library/{title.pk}-kiln/artwork/", query).content.decode()


def test_each_picture_says_why_it_is_shown(visit, kiln):
    Artwork.objects.create(title=kiln, role="poster", shown="a" * 64, width=1000, height=1500, own="folder<b>.jpg")
    Artwork.objects.create(title=kiln, role="fanart", shown="b" * 64, width=1280, height=720, choice="/x.jpg")
    Artwork.objects.create(title=kiln, role="logo", shown="c" * 64, width=500, height=120)

    html = page(visit, kiln)

    assert "folder&lt;b&gt;.jpg" in html
    assert "Chosen by hand" in html
    assert "The best voted one at TMDB" in html
    assert "TMDB has no banners" in html
    assert f'src="/artwork/{"b" * 64}-780.webp" alt="" width="780" height="439"' in html


@pytest.mark.repeats
def test_the_page_takes_few_queries_however_many_seasons_there_are(visit, django_assert_max_num_queries):
    title = make_show(owned=2)
    for number in range(2, 30):
        Season.objects.create(title=title, number=number)
        Artwork.objects.create(title=title, role="season", season=number, shown="a" * 64, width=780, height=1170)

    where = f"/library/{title.pk}-{address_of(title)}/artwork/"
    with django_assert_max_num_queries(5 + 6):
        html = visit.get(where, {"slot": "season12-poster"}).content.decode()

    assert "Choose: Season 12" in html


def test_offers_are_shown_from_our_own_address(visit, kiln):
    offer(kiln)

    html = page(visit, kiln, slot="poster")

    assert f'<img src="/library/{kiln.pk}/artwork/preview/abc.jpg" alt="" width="1000" height="1500"' in html
    assert "image.tmdb.org" not in html


def test_a_choice_is_kept_and_queued(visit, kiln):
    offer(kiln)

    answer = visit.post(f"/library/{kiln.pk}/artwork/choose/", {"slot": "poster", "source": "/abc.jpg"}, follow=True)

    assert "Your choice is kept" in answer.content.decode()
    assert Artwork.objects.get().choice == "/abc.jpg"
    assert Job.objects.get(kind="scanner.artwork").key == f"title:{kiln.pk}"
    assert 'hx-trigger="every 2s"' in page(visit, kiln)


def test_what_was_not_offered_is_refused_with_a_sentence(visit, kiln):
    offer(kiln)

    answer = visit.post(f"/library/{kiln.pk}/artwork/choose/", {"slot": "poster", "source": "/evil.jpg"}, follow=True)

    assert "not among those that TMDB offers" in answer.content.decode()
    assert not Artwork.objects.exists()


def test_an_upload_of_a_wrong_type_is_refused_with_a_sentence(visit, kiln, artwork_dir):
    sent = SimpleUploadedFile("poster.jpg", b"<html>", content_type="image/jpeg")

    answer = visit.post(f"/library/{kiln.pk}/artwork/upload/", {"slot": "poster", "picture": sent}, follow=True)
    empty = visit.post(f"/library/{kiln.pk}/artwork/upload/", {"slot": "poster"}, follow=True)

    assert "has to be a JPEG, PNG or WebP" in answer.content.decode()
    assert "Choose a file first" in empty.content.decode()
    assert not Artwork.objects.exists()


def test_an_upload_is_kept(visit, kiln, artwork_dir):
    sent = SimpleUploadedFile("x.exe", drawn.poster("Kiln", year=2001, width=300), content_type="image/jpeg")

    visit.post(f"/library/{kiln.pk}/artwork/upload/", {"slot": "poster", "picture": sent})

    assert Artwork.objects.get().choice.startswith("upload:")


def test_an_uploaded_picture_is_asked_about_before_it_is_removed(visit, kiln, artwork_dir):
    Artwork.objects.create(title=kiln, role="poster", choice="upload:abc")
    address = f"/library/{kiln.pk}/artwork/release/"

    asked = visit.get(f"{address}?slot=poster").content.decode()

    assert f'href="{address}?slot=poster"' in page(visit, kiln)
    assert "The picture that was uploaded is removed" in asked
    assert '<input type="hidden" name="slot" value="poster">' in asked
    assert Artwork.objects.get().choice == "upload:abc"


def test_a_choice_is_given_back(visit, kiln):
    Artwork.objects.create(title=kiln, role="poster", choice="/abc.jpg")

    for _ in range(2):  # a double click
        visit.post(f"/library/{kiln.pk}/artwork/release/", {"slot": "poster"})

    assert Artwork.objects.get().choice == ""


def test_without_a_key_tmdb_is_not_asked_and_the_page_says_so(visit, kiln, settings):
    settings.TMDB = dataclasses.replace(settings.TMDB, api_key="")

    answer = visit.post(f"/library/{kiln.pk}/artwork/ask/", {"slot": "poster"}, follow=True)

    assert "TMDB cannot be asked about this title" in answer.content.decode()


@pytest.mark.parametrize("slot", ["", "still", "collection", "season99-poster", "../x"])
def test_a_slot_that_does_not_exist_is_not_found(visit, kiln, slot):
    assert visit.post(f"/library/{kiln.pk}/artwork/choose/", {"slot": slot, "source": "/a.jpg"}).status_code == 404
    assert visit.get(f"/library/{kiln.pk}-kiln/artwork/", {"slot": slot}).status_code == 200


def test_a_preview_of_anything_else_is_not_found(visit, kiln):
    offer(kiln)

    for name in ("evil.jpg", "..%2f..%2fetc%2fpasswd", "abc.svg"):
        assert visit.get(f"/library/{kiln.pk}/artwork/preview/{name}").status_code == 404


def test_what_is_polled_is_not_sent_again_while_it_is_the_same(visit, kiln):
    first = visit.get(f"/library/{kiln.pk}/artwork/now/")
    revision = first.content.decode().split('data-live="')[1].split('"')[0]

    assert visit.get(f"/library/{kiln.pk}/artwork/now/", headers={"If-None-Match": revision}).status_code == 304
    assert "hx-trigger" not in first.content.decode()


def test_nobody_sees_it_without_signing_in(client, kiln):
    for path in ("-kiln/artwork/", "/artwork/now/", "/artwork/preview/abc.jpg"):
        assert client.get(f"/library/{kiln.pk}{path}").status_code == 302
