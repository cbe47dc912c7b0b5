"""The admin's page of a match: a wrong title is put right there, without reading JSON."""

from __future__ import annotations

import pytest
from django.urls import reverse

from scanner.models import Title
from tests.web.rows import (
    make_file,
    make_match,
    make_title,
)


def picked(match):
    rows = type(match).objects.filter(pk=match.pk)
    return list(rows.values_list("state", "kind", "locked", "title__tmdb_id"))[0]  # noqa: RUF015  no get: zeal counts


def match_page(match):
    return reverse("admin:scanner_match_change", args=[match.pk])


@pytest.mark.repeats
def test_a_match_is_picked_from_its_candidates_or_by_id(visit):
    candidate = {"id": 603, "kind": "movie", "name": "Kiln", "year": 1999, "votes": 12}
    found = [{"candidate": candidate, "score": 0.9, "reason": "same name"}, {**candidate, "id": 604}, "broken"]
    first, second = (
        make_match(make_title("Kiln"), state="unmatched", name="Kiln", year=2000, candidates=found) for _ in range(2)
    )

    shown = visit.get(match_page(first)).content.decode()
    visit.post(match_page(first), {"candidate": "movie:603"})
    visit.post(match_page(second), {"candidate": "", "tmdb_id": "1399", "kind_of_it": "show"})

    for text in ('<b dir="auto">Kiln</b> (1999)', "TMDB 603", "same name, year off by one · 12 votes", "Pick this"):
        assert text in shown
    assert picked(first) == ("matched", "movie", True, 603)
    assert picked(second) == ("matched", "show", True, 1399)


def test_nobody_has_to_read_json_to_pick_a_title(visit):
    match = make_match(state="unmatched", candidates=[{"id": 603, "name": "Kiln"}], ids={"imdb": "tt7"})
    make_file(match, "Kiln (2021)/Kiln.mkv")

    shown = visit.get(match_page(match)).content.decode()

    assert "imdb tt7" in shown
    assert "Kiln (2021)/Kiln.mkv" in shown
    assert "{&#x27;" not in shown
    assert "{&quot;" not in shown


@pytest.mark.parametrize(
    ("given", "kind", "number"),
    [
        ("603", "show", 603),
        (" https://www.themoviedb.org/movie/603-the-kiln?language=de ", "movie", 603),
        ("themoviedb.org/tv/1399", "show", 1399),
        ("movie/603", "movie", 603),
    ],
)
def test_a_title_is_named_by_the_address_of_its_page(visit, given, kind, number):
    match = make_match(make_title("Kiln"), state="unmatched")

    visit.post(match_page(match), {"tmdb_id": given, "kind_of_it": "show"})

    assert picked(match) == ("matched", kind, True, number)


@pytest.mark.parametrize("given", ["Kiln", "https://www.imdb.com/title/tt0133093/", "0", "-1", "9" * 18, "٣"])
def test_what_is_no_address_is_refused_with_words(visit, given):
    match = make_match(make_title("Kiln"), state="unmatched")

    answer = visit.post(match_page(match), {"tmdb_id": given, "kind_of_it": "movie"})

    assert "neither a number nor the address" in answer.content.decode()
    assert picked(match)[0] == "unmatched"


def test_a_pick_leads_to_the_title_or_on_through_the_list(visit):
    first, second = (make_match(make_title("Kiln"), state="unmatched") for _ in range(2))

    alone = visit.post(match_page(first), {"tmdb_id": "movie/603"})
    listed = visit.post(f"{match_page(second)}?_changelist_filters=state__exact%3Dunmatched", {"tmdb_id": "movie/604"})

    title = Title.objects.get(tmdb_id=603)
    assert alone.headers["Location"] == f"/library/{title.pk}-title/"
    assert listed.headers["Location"] == "/admin/scanner/match/?state__exact=unmatched"


@pytest.mark.parametrize(
    ("verb", "field", "value"),
    [("lock", "locked", True), ("ignore", "state", "ignored"), ("look_again", "state", "new")],
)
def test_a_match_is_decided_on_its_page(visit, verb, field, value):
    match = make_match(make_title("Kiln"))

    visit.post(match_page(match), {"verb": verb})

    match.refresh_from_db()
    assert getattr(match, field) == value


def test_a_decision_that_came_too_late_is_not_said_to_hold(visit, monkeypatch):
    match = make_match(make_title("Kiln"))
    monkeypatch.setattr("scanner.services.matches.move", lambda *_args, **_fields: False)  # another was quicker

    answer = visit.post(match_page(match), {"verb": "look_again"}, follow=True)

    assert "changed in the meantime" in answer.content.decode()
    assert "looked up anew" not in answer.content.decode()


@pytest.mark.parametrize(
    "body", [{"candidate": "movie:603", "tmdb_id": "7"}, {"candidate": "movie:1"}, {"tmdb_id": "-1"}, {}]
)
def test_a_pick_that_is_none_changes_nothing(visit, body):
    match = make_match(make_title("Kiln"), state="unmatched", candidates=[{"id": 603, "name": "Kiln"}])

    visit.post(reverse("admin:scanner_match_change", args=[match.pk]), {"kind_of_it": "movie", **body})

    match.refresh_from_db()
    assert match.state == "unmatched"
