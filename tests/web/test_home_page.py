"""Home: what waits for somebody, what is at work, what airs next, and the library in figures."""

from __future__ import annotations

import dataclasses
import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from outbound.models import Source
from scanner.models import Episode, Scan, Title
from tests.web.rows import (
    make_file,
    make_job,
    make_library,
    make_match,
    make_movie,
    make_pool,
    make_scan,
    make_show,
    make_title,
)

FRAME, PAGE, LIVE = 5, 12, 6
PARTIAL = {"HX-Request": "true", "HX-Request-Type": "partial"}


@pytest.fixture(autouse=True)
def _key(settings):
    """There is a metadata key, as in most households; what is said without one has its own tests."""
    settings.TMDB = dataclasses.replace(settings.TMDB, api_key="0" * 32)


def needs(visit) -> list[str]:
    return [f"{need.name} {need.sentence}".strip() for need in visit.get("/").context["needs"]]


def airs(title, days: int, **fields) -> Episode:
    date = timezone.localdate() + datetime.timedelta(days=days)
    number = Episode.objects.filter(title=title).count() + 1
    return Episode.objects.create(**{"title": title, "season": 2, "number": number, "air_date": date, **fields})


def test_without_a_folder_it_leads_to_adding_one(visit):
    html = visit.get("/").content.decode()

    assert "Show mediasync where your movies and shows are" in html
    assert "/setup/folders/" in html


def test_a_guest_is_not_sent_where_guests_may_not_go(visit_as_guest):
    html = visit_as_guest.get("/").content.decode()

    assert "/setup/folders" not in html
    assert "/demo/load/" not in html


def test_what_waits_for_a_person_is_told_with_a_number_and_a_way(visit):
    library = make_library(problem="Permission denied for user media.")
    make_match(None, state="unmatched")
    make_match(None, state="unmatched")
    make_scan(state="held", losses=[1, 2, 3])
    make_job("title:1", state="failed")
    make_file(make_match(make_title()), state="error")
    make_pool("artwork", paused_at=timezone.now())
    Source.objects.create(name="tmdb", settings_key="refused", paused_reason="401")

    answer = visit.get("/")

    assert needs(visit) == [
        "tmdb does not accept our key; what needs it waits, nothing is lost.",
        f"{library.name} Permission denied for user media. Its titles are kept.",
        f"{library.name} a scan misses 3 files and waits for your word.",
        "2 folders have no clear title.",
        "1 job could not be done.",
        "1 file cannot be read.",
        "Part of the work is paused until somebody resumes it.",
    ]
    html = answer.content.decode()
    for address in ("/queue/?state=failed", "/library/?state=needs", "/scans/"):
        assert f'href="{address}' in html


def test_that_there_is_no_key_is_said_once_to_who_can_give_one(visit, visit_as_guest, settings):
    make_movie("Kiln")
    settings.TMDB = dataclasses.replace(settings.TMDB, api_key="")

    assert needs(visit) == ["Posters, cast and episode names need a key"]
    assert 'href="/settings/metadata/"' in visit.get("/now/", headers=PARTIAL).content.decode()
    assert needs(visit_as_guest) == []
    assert visit.post("/library/key/seen/", {"back": "home"}).url == "/"
    assert needs(visit) == []


def test_the_demo_needs_no_key_of_mine(visit, settings):
    make_library(demo=True)
    settings.TMDB = dataclasses.replace(settings.TMDB, api_key="")

    assert needs(visit) == []


def test_nothing_to_do_is_said_too(visit):
    make_movie("Kiln")

    assert "Nothing. Everything that could be done by itself" in visit.get("/").content.decode()


def test_the_live_part_answers_304_until_something_moves(visit, django_assert_max_num_queries):
    make_movie("Kiln")
    first = visit.get("/now/", headers=PARTIAL)
    revision = first.content.decode().split('data-live="')[1].split('"')[0]

    with django_assert_max_num_queries(FRAME + LIVE):
        same = visit.get("/now/", headers={**PARTIAL, "If-None-Match": revision})
    make_job("title:1", state="leased")
    moved = visit.get("/now/", headers={**PARTIAL, "If-None-Match": revision})

    assert (first.status_code, same.status_code, moved.status_code) == (200, 304, 200)
    assert "every 15s" in first.content.decode()
    assert "every 2s" in moved.content.decode()
    assert len(moved.content) < 12_000


def test_a_title_that_came_shows_without_a_reload_and_so_does_its_poster(visit):
    make_movie("Kiln")
    revision = visit.get("/now/", headers=PARTIAL).content.decode().split('data-live="')[1].split('"')[0]

    came = make_movie("Moss")
    shown = visit.get("/now/", headers={**PARTIAL, "If-None-Match": revision}).content.decode()
    revision = shown.split('data-live="')[1].split('"')[0]
    Title.objects.filter(pk=came.pk).update(poster="a" * 64)
    with_poster = visit.get("/now/", headers={**PARTIAL, "If-None-Match": revision})

    assert ">Moss<" in shown
    assert "a" * 64 in with_poster.content.decode()


def test_the_week_is_told_day_by_day(visit):
    show = make_show("Signal to Noise")
    airs(show, 0, name="Snow")
    airs(show, 1)
    airs(show, 9, name="Too late")

    answer = visit.get("/")

    assert [(day.word, len(day.episodes)) for day in answer.context["days"]] == [("Today", 1), ("Tomorrow", 1)]
    assert "S02E03" in answer.content.decode()
    assert "Too late" not in answer.content.decode()


def test_an_empty_week_names_what_airs_after_it(visit):
    airs(make_show("Signal to Noise"), 12)

    assert "Nothing airs this week. Next:" in visit.get("/").content.decode()


@pytest.mark.parametrize(("season", "wish", "shown"), [(1, "", 1), (1, "ignored", 0), (0, "", 0), (0, "wanted", 1)])
def test_what_nobody_wants_is_not_announced(visit, season, wish, shown):
    airs(make_show(), 2, season=season, number=99, wish=wish)

    assert len(visit.get("/").context["days"]) == shown


def test_the_figures_lead_to_what_they_count(visit):
    make_movie("Kiln")
    make_show(owned=2, missing=3)
    make_file(make_match(make_title("Lost")), state="missing")

    answer = visit.get("/")

    assert answer.context["figures"] == {
        "movie": 2, "show": 1, "stale": 0, "gone": 1, "episodes": 2, "missing": 3, "size": 3 * 2**31,
    }  # fmt: skip
    for address in ("type=movie", "type=show", "state=missing", "state=gone"):
        assert f'href="/library/?{address}"' in answer.content.decode()


def test_while_something_is_at_work_the_figures_are_not_those_of_a_minute_ago(visit, settings, monkeypatch):
    settings.WIRE_SECONDS = 1
    monkeypatch.setattr("mediasync.home._kept", [])
    monkeypatch.setattr("mediasync.home.BUSY_S", 0)
    make_movie("Kiln")
    before = visit.get("/").context["figures"]
    make_show()
    kept = visit.get("/").context["figures"]
    make_scan(state="open")
    busy = visit.get("/").context["figures"]
    make_show("Second")
    Scan.objects.update(state="done")
    after = visit.get("/").context["figures"]

    assert [one.get("show", 0) for one in (before, kept, busy, after)] == [0, 0, 1, 2]


def test_hostile_names_are_text(visit):
    library = make_library(name="<script>alert(0)</script>", problem="<img src=x onerror=alert(1)>")
    make_scan(library=library, state="open")
    show = make_show('"><script>alert(2)</script>' + "x" * 500)
    airs(show, 1, name="<script>alert(3)</script>\u202e")

    html = visit.get("/").content.decode()

    assert "<script>alert" not in html
    assert "<img src=x" not in html


def test_the_queries_are_the_same_for_20_and_400_titles(visit):
    counts = []
    for upto in (20, 400):
        for number in range(upto // 4):
            make_movie(f"Film {upto} {number}")
            airs(make_show(f"Show {upto} {number}", owned=1), number % 9)
            make_scan(library=make_library(path=f"/m/{upto}/{number}"), state="open")
            make_job(f"title:{upto}{number}", state="failed")
        with CaptureQueriesContext(connection) as seen:
            visit.get("/")
        counts.append(len(seen))

    assert counts[0] == counts[1] <= FRAME + PAGE


def test_the_page_stays_within_its_weight(visit):
    for number in range(40):
        airs(make_show(f"A Show With A Rather Long Name Number {number}", owned=3, missing=1), number % 7)

    assert len(visit.get("/").content) < 34_000


def test_a_day_on_which_a_lot_airs_is_cut_short_and_says_so(visit):
    for number in range(8):
        airs(make_show(f"Show {number}"), 1, number=number)

    html = visit.get("/").content.decode()

    assert html.count("S02E0") == 6
    assert "and more that day" in html
