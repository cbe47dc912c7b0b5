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


PICTURES = {
    "/t/p/w780/s201-season1.jpg": (780, 1170),
    "/t/p/w780/s201-season1-b.jpg": (780, 1170),
    "/t/p/w300/s201-s1e2.jpg": (300, 169),
    "/t/p/w1280/f107-landscape.jpg": (1280, 720),
    "/t/p/w780/c9001-poster.jpg": (780, 1170),
}


@pytest.mark.parametrize(("path", "size"), PICTURES.items(), ids=PICTURES)
def test_there_are_pictures_of_seasons_episodes_and_collections(path, size):
    assert Image.open(io.BytesIO(ask(path, api_key="").body)).size == size


def test_a_logo_is_a_png_on_nothing():
    logo = Image.open(io.BytesIO(ask("/t/p/w500/f107-logo.png").body))

    assert (logo.format, logo.mode, logo.width) == ("PNG", "RGBA", 500)


def test_all_pictures_that_are_listed_are_there():
    body = ask("/3/tv/201", append_to_response="images,season/1").body
    listed = [
        row["file_path"] for group in ask("/3/tv/201/images").body.values() if isinstance(group, list) for row in group
    ]
    stills = [episode["still_path"] for episode in body["season/1"]["episodes"] if episode["still_path"]]
    posters = [row["file_path"] for row in ask("/3/tv/201/season/1/images").body["posters"]]

    assert len(listed) == 7
    assert {ask(f"/t/p/w300{path}").status for path in (*listed, *stills, *posters)} == {200}
    assert ask("/t/p/w300/s201-nothing.jpg").status == 404
