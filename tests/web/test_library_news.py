"""What the Library page tells while it is open, and its notice about the key."""

from __future__ import annotations

import datetime

import pytest
from django.utils import timezone

from outbound.models import Source
from tests.factories import make_match
from tests.web.rows import make_job, make_library, make_movie

PARTIAL = {"HX-Request": "true", "HX-Request-Type": "partial"}


def ago(**span) -> datetime.datetime:
    return timezone.now() - datetime.timedelta(**span)


def news(visit, since: datetime.datetime, **headers):
    given = {"since": int(since.timestamp())} | ({"room": "1"} if headers.pop("room", False) else {})
    return visit.get("/library/news/", given, headers={**PARTIAL, **headers})


@pytest.mark.parametrize("address", ["", "http://[", "no address"])
def test_an_address_that_is_none_leads_to_the_whole_list(visit, address):
    make_movie("Kiln")

    answer = news(visit, ago(hours=1), **{"HX-Current-URL": address})

    assert answer.status_code == 200
    assert "1 title is new" in answer.content.decode()


def test_an_idle_library_is_not_polled(visit):
    make_library()
    make_movie("Kiln")
    make_job(state="failed")

    assert "/library/news/" not in visit.get("/library/").content.decode()


@pytest.mark.parametrize("kind", ["scanner.walk", "scanner.match", "scanner.title", "scanner.artwork"])
def test_while_something_is_read_the_page_asks_what_is_new(visit, kind):
    make_library()
    make_job(kind=kind)

    html = visit.get("/library/").content.decode()
    make_movie("Kiln")

    assert 'hx-get="/library/news/?since=' in html
    assert "&amp;room=1" in html
    assert "&amp;room=1" not in visit.get("/library/?q=kiln").content.decode()
    assert "Titles appear here by themselves" in html


def test_it_says_how_many_are_left_and_what_came_since(visit, django_assert_max_num_queries):
    make_movie("Old", created_at=ago(days=3))
    make_movie("New")
    for number in range(3):
        make_job(f"title:{number}")
    make_job("title:8", state="done", ended_at=ago(seconds=5))
    make_job("title:9", state="done", ended_at=ago(hours=2))

    with django_assert_max_num_queries(2 + 3):  # session and user besides
        answer = news(visit, ago(hours=1), **{"HX-Current-URL": "http://home/library/?type=movie&page=2"})

    html = answer.content.decode()
    assert "3 titles are still to be described" in html
    assert "1 title is new or has changed since you opened this page" in html
    assert '<progress max="4" value="1"' in html
    assert 'href="/library/?type=movie&amp;page=2"' in html
    assert 'hx-trigger="every 2s"' in html
    assert len(html) < 12_000


def test_it_is_304_until_something_moves_and_ends_with_the_work(visit):
    job = make_job("title:1")
    since = ago(minutes=1)
    first = news(visit, since)
    revision = first.content.decode().split('data-live="')[1].split('"')[0]

    same = news(visit, since, **{"If-None-Match": revision})
    type(job).objects.update(state="done", ended_at=timezone.now())
    last = news(visit, since, **{"If-None-Match": revision})

    assert (same.status_code, last.status_code) == (304, 200)
    assert "hx-trigger" not in last.content.decode()
    assert "1 title is new" in last.content.decode()


def test_work_that_waits_is_asked_for_seldom(visit):
    make_job("title:1", due_at=timezone.now() + datetime.timedelta(hours=1))

    assert 'hx-trigger="every 15s"' in news(visit, ago(minutes=1)).content.decode()


def test_the_first_titles_fill_a_page_that_has_room(visit):
    make_job("title:1")
    nothing = news(visit, ago(minutes=1), room=True)
    make_movie("Kiln")

    assert "HX-Refresh" not in nothing.headers
    then = ago(minutes=1)
    known = news(visit, then).content.decode().split('data-live="')[1].split('"')[0]
    assert news(visit, then, room=True, **{"If-None-Match": known}).headers["HX-Refresh"] == "true"
    assert "HX-Refresh" not in news(visit, ago(seconds=2), room=True).headers
    assert "HX-Refresh" not in news(visit, ago(minutes=1)).headers


@pytest.mark.parametrize("since", ["", "x", "-1", "9" * 30, "99999999999", "9999999999", "٣"])
def test_a_moment_that_is_none_is_no_error(visit, since):
    assert visit.get("/library/news/", {"since": since}).status_code == 200


def test_without_a_key_there_is_one_notice_which_stays_away_once_dismissed(visit, settings):
    settings.TMDB = type(settings.TMDB)(**{**vars_of(settings.TMDB), "api_key": "", "demo": False})
    empty = visit.get("/library/").content.decode()
    make_library()

    first = visit.get("/library/").content.decode()
    answer = visit.post("/library/key/seen/")

    assert "need a key" not in empty
    assert first.count("need a key") == 1
    assert answer.headers["Location"] == "/library/"
    assert "need a key" not in visit.get("/library/").content.decode()


def test_the_demo_alone_needs_no_key(visit, settings):
    settings.TMDB = type(settings.TMDB)(**{**vars_of(settings.TMDB), "api_key": "", "demo": False})
    make_library(demo=True)

    assert "need a key" not in visit.get("/library/").content.decode()


def test_a_refused_key_is_told_on_the_library(visit):
    make_library()
    well = visit.get("/library/").content.decode()
    Source.objects.create(name="tmdb", settings_key="refused")

    refused = visit.get("/library/").content.decode()

    assert "does not accept our key" not in well
    assert "<b>tmdb</b> does not accept our key" in refused


@pytest.mark.parametrize(("asked", "told"), [("?q=wedd", True), ("?state=needs", True), ("?q=funeral", False)])
def test_folders_without_a_title_are_told_where_a_list_finds_nothing(visit, asked, told):
    make_match(make_library(), "Wedding of Jo", state="unmatched")

    assert ("1 folder that could not be matched fits." in visit.get(f"/library/{asked}").content.decode()) == told


def vars_of(settings) -> dict:
    return {name: getattr(settings, name) for name in settings.__dataclass_fields__}
