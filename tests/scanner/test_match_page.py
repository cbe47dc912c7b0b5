"""The page of one match: search with preview, a pick that holds, and a service that does not answer."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.utils import timezone

from jobs import drain
from outbound import sources
from outbound.models import Source
from scanner.models import Match
from scanner.services import lookup
from tests.factories import make_file, make_match, put, scan

pytestmark = [pytest.mark.django_db, pytest.mark.repeats]
HTMX = {"HX-Request": "true", "HX-Request-Type": "partial"}


@pytest.fixture(autouse=True)
def _static(settings):
    Path(settings.STATIC_ROOT).mkdir(parents=True, exist_ok=True)  # else WhiteNoise warns


@pytest.fixture
def match(service, library):
    return make_match(library, "IMG_2031", state="unmatched")


def found(client, match, **asked):
    answer = client.get(f"/matches/{match.pk}/search/", asked, headers=HTMX)
    assert answer.status_code == 200
    return answer.context["found"]


def names(offers):
    return [(offer.value, offer.name) for offer in offers]


@pytest.mark.parametrize(
    ("asked", "value"),
    [
        ({"words": "Moss"}, "movie:107"),
        ({"words": "moss", "year": "2019"}, "movie:107"),
        ({"words": "https://www.themoviedb.org/movie/107-moss"}, "movie:107"),
        ({"words": "tmdb:107"}, "movie:107"),
        ({"words": "107"}, "movie:107"),
        ({"words": "The Night Post", "as": "show"}, "show:201"),
        ({"words": "1893"}, "movie:108"),
    ],
)
def test_a_title_is_found_by_words_by_id_and_by_address(admin_client, match, asked, value):
    assert value in [offer.value for offer in found(admin_client, match, **asked).offers]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("tt0133093", ("imdb", "tt0133093", "")),
        ("https://www.imdb.com/title/tt0133093/?ref_=x", ("imdb", "tt0133093", "")),
        ("https://www.imdb.com/de/title/tt0133093/", ("imdb", "tt0133093", "")),
        ("tvdb:81189", ("tvdb", "81189", "")),
        ("https://thetvdb.com/?tab=series&id=81189", ("tvdb", "81189", "")),
        ("https://www.thetvdb.com/dereferrer/series/81189", ("tvdb", "81189", "")),
        ("https://www.themoviedb.org/tv/1399-x?language=de", ("tmdb", "1399", "show")),
        ("603", ("tmdb", "603", "")),
        ("Kiln", None),
        ("https://thetvdb.com/series/breaking-bad", None),
        ("99999999999999999999", None),
        ("٣", None),
        ("", None),
    ],
)
def test_ids_and_addresses_are_told_from_words(text, said):
    named = lookup.typed(text)

    assert (named and (named.source, named.value, named.kind)) == said


def test_an_id_of_another_service_leads_to_the_title(admin_client, match, service):
    film = service.films[107]
    imdb = getattr(film, "imdb", "") or f"tt{9_000_000 + 107}"

    offers = found(admin_client, match, words=imdb)

    assert offers.problem or [offer.id for offer in offers.offers] == [107]


def test_what_nobody_knows_is_said_to_be_unknown(admin_client, match):
    assert "knows no such title" in found(admin_client, match, words="movie/999999").problem
    assert not found(admin_client, match, words="Zzzz Qqqq").offers


def test_without_a_key_an_id_can_be_typed_all_the_same(admin_client, no_key, library):
    match = make_match(library, "IMG_2031", state="unmatched")

    words, number = found(admin_client, match, words="Moss"), found(admin_client, match, words="107")

    assert "There is no TMDB key" in words.problem
    assert "by its TMDB id" in words.problem
    assert names(number.offers) == [("movie:107", "TMDB 107")]
    assert no_key.asked == []


def open_circuit():
    sources.declare_all()
    until = timezone.now() + timezone.timedelta(seconds=50)
    Source.objects.filter(pk="tmdb").update(circuit="open", failures=5, opened_times=1, open_until=until)


def test_an_open_circuit_is_told_and_nothing_is_sent(admin_client, match, service):
    open_circuit()

    said = found(admin_client, match, words="Moss")

    assert "cannot be asked at the moment" in said.problem
    assert "tmdb waits" in said.detail
    assert service.asked == []


def test_a_service_that_hangs_is_given_up_in_time(admin_client, match, service, monkeypatch):
    monkeypatch.setattr(lookup, "SECONDS", 0.3)
    service.fail("/search/", delay=2)

    assert "did not answer in time" in found(admin_client, match, words="Moss").detail


@pytest.mark.parametrize("status", [401, 403, 404, 429, 500, 503])
def test_whatever_the_service_answers_the_page_is_shown(admin_client, match, service, status):
    service.fail("/", status=status, retry_after="3600")

    assert admin_client.get(f"/matches/{match.pk}/", {"words": "Moss", "look": "movie:107"}).status_code == 200


@pytest.mark.parametrize(
    "asked",
    [
        "words=%00",
        "words=" + "x" * 5000,
        "as=cat&year=abc&words=a",
        "year=99999999999&words=a",
        "look=movie:0",
        "look=::",
    ],
)
def test_a_wrong_address_shows_the_page(admin_client, match, asked):
    assert admin_client.get(f"/matches/{match.pk}/?{asked}").status_code == 200


def test_a_preview_says_which_files_become_what(admin_client, service, library):
    match = make_match(library, "Post", kind="show", state="unmatched", sidecars={"a.nfo": {"foreign": True}})
    make_file(library, "Post/1.mkv", match=match, season=1, episode_numbers=[1])
    make_file(library, "Post/2.mkv", match=match, season=1, episode_numbers=[99])
    make_file(library, "Post/3.mkv", match=match, season=None, episode_numbers=[7])
    make_file(library, "Post/4.mkv", match=match, season=9, episode_numbers=[1])

    shown = admin_client.get(f"/matches/{match.pk}/?look=show:201").context["preview"]

    assert shown.offer.name == "The Night Post"
    assert shown.seasons
    assert shown.maps[0].startswith("Season 1: 1 file, of ")
    assert "running number" in shown.maps[1]
    assert shown.strays == ["Post/2.mkv", "Post/4.mkv"]
    assert "a.nfo" in shown.beside[-1]


def test_a_preview_while_the_service_rests_says_so(admin_client, match):
    open_circuit()

    html = admin_client.get(f"/matches/{match.pk}/?look=movie:107").content.decode()

    assert "cannot be asked at the moment" in html
    assert "Pick this" in html


def test_an_id_that_nobody_has_is_refused_and_nothing_changes(admin_client, match):
    answer = admin_client.post(f"/matches/{match.pk}/do/", {"do": "movie:999999"})

    match.refresh_from_db()
    assert answer.status_code == 422
    assert "TMDB knows no movie with the id 999999." in answer.content.decode()
    assert match.state == "unmatched"


def test_a_title_picked_by_id_is_called_as_tmdb_calls_it_at_once(admin_client, match):
    answer = admin_client.post(f"/matches/{match.pk}/do/", {"do": "movie:107", "back": "match"}, follow=True)

    assert "Picked: Moss (2019)." in answer.content.decode()
    assert "Undo" in answer.content.decode()


def test_a_pick_on_the_page_holds_through_a_rescan(admin_client, service, library, tmp_path):
    put(tmp_path / "films", "IMG_2031/IMG_2031.mkv")
    scan(library)
    drain.run_until_idle(threads=0)
    match = Match.objects.get()

    admin_client.post(f"/matches/{match.pk}/do/", {"do": "movie:107"})
    drain.run_until_idle(threads=0)
    scan(library, mode="full")
    drain.run_until_idle(threads=0)

    kept = Match.objects.select_related("title").get()
    assert (kept.title.tmdb_id, kept.locked, kept.by) == (107, True, "hand")


def test_it_is_taken_back_on_the_page(admin_client, match):
    admin_client.post(f"/matches/{match.pk}/do/", {"do": "movie:107"})
    page = admin_client.get(f"/matches/{match.pk}/")
    event = page.context["last"]

    first = admin_client.post(f"/matches/{match.pk}/undo/{event.pk}/", {"back": "match"}, follow=True)
    again = admin_client.post(f"/matches/{match.pk}/undo/{event.pk}/", {"back": "match"}, follow=True)

    match.refresh_from_db()
    assert match.state == "unmatched"
    assert "Taken back" in first.content.decode()
    assert "has moved on" in again.content.decode()
