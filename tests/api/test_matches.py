"""Matches, and what a person says of them."""

from __future__ import annotations

import pytest

from journal.models import Event
from outbound.errors import BadContent, CircuitOpen
from scanner.models import Match
from scanner.services import lookup, matches
from tests.api.household import CANDIDATE
from tests.web.rows import make_file, make_match, make_movie, make_title

pytestmark = pytest.mark.django_db


def unmatched(**fields) -> Match:
    return make_match(key="Kiln 2021", name="Kiln", year=2021, state="unmatched", candidates=[CANDIDATE], **fields)


def about(match: Match) -> int:
    return Event.objects.filter(subject=f"scanner.match:{match.pk}").count()


def test_those_that_wait_for_a_person_come_with_what_they_could_be(reader):
    match = unmatched()
    make_file(match)
    make_movie()

    found = reader.get("/matches", state="UNMATCHED", include="candidates,files").json()["items"]

    assert [row["id"] for row in found] == [match.pk]
    assert found[0]["candidates"][0] | {"overview": ""} == {
        "kind": "movie",
        "tmdb_id": 603,
        "name": "Kiln",
        "year": 2021,
        "score": 100.0,
        "reason": "same name, same year",
        "overview": "",
        "address": "https://www.themoviedb.org/movie/603",
    }
    assert len(found[0]["files"]) == 1


def test_a_pick_is_locked_and_picking_it_again_changes_nothing(program):
    match = unmatched()

    answers = [program.post(f"/matches/{match.pk}/pick", {"kind": "movie", "tmdb_id": 603}) for _time in range(2)]

    assert [answer.status_code for answer in answers] == [202, 202]
    assert (answers[0].json()["state"], answers[0].json()["locked"]) == ("MATCHED", True)
    assert answers[0].json() == answers[1].json()
    assert about(match) == 1


def test_an_id_that_tmdb_does_not_know_is_refused(program, monkeypatch):
    match = unmatched()
    monkeypatch.setattr(lookup, "objection", lambda *_given: "TMDB knows no movie with the id 9.")

    answer = program.post(f"/matches/{match.pk}/pick", {"kind": "movie", "tmdb_id": 9})
    unasked = program.post(f"/matches/{match.pk}/pick", {"kind": "movie", "tmdb_id": 9, "check": False})

    assert answer.json()["errors"][0] == {
        "in": "body",
        "field": "tmdb_id",
        "message": "TMDB knows no movie with the id 9.",
    }
    assert (answer.status_code, unasked.status_code) == (422, 202)


def test_a_match_that_changes_meanwhile_is_not_picked(program, monkeypatch):
    match = unmatched()
    monkeypatch.setattr(matches, "pick", lambda *_given, **_named: False)

    assert program.post(f"/matches/{match.pk}/pick", {"kind": "movie", "tmdb_id": 603}).status_code == 409


@pytest.mark.parametrize(("verb", "locked"), [("lock", True), ("unlock", False)])
def test_a_lock_is_set_once_however_often_it_is_asked(program, verb, locked):
    match = make_match(make_title(), locked=not locked)

    answers = [program.post(f"/matches/{match.pk}/{verb}").json()["locked"] for _time in range(2)]

    assert answers == [locked, locked]
    assert about(match) == 1


def test_a_match_is_ignored_and_taken_up_again(program):
    match = unmatched()

    ignored = [program.post(f"/matches/{match.pk}/ignore").json()["state"] for _time in range(2)]
    taken_up = [program.post(f"/matches/{match.pk}/unignore") for _time in range(2)]

    assert ignored == ["IGNORED", "IGNORED"]
    assert [(answer.status_code, answer.json()["state"]) for answer in taken_up] == [(202, "NEW"), (202, "NEW")]
    assert about(match) == 2


def test_a_match_is_identified_anew_once(program):
    match = make_match(make_title(), locked=True)

    answers = [program.post(f"/matches/{match.pk}/look-again") for _time in range(2)]

    assert [answer.json()["state"] for answer in answers] == ["NEW", "NEW"]
    assert about(match) == 1


def test_without_a_key_there_is_nobody_to_search_with(program):
    answer = program.post(f"/matches/{unmatched().pk}/search", {"name": "Kiln"})

    assert (answer.status_code, answer.json()["type"]) == (409, "urn:mediasync:problem:no-key")


@pytest.mark.parametrize(("failure", "status"), [(CircuitOpen("tmdb is resting"), 503), (BadContent("no JSON"), 502)])
def test_a_source_that_does_not_answer_is_told(program, monkeypatch, failure, status):
    def fails(*_given, **_named):
        raise failure

    monkeypatch.setattr(lookup, "by_name", fails)

    answer = program.post(f"/matches/{unmatched().pk}/search")

    assert (answer.status_code, answer.json()["detail"]) == (status, str(failure))
    assert ("Retry-After" in answer.headers) == (status == 503)


def test_filters(reader):
    locked = make_match(make_title(), key="B", locked=True)
    make_match(key="A", kind="show", state="new")

    def keys(**asked):
        return [row["key"] for row in reader.get("/matches", **asked).json()["items"]]

    assert keys() == ["A", "B"]
    assert keys(locked="true") == keys(title=locked.title_id) == keys(q="b") == ["B"]
    assert keys(kind="show") == keys(state="NEW") == ["A"]
    assert keys(library=4711) == []
