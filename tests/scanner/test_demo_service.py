"""The demo's service is answered to like TMDB, by clients that know no better."""

from __future__ import annotations

import io

import pytest
from PIL import Image

from scanner.demo.service import KEY, Asked, Service

service = Service()


def ask(path, **query):
    headers = query.pop("headers", {})
    return service.answer(Asked(path, {"api_key": KEY} | query, headers, "127.0.0.1:8770"))


def test_a_wrong_key_is_refused_in_tmdbs_words():
    reply = ask("/3/movie/107", api_key="wrong")

    assert (reply.status, reply.body["status_code"]) == (401, 7)


def test_a_key_in_the_header_will_do():
    reply = ask("/3/movie/107", api_key="", headers={"authorization": f"Bearer {KEY}"})

    assert reply.status == 200


@pytest.mark.parametrize("path", ["/3/movie/9999", "/3/tv/201/season/7", "/3/person/1", "/3/tv/tt90000101"])
def test_what_it_does_not_have_is_not_found(path):
    assert ask(path).status == 404


def test_too_many_appended_parts_are_refused():
    parts = ",".join(f"season/{number}" for number in range(21))

    assert (ask("/3/tv/206", append_to_response=parts).status, ask("/3/tv/206").status) == (400, 200)


def test_an_appended_season_has_no_number_for_an_id_and_an_unknown_one_is_left_out():
    body = ask("/3/tv/201", append_to_response="season/1,season/9").body

    assert "id" not in body["season/1"]
    assert "season/9" not in body
    assert "id" in ask("/3/tv/201/season/1").body


def test_an_unknown_foreign_id_is_answered_with_empty_lists():
    assert set(map(len, ask("/3/find/tt0000000", external_source="imdb_id").body.values())) == {0}


def test_a_search_finds_words_of_original_and_translated_titles():
    def found(query, **more):
        return [row["id"] for row in ask("/3/search/movie", query=query, **more).body["results"]]

    assert found("Uhr im Treppenhaus") == found("stairwell CLOCK") == [111]
    assert found("Brindlemoor", year="1955") == [109]
    assert found("oland a winter") == [115]
    assert found("no such film") == []


def test_the_same_request_with_its_etag_is_not_modified():
    first = ask("/3/movie/107")

    assert ask("/3/movie/107", headers={"if-none-match": first.headers["ETag"]}).status == 304


def test_a_picture_has_the_size_that_was_asked_for_and_needs_no_key():
    reply = ask("/t/p/w342/f107-poster.jpg", api_key="")

    assert Image.open(io.BytesIO(reply.body)).size == (342, 513)
    assert ask("/t/p/w342/f120-poster.jpg").status == 404
