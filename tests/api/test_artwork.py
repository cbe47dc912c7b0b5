"""The pictures of a title, for programs: the actions of the Artwork page."""

from __future__ import annotations

import pytest
from django.utils import timezone

from jobs.errors import GiveUp, RetryLater
from jobs.models import Job
from journal.models import Event
from mediasync.api import artwork
from scanner import pictures
from scanner.demo import pictures as drawn
from scanner.models import ArtOffer, Artwork, Season
from tests.api.conftest import BASE
from tests.web.rows import make_match, make_show, make_title

pytestmark = pytest.mark.django_db
OFFER = {"path": "/abc.jpg", "language": "en", "width": 1000, "height": 1500, "score": 5.2, "votes": 12}


@pytest.fixture
def kiln(db):
    title = make_title("Kiln", tmdb_id=7)
    make_match(title)
    return title


def offer(title, **found) -> None:
    ArtOffer.objects.create(title=title, pictures=found or {"poster": [OFFER]}, asked_at=timezone.now())


def send(program, title, data: bytes, *, slot: str = "poster", kind: str = "image/jpeg"):
    return program.client.put(f"{BASE}/titles/{title.pk}/artwork/{slot}", data, content_type=kind)


def test_each_place_says_what_is_shown_and_whose_choice_it_is(reader, kiln):
    Artwork.objects.create(title=kiln, role="poster", shown="a" * 64, width=1000, height=1500, own="folder.jpg")
    Artwork.objects.create(title=kiln, role="fanart", shown="b" * 64, width=1280, height=720, choice="/x.jpg")

    told = reader.get(f"/titles/{kiln.pk}/artwork").json()

    rows = {row["slot"]: row for row in told["pictures"]}
    assert list(rows) == ["poster", "fanart", "logo", "landscape", "banner"]
    assert (rows["poster"]["own"], rows["poster"]["chosen"]) == ("folder.jpg", False)
    assert (rows["fanart"]["source"], rows["fanart"]["chosen"]) == ("/x.jpg", True)
    assert rows["fanart"]["shown"]["url"] == f"/artwork/{'b' * 64}-1280.webp"
    assert rows["logo"]["shown"] is None
    assert told["under_way"] is False


def test_a_show_has_a_poster_for_each_season(reader):
    show = make_show(owned=1)
    for number in (2, 0):
        Season.objects.create(title=show, number=number)

    rows = reader.get(f"/titles/{show.pk}/artwork").json()["pictures"]

    seasons = [(row["slot"], row["season"]) for row in rows if row["role"] == "season"]
    assert ("season-specials-poster", 0) in seasons
    assert ("season02-poster", 2) in seasons


def test_a_candidate_is_chosen_kept_and_fetched_next(program, kiln):
    offer(kiln)

    listed = program.get(f"/titles/{kiln.pk}/artwork/poster/candidates").json()
    answer = program.post(f"/titles/{kiln.pk}/artwork/poster/choose", {"source": "/abc.jpg"})

    assert (listed["asked"], listed["candidates"][0]["chosen"]) == (True, False)
    assert (answer.status_code, answer.json()["chosen"], answer.json()["source"]) == (202, True, "/abc.jpg")
    assert Artwork.objects.get().choice == "/abc.jpg"
    assert program.get(f"/titles/{kiln.pk}/artwork").json()["under_way"]
    assert program.get(f"/titles/{kiln.pk}/artwork/poster/candidates").json()["candidates"][0]["chosen"]
    assert Event.objects.filter(actor="Test (API key)", subject=f"scanner.title:{kiln.pk}").count() == 1


def test_what_was_not_offered_and_what_lies_there_already_is_not_replaced(program, kiln):
    offer(kiln, poster=[OFFER], fanart=[OFFER])
    Artwork.objects.create(title=kiln, role="fanart", own="fanart.jpg")

    other = program.post(f"/titles/{kiln.pk}/artwork/poster/choose", {"source": "/evil.jpg"})
    own = program.post(f"/titles/{kiln.pk}/artwork/fanart/choose", {"source": "/abc.jpg"})

    assert (other.status_code, own.status_code) == (409, 409)
    assert "fanart.jpg" in own.json()["detail"]
    assert not Artwork.objects.exclude(choice="").exists()


def test_before_tmdb_was_asked_there_is_nothing_to_choose(program, kiln):
    told = program.get(f"/titles/{kiln.pk}/artwork/poster/candidates").json()

    assert told == {"asked": False, "candidates": []}
    assert program.post(f"/titles/{kiln.pk}/artwork/poster/candidates").status_code == 409  # there is no key


@pytest.mark.parametrize(("failure", "status"), [(RetryLater(reason="tmdb rests"), 503), (GiveUp("nonsense"), 502)])
def test_a_service_that_does_not_answer_is_told(program, kiln, monkeypatch, failure, status):
    def fail(*_args):
        raise failure

    monkeypatch.setattr(artwork.choosing, "ask", fail)

    assert program.post(f"/titles/{kiln.pk}/artwork/poster/candidates").status_code == status


def test_an_own_picture_is_kept_and_given_back(program, kiln, artwork_dir):
    answer = send(program, kiln, drawn.poster("Kiln", year=2001, width=300), kind="image/png")
    kept = Artwork.objects.get().choice
    released = [program.post(f"/titles/{kiln.pk}/artwork/poster/release") for _time in range(2)]

    assert (answer.status_code, answer.json()["chosen"]) == (202, True)
    assert kept.startswith("upload:")
    assert [(one.status_code, one.json()["chosen"]) for one in released] == [(202, False)] * 2
    assert Artwork.objects.get().choice == ""
    assert Job.objects.filter(kind="scanner.artwork", key=f"title:{kiln.pk}").exists()


def test_what_is_no_picture_is_refused_with_a_sentence(program, kiln, artwork_dir):
    wrong = send(program, kiln, b"<html>")
    untyped = send(program, kiln, b"{}", kind="application/json")

    assert (wrong.status_code, untyped.status_code) == (422, 415)
    assert "JPEG, PNG or WebP" in wrong.json()["detail"]
    assert not Artwork.objects.exists()


def test_a_file_too_large_is_refused_and_one_larger_than_a_document_is_not(program, kiln, artwork_dir, monkeypatch):
    large = drawn.poster("Kiln", year=2001, width=300) + b"\0" * (3 << 20)

    assert send(program, kiln, large).status_code == 202
    monkeypatch.setattr(pictures, "MOST_BYTES", 1 << 20)
    refused = send(program, kiln, large)

    assert refused.status_code == 413
    assert "1 MiB" in refused.json()["detail"]


def test_a_place_that_a_title_does_not_have_is_none(program, kiln):
    assert program.get("/titles/4711/artwork").status_code == 404
    for slot in ("cover", "season01-poster", "..%2f"):
        assert program.post(f"/titles/{kiln.pk}/artwork/{slot}/release").status_code == 404, slot
