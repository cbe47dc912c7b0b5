"""The Library page: what it shows, finds, counts and refuses."""

from __future__ import annotations

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from scanner.listing import LibraryQuery
from scanner.models import MediaInfo
from tests.web.rows import (
    add_season,
    make_file,
    make_library,
    make_match,
    make_movie,
    make_scan,
    make_show,
    make_title,
)

FRAME, PAGE = 5, 6


def names(answer) -> list[str]:
    return [title.name for title, _strip in answer.context["cards"]]


def test_titles_are_listed_by_name_without_their_article(visit):
    for name in ("The Wire House", "Salt Road", "Amber River"):
        make_movie(name)

    assert names(visit.get("/library/")) == ["Amber River", "Salt Road", "The Wire House"]


@pytest.mark.parametrize("text", ["glass orch", "GLASS", "Gläss", "  orchard  "])
def test_search_finds_a_title_however_it_is_typed(visit, text):
    make_movie("The Glass Orchard")
    make_movie("Kiln")

    assert names(visit.get("/library/", {"q": text})) == ["The Glass Orchard"]


def test_search_finds_the_original_name_too(visit):
    make_movie("Spirited Away", original_name="千と千尋の神隠し")

    assert names(visit.get("/library/", {"q": "千尋"})) == ["Spirited Away"]


@pytest.mark.parametrize(
    ("state", "found"),
    [
        ("missing", "Half There"),
        ("gone", "Lost Film"),
        ("needs", "Which One"),
        ("stale", "Old News"),
        ("new", "Fresh"),
        ("indexed", "Half There"),
    ],
)
def test_the_state_filter_finds_what_it_names(visit, state, found):
    make_show("Half There", owned=2, missing=1, upcoming=1)
    make_file(make_match(make_title("Lost Film")), state="missing")
    make_file(make_match(make_title("Which One", state="new"), state="unmatched"))
    make_file(make_match(make_title("Old News", state="stale")))
    make_file(make_match(make_title("Fresh", state="new")))

    assert found in names(visit.get("/library/", {"state": state}))
    assert state == "new" or names(visit.get("/library/", {"state": state})) == [found]


def test_titles_with_damaged_files_are_listed(visit):
    make_movie("Whole")
    for name, state in (("Cut Short", "indexed"), ("Gone By Now", "missing")):
        file = make_file(make_match(make_title(name)), state=state)
        MediaInfo.objects.create(file=file, problem="It ends in the middle.")
    MediaInfo.objects.create(file=make_file(make_match(make_title("Looked Into"))))

    assert names(visit.get("/library/", {"state": "damaged"})) == ["Cut Short"]
    assert names(visit.get("/library/", {"state": "damaged", "view": "table", "type": "show"})) == []


def test_the_type_and_folder_filters_narrow_together(visit):
    make_movie("A Film")
    elsewhere = make_library(path="/media/other", name="Other")
    make_file(make_match(make_title("Elsewhere"), library=elsewhere))

    assert names(visit.get("/library/", {"type": "movie", "folder": elsewhere.pk})) == ["Elsewhere"]


@pytest.mark.parametrize(
    "wrong",
    [
        {"page": "0"},
        {"page": "-3"},
        {"page": "9999999999999999999999"},
        {"page": "x", "per": "7", "sort": "'; --", "state": "nope", "type": "🙂", "folder": "all"},
        {"per": "1000000"},
        {"q": "\0"},
        {"q": "%_\\'\""},
        {"page": "٣"},
    ],
)
def test_wrong_filters_are_quietly_left_out(visit, wrong):
    make_movie("Kiln")

    assert visit.get("/library/", wrong).status_code == 200


def test_a_page_beyond_the_end_is_the_last_one(visit):
    for number in range(30):
        make_title(f"Film {number:02}")

    answer = visit.get("/library/", {"per": 24, "page": 9})

    assert names(answer)[0] == "Film 24"
    assert answer.context["pages"].here == 2


def test_links_keep_the_filters(visit):
    for number in range(60):
        make_title(f"Film {number:02}")

    assert "?q=film&amp;page=2&amp;per=24" in visit.get("/library/", {"q": "film", "per": 24}).content.decode()


def test_the_strip_says_in_words_what_it_shows(visit):
    make_show(owned=5, missing=2, upcoming=1)

    html = visit.get("/library/").content.decode()

    assert 'aria-label="Episodes: 5 available, 1 upcoming, 2 missing"' in html


def test_a_long_show_is_a_strip_of_seasons(visit):
    title = make_show(owned=30)
    add_season(title, title.matches.get(), owned=20, missing=1, season=2)
    add_season(title, title.matches.get(), owned=0, upcoming=5, season=3)

    ((_title, strip),) = visit.get("/library/").context["cards"]

    assert strip.segments == ["available", "missing", "upcoming"]
    assert (strip.available, strip.total) == (50, 56)


def test_specials_do_not_make_a_show_incomplete(visit):
    title = make_show(owned=2)
    add_season(title, title.matches.get(), owned=0, missing=3, season=0)

    ((_title, strip),) = visit.get("/library/").context["cards"]

    assert strip.segments == ["available", "available"]
    assert names(visit.get("/library/", {"state": "missing"})) == []


def test_a_film_in_two_versions_is_there_while_one_of_them_is(visit):
    match = make_match(make_title("Kiln"))
    make_file(match, state="missing", version="4K")
    make_file(match, version="1080p")

    ((_title, strip),) = visit.get("/library/").context["cards"]

    assert strip.segments == ["available"]


def test_hostile_names_are_text(visit):
    make_movie("<script>alert(1)</script>\"'><img src=x onerror=alert(2)>")

    html = visit.get("/library/", {"q": "<script>"}).content.decode()

    assert "<script>alert" not in html
    assert "<img src=x" not in html
    assert "&lt;script&gt;alert(1)" in html


def test_an_empty_library_says_what_to_do(visit):
    html = visit.get("/library/").content.decode()

    assert "Add a folder and mediasync reads what is in it" in html
    assert "/setup/folders/" in html


def test_a_search_without_result_names_the_nearest_title(visit):
    make_movie("Harbour Lights")

    html = visit.get("/library/", {"q": "harbor lihgts"}).content.decode()

    assert "No title matches" in html
    assert "Harbour Lights" in html


def test_htmx_gets_the_titles_alone(visit):
    make_movie("Kiln")

    answer = visit.get("/library/", headers={"HX-Request": "true", "HX-Request-Type": "partial"})

    assert answer.content.decode().lstrip().startswith('<section id="titles"')
    assert "HX-Request-Type" in answer.headers["Vary"]


def test_unmatched_folders_and_unreadable_ones_are_told(visit):
    make_library(problem="Permission denied for user media.")
    make_match(None, state="unmatched")

    html = visit.get("/library/").content.decode()

    assert "1 folder has no clear title" in html
    assert "Permission denied for user media." in html


def test_the_queries_are_the_same_for_20_and_400_titles(visit):
    make_scan(ended_at="2026-01-01T00:00:00Z")
    counts = []
    for upto in (20, 400):
        for number in range(upto):
            name = f"Title {number} of {upto}"
            make_show(name, owned=2, missing=1) if number % 2 else make_movie(name)
        with CaptureQueriesContext(connection) as seen:
            visit.get("/library/?per=96")
        counts.append(len(seen))

    assert counts[0] == counts[1] <= FRAME + PAGE


@pytest.mark.parametrize(
    "filters", ["?state=missing", "?state=gone", "?state=needs", "?q=nothing+here", "?state=gone&page=7"]
)
def test_no_filter_needs_more_queries(visit, filters, django_assert_max_num_queries):
    make_library()
    make_show(owned=1, missing=1)

    with django_assert_max_num_queries(FRAME + PAGE):
        visit.get(f"/library/{filters}")


def test_the_page_stays_within_its_weight(visit):
    for number in range(100):
        make_show(f"A Show With A Rather Long Name Number {number}", owned=3, missing=1)

    html = visit.get("/library/").content

    assert len(re.sub(rb"(/library/|value=)[0-9]+", rb"\g<1>100", html)) < 44_000  # whichever ids the rows have


@pytest.mark.parametrize(
    ("given", "address"),
    [({}, "?"), ({"q": "a b"}, "?q=a+b"), ({"per": "48"}, "?"), ({"per": "96", "sort": "year"}, "?sort=year&per=96")],
)
def test_an_address_says_only_what_differs_from_the_defaults(given, address):
    assert LibraryQuery.parse(given).address() == address
