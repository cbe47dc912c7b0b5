"""The Sources: who is asked, how often, who rests; tested and reset."""

from __future__ import annotations

import dataclasses
import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from jobs.models import Job
from journal.moves import record
from outbound import budget
from outbound.models import Grant, Source, SourceHour
from pages import moment
from tests.web.rows import make_job, make_library

FRAME, PAGE = 5, 4
PARTIAL = {"HX-Request": "true", "HX-Request-Type": "partial"}


@pytest.fixture(autouse=True)
def _key(settings):
    """There is a metadata key, as in most households; what is said without one has its own tests."""
    settings.TMDB = dataclasses.replace(settings.TMDB, api_key="0" * 32)


def make_source(name="tmdb", **fields):
    return Source.objects.create(name=name, rules=[[35, 10]], base_url=f"https://{name}.example", **fields)


def sent(source, *minutes_ago):
    now = budget.now()
    for minutes in minutes_ago:
        at = now.budget - minutes * 60 - 1
        Grant.objects.create(source=source, arrived_by=at + 0.1, taken_at=at, clock=now.clock)


def reading(visit, name="tmdb"):
    found = visit.get("/sources/").context["found"]
    return next(one for one in found.readings if one.source.name == name)


def test_a_source_says_how_it_is_and_how_much_it_was_asked(visit):
    source = make_source(failures=2, last_error="HTTP 503", last_error_at=timezone.now())
    sent(source, 0, 0, 5, 59)
    SourceHour.objects.create(
        source=source,
        hour=timezone.now().replace(minute=0, second=0, microsecond=0),
        attempts=8,
        successes=6,
        failures={"Transient": 2},
    )
    make_job("a", needs="tmdb")
    make_job("b", needs="tmdb", state="leased")

    one, html = reading(visit), visit.get("/sources/").content.decode()

    assert (one.last_hour, one.minutes[-1], one.minutes[-6], one.minutes[0]) == (4, 2, 1, 1)
    assert (one.attempts, one.hours[-1], one.share, one.failures) == (8, 8, 75.0, {"Transient": 2})
    assert (one.waiting, one.running) == (1, 1)
    for text in (
        "2 of 5 failures in a row",
        "35 in 10 s",
        "HTTP 503",
        "33 / 35",
        "75 %",
        'role="img"',
        "<title>tmdb: 4",
    ):
        assert text in html


def test_all_well_says_so_and_names_the_last_trouble(visit):
    make_source()
    make_source("mirror-c", last_error="x", last_error_at=timezone.now() - datetime.timedelta(days=3))

    html = visit.get("/sources/").content.decode()

    assert "All 2 sources answer." in html
    assert "Last trouble: mirror-c, <time" in html


def test_a_source_that_has_no_key_is_neither_well_nor_in_trouble(visit, settings):
    settings.TMDB = dataclasses.replace(settings.TMDB, api_key="")
    make_source()
    make_source("tmdb-images")

    page, strip = visit.get("/sources/").content.decode(), visit.get("/wire/").content.decode()

    assert "There is no key to ask it with" in page
    assert "1 source, and it answers." in page
    assert "note bad" not in page
    assert "no key" in strip
    assert strip.count('35 of 35<span class="sr"> requests</span> left') == 1
    assert "A key is optional" in visit.get("/sources/tmdb/").content.decode()


@pytest.mark.parametrize(
    ("fields", "word", "said"),
    [
        ({"circuit": "open", "failures": 5}, "about to try again", "It failed 5 times in a row"),
        (
            {"circuit": "open", "failures": 5, "open_until": timezone.now() + datetime.timedelta(hours=1)},
            "resting",
            "Next try",
        ),
        ({"settings_key": "x", "paused_reason": "401"}, "key refused", "refused our key"),
        ({"paused_until": timezone.now() + datetime.timedelta(hours=1), "paused_reason": "429"}, "resting", "429"),
    ],
)
def test_one_that_rests_is_told_on_top(visit, fields, word, said):
    make_source(**fields)

    html = visit.get("/sources/").content.decode()

    assert word in html
    assert said in html
    assert "note bad" in html


def test_its_poll_is_304_while_nothing_changed(visit):
    source = make_source()
    revision = visit.get("/sources/").context["revision"]

    same = visit.get("/sources/", headers={**PARTIAL, "If-None-Match": revision})
    sent(source, 0)
    changed = visit.get("/sources/", headers={**PARTIAL, "If-None-Match": revision})

    assert same.status_code == 304
    assert changed.content.decode().lstrip().startswith('<section id="live"')


def test_the_key_of_the_demo_goes_with_the_demo(visit, settings):
    settings.TMDB = dataclasses.replace(settings.TMDB, api_key="0" * 32, demo=True)
    make_source()
    without = visit.get("/wire/").content.decode()
    make_library(demo=True)
    moment.ended()

    assert "no key" in without
    assert "no key" not in visit.get("/wire/").content.decode()


def test_what_went_wrong_in_an_hour_is_told_in_words(visit):
    source = make_source()
    SourceHour.objects.create(
        source=source,
        hour=timezone.now().replace(minute=0, second=0, microsecond=0),
        attempts=4,
        successes=0,
        seconds=0.01,
        failures={"NotConfigured": 3, "Transient": 1},
    )

    html = visit.get("/sources/tmdb/").content.decode()

    assert "3 key refused or missing, 1 not answered" in html
    assert "NotConfigured" not in html
    assert "0.0 s" not in html


def test_a_test_says_what_it_found(visit, monkeypatch):
    make_source()
    monkeypatch.setattr("outbound.services.spec_of", lambda name: (_ for _ in ()).throw(LookupError))

    assert "Nothing asks tmdb any more." in visit.post("/sources/tmdb/test/", follow=True).content.decode()


def test_all_are_tested_by_jobs(visit):
    make_source()
    make_source("mirror-c")

    answer = visit.post("/sources/test/", follow=True)

    assert "2 sources are tested" in answer.content.decode()
    assert sorted(Job.objects.filter(kind="outbound.test", priority=0).values_list("key", flat=True)) == [
        "source:mirror-c",
        "source:tmdb",
    ]


def test_a_reset_closes_the_circuit_and_is_remembered(visit):
    make_source(circuit="open", failures=5, open_until=timezone.now() + datetime.timedelta(hours=1))

    answer = visit.post("/sources/tmdb/reset/", {"back": "source"})

    assert answer.headers["Location"] == "/sources/tmdb/"
    assert list(Source.objects.values_list("circuit", "failures")) == [("closed", 0)]
    assert "Reset by hand" in visit.get("/sources/tmdb/").content.decode()


def test_the_page_of_one_lists_hours_and_what_was_changed(visit):
    source = make_source()
    SourceHour.objects.create(source=source, attempts=8, successes=6, failures={"Stalled": 2}, bytes=2048, seconds=9)
    record(source, reason="we are asked to slow down")

    html = visit.get("/sources/tmdb/").content.decode()

    for text in ("2 broken off", "2.0", "we are asked to slow down", "35 in 10 s"):
        assert text in html


@pytest.mark.parametrize("path", ["/sources/nope/test/", "/sources/tmdb/burn/", "/sources/nope/reset/"])
def test_what_is_not_there_is_not_found(visit, path):
    make_source()

    assert visit.post(path).status_code == 404
    assert visit.get("/sources/nope/").status_code == 404


def test_who_is_no_staff_sees_and_cannot_act(visit_as_guest):
    make_source()

    assert "Test all" not in visit_as_guest.get("/sources/").content.decode()
    assert [visit_as_guest.post(path).status_code for path in ("/sources/test/", "/sources/tmdb/reset/")] == [403, 403]


@pytest.mark.parametrize("many", [20, 400])
@pytest.mark.repeats
def test_its_queries_stay_within_their_limit(visit, many, settings):
    settings.WIRE_SECONDS = 60  # the rows of the strip on top are those of the page
    sources = [make_source(f"s{n}") for n in range(5)]
    for number in range(many):
        sent(sources[number % 5], number % 60)
        make_job(f"title:{number}", needs=f"s{number % 5}")

    for path in ("/sources/", "/sources/s1/"):
        moment.ended()
        with CaptureQueriesContext(connection) as found:
            visit.get(path)
        moment.ended()
        assert len(found) <= FRAME + PAGE + (path != "/sources/") * 2, [one["sql"][:90] for one in found]


def test_no_source_yet_is_said_to_be_so(visit):
    assert "No source was asked yet." in visit.get("/sources/").content.decode()
