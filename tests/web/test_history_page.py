"""The History: what happened, narrowed and paged, linked to its things, also those that are gone; as CSV too."""

from __future__ import annotations

import csv
import datetime
import io

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from journal.models import Event
from journal.moves import move, record
from mediasync import history
from outbound.models import Source
from tests.web.rows import make_file, make_job, make_library, make_match, make_movie, make_scan, make_title

FRAME, PAGE = 5, 4


def shown(visit, query=""):
    return [line.event.reason for line in visit.get(f"/history/{query}").context["lines"]]


@pytest.fixture
def events(db):
    title = make_movie("Kiln")
    match = title.matches.get()
    move(title, "stale", reason="its date has come")
    record(match, reason="locked by anna", actor="anna")
    record(match.files.get(), reason="moved")
    record(make_library(), reason="added by anna", actor="anna")
    record(make_scan(), reason="3 new")
    record(make_job(), reason="tried again by hand", actor="anna")
    record(Source.objects.create(name="tmdb"), reason="The circuit is closed again.", new="closed")
    record("mediasync.setting:language", reason="the language is de", actor="anna")
    return title


def test_each_event_says_what_changed_and_leads_to_its_thing(visit, events):
    html = visit.get("/history/").content.decode()

    for text in (
        f'href="/library/{events.pk}-kiln/"',
        "its date has come",
        "Available</span> → ",
        "Description due",
        'href="/sources/tmdb/"',
        "/queue/",
        "/why/file:",
        "/matches/",
        "/scans/",
    ):
        assert text in html


@pytest.mark.parametrize(
    ("kind", "reasons"),
    [
        ("titles", ["its date has come"]),
        ("matches", ["locked by anna"]),
        ("files", ["moved"]),
        ("library", ["added by anna"]),
        ("scans", ["3 new"]),
        ("jobs", ["tried again by hand"]),
        ("sources", ["The circuit is closed again."]),
        ("settings", ["the language is de"]),
    ],
)
def test_it_is_filtered_by_kind(visit, events, kind, reasons):
    assert shown(visit, f"?kind={kind}") == reasons


@pytest.mark.parametrize(
    ("query", "many"),
    [
        ("?actor=anna", 4),
        ("?actor=anna&kind=jobs", 1),
        ("?q=CIRCUIT", 1),
        ("?q=kiln", 1),
        ("?subject=source:tmdb", 1),
        ("?subject=source:tmdb&actor=anna", 0),
        ("?subject=outbound.source:tmdb", 1),
        ("?since=2001-01-01", 8),
        ("?until=2001-01-01", 0),
        ("?since=9999-12-31", 0),
        ("?until=9999-12-31", 8),
        ("?since=x&until=2026-99-99&kind=nope&before=1.2.3&per=7&page=x", 8),
        ("?before=99999999999999999999.1", 8),
        ("?before=9999999999999999.999999999999999999", 8),
        ("?q=%00", 8),
        ("?subject=%3Cscript%3E", 0),
    ],
)
def test_it_is_filtered_by_person_text_thing_and_day(visit, events, query, many):
    assert len(shown(visit, query)) == many


def test_what_is_gone_keeps_its_name(visit):
    title = make_title("Harbour Lights")
    record(title, reason="described by TMDB")
    title.delete()

    html = visit.get("/history/").content.decode()

    assert "Harbour Lights (2021)" in html
    assert "no longer there" in html
    assert "/library/" not in html.partition("<main")[2].partition("</main")[0].partition("<table")[2]


@pytest.mark.parametrize("per", [24, 96])
def test_pages_follow_each_other_without_gap_or_repeat_while_more_happens(visit, per):
    now = timezone.now()
    Event.objects.bulk_create(
        [
            Event(subject=f"scanner.title:{n}", reason=f"{n}", at=now - datetime.timedelta(seconds=n // 7))
            for n in range(250)
        ]
    )
    seen, address = [], f"?per={per}"
    while address:
        answer = visit.get(f"/history/{address}")
        seen += [line.event.pk for line in answer.context["lines"]]
        older = answer.context["page"].older
        address = answer.context["query"].address(before=older) if older else ""
        record("scanner.title:1", reason="meanwhile")

    assert len(seen) == len(set(seen)) == 250


def test_a_search_looks_at_so_many_events_and_says_how_far_it_came(visit, monkeypatch):
    monkeypatch.setattr(history, "LOOKED", 30)
    for number in range(50):
        record("scanner.title:1", reason="needle" if number == 2 else "hay")

    first = visit.get("/history/?q=needle")
    later = visit.get(f"/history/{first.context['query'].address(before=first.context['page'].older)}")

    assert first.context["lines"] == []
    assert "Nothing of late fits." in first.content.decode()
    assert "Looked back to" in first.content.decode()
    assert [line.event.reason for line in later.context["lines"]] == ["needle"]


@pytest.mark.parametrize("many", [20, 400])
@pytest.mark.repeats
def test_its_queries_stay_within_their_limit(visit, events, many):
    for number in range(many):
        match = make_match(make_title(f"T {number}"))
        for thing in (match, match.title, make_file(match)):
            record(thing, reason="x")

    for query in ("", "?q=x&actor=anna&kind=titles"):
        with CaptureQueriesContext(connection) as found:
            visit.get(f"/history/{query}")
        assert len(found) <= FRAME + PAGE, [one["sql"][:90] for one in found]


def rows_of(visit, query=""):
    answer = visit.get(f"/history/export/{query}")
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text)))


def test_it_is_exported_as_it_is_filtered(visit, events):
    head, *rows = rows_of(visit, "?kind=titles")

    assert head[1:3] == ["subject", "name"]
    assert [(row[2], row[3], row[4]) for row in rows] == [("Kiln (2021)", "indexed", "stale")]


@pytest.mark.parametrize("text", ["=1+1", "@SUM(A1)", "+1", "-1", "\t=1", "=cmd|'/c calc'!A1"])
def test_an_export_holds_no_formula(visit, text):
    record("scanner.title:1", reason=text)

    assert rows_of(visit)[1][5] == f"'{text}"


def test_a_long_export_is_made_piece_by_piece(visit, monkeypatch):
    monkeypatch.setattr(history, "EXPORTED_AT_ONCE", 10)
    monkeypatch.setattr(history, "MOST_EXPORTED", 35)
    for number in range(50):
        record("scanner.title:1", reason=f"{number}")

    assert [row[5] for row in rows_of(visit)[1:]] == [f"{n}" for n in range(49, 14, -1)]


def test_nothing_yet_is_said_to_be_so(visit):
    assert "Nothing has happened yet." in visit.get("/history/").content.decode()


def test_a_check_that_turned_red_is_told_in_its_own_words(visit):
    record("health.result:7", reason="The disk is full.", old="ok", new="error")

    page = visit.get("/history/?kind=health").content.decode()

    assert "The disk is full." in page
    assert "Well" in page
    assert "Needs you" in page
    assert "Unknown" not in page
