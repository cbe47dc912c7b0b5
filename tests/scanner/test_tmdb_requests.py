"""How often and in what words TMDB is asked."""

from __future__ import annotations

import dataclasses

import pytest

from outbound.client import Answer
from outbound.errors import BadContent, NotConfigured, NotFound
from scanner.providers import tmdb, tmdb_images

pytestmark = pytest.mark.django_db


def test_a_movie_costs_one_request_whichever_id_is_known(service):
    assert tmdb.movie(107).title == "Moss"
    assert tmdb.movie("tt90000107").ids["tmdb"] == 107

    assert service.asked == ["/3/movie/107", "/3/movie/tt90000107"]


@pytest.mark.parametrize(("seasons", "requests"), [(0, 1), (13, 1), (14, 2), (33, 2), (34, 3)])
def test_a_show_costs_one_request_up_to_thirteen_seasons(service, seasons, requests):
    tmdb.show(206, seasons=range(1, seasons + 1))

    names = [query["append_to_response"].split(",") for query in service.queries]
    assert len(service.asked) == requests
    assert all(len(parts) <= 20 for parts in names)


def test_a_season_tmdb_does_not_have_is_no_error(service):
    found = tmdb.show(201, seasons=[1, 9])

    assert {season.number: season.episodes is None for season in found.seasons} == {0: True, 1: False, 2: True}


def test_all_seasons_are_fetched_where_the_files_do_not_name_them(service):
    found = tmdb.show(206, seasons=None)

    assert [season.number for season in found.seasons if season.episodes] == list(range(1, 23))
    assert len(service.asked) == 2


def test_nothing_modified_is_no_description(service):
    first = tmdb.movie(107)

    assert tmdb.movie(107, etag=first.etag) is None


def test_a_search_is_repeated_without_the_year_only_where_nothing_was_found(service):
    assert [one.id for one in tmdb.search("The Last Tram to Brindlemoor", 2020, kind="movie")] == [110]
    assert len(service.asked) == 1

    assert {one.id for one in tmdb.search("The Last Tram to Brindlemoor", 1901, kind="movie")} == {109, 110}
    assert len(service.asked) == 3


def test_find_takes_the_list_of_the_kind_that_is_wanted(service):
    assert tmdb.find("tvdb", "700201", kind="show").name == "The Night Post"
    assert tmdb.find("imdb", "tt80000201", kind="movie") is None


def test_find_takes_a_404_for_an_id_that_leads_nowhere(service):
    service.fail("/find/", status=404, body={"success": False, "status_code": 34})

    assert tmdb.find("imdb", "tt0", kind="show") is None


def test_an_unknown_id_is_not_found(service):
    with pytest.raises(NotFound):
        tmdb.movie(999)


def test_a_v3_key_is_a_parameter_and_a_v4_token_a_header(service, settings):
    token = "eyJhbGciOiJub25lIn0.e30.signature"
    tmdb.movie(107)
    settings.TMDB = dataclasses.replace(settings.TMDB, api_key=token)

    with pytest.raises(NotConfigured):
        tmdb.movie(107)

    assert "api_key" in service.queries[0]
    assert "api_key" not in service.queries[1]


def test_pictures_in_the_language_in_english_and_without_words_are_asked_for(service, settings):
    settings.TMDB = dataclasses.replace(settings.TMDB, language="de-DE")

    tmdb.movie(101)

    assert service.queries[0]["include_image_language"] == "de,en,null"
    assert service.queries[0]["language"] == "de-DE"


def test_configuration_is_asked_for_once(service):
    for _ in range(3):
        assert tmdb_images.image_url("/x.jpg", size="w342") == f"{service.address}/t/p/w342/x.jpg"

    assert service.asked == ["/3/configuration"]


def test_a_setting_spares_the_configuration(service, settings):
    settings.TMDB = dataclasses.replace(settings.TMDB, image_base_url="https://pictures.example/t/p/")

    assert tmdb_images.image_url("/x.jpg", size="original") == "https://pictures.example/t/p/original/x.jpg"
    assert service.asked == []


def test_a_cut_memory_of_the_configuration_is_asked_for_again(service, tmp_path):
    (tmp_path / "tmdb-configuration.json").write_text('{"service": "ht')

    assert tmdb_images.image_url("/x.jpg", size="w92").startswith(service.address)


def test_json_that_is_no_object_is_bad_content(service):
    service.fail("/movie/", body=["unexpected"])

    with pytest.raises(BadContent):
        tmdb.movie(107)


@pytest.mark.parametrize("row", [{}, {"id": float("inf")}, {"id": None}, {"id": []}, {"id": "x"}])
@pytest.mark.parametrize(
    "ask",
    [
        lambda: tmdb.search("Moss", 2019, kind="movie"),
        lambda: tmdb.find("imdb", "tt1", kind="movie"),
        lambda: tmdb.movie(107),
        lambda: tmdb.show(201),
    ],
)
def test_an_answer_of_another_shape_is_bad_content_and_no_bug(monkeypatch, settings, ask, row):
    data = {"results": [row], "movie_results": [row], **row}
    monkeypatch.setattr(tmdb, "_ask", lambda *_a, **_k: Answer(data, "", False))

    with pytest.raises(BadContent):
        ask()
