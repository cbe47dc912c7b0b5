"""What TMDB's answers are taken to say; the bodies have its shapes and invented content."""

from __future__ import annotations

from datetime import date

import pytest

from scanner.description import Description, content_hash
from scanner.providers import tmdb_answers as answers


def movie(language="en-US", **fields):
    return answers.movie({"id": 1, "title": "Tide", **fields}, language=language)


def translated(*entries):
    rows = [{"iso_639_1": tag[:2], "iso_3166_1": tag[3:], "data": data} for tag, data in entries]
    return {"translations": {"translations": rows}}


FALLBACKS = {
    "the asked language": ("de-DE", [("de-DE", {"title": "Flut"}), ("en-US", {"title": "Tide"})], "Flut"),
    "another region of it": ("de-CH", [("de-DE", {"title": "Flut"}), ("en-US", {"title": "Tide"})], "Flut"),
    "then English": ("de-DE", [("fr-FR", {"title": "Marée"}), ("en-US", {"title": "Tide"})], "Tide"),
    "a title empty as it is the original": ("sv-SE", [("sv-SE", {"title": ""}), ("en-US", {"title": "Tide"})], "Flod"),
    "nothing translated": ("de-DE", [], "Tide, as TMDB fell back"),
}


@pytest.mark.parametrize(("language", "translations", "title"), FALLBACKS.values(), ids=FALLBACKS)
def test_a_title_falls_back_through_the_translations(language, translations, title):
    found = movie(
        language,
        title="Tide, as TMDB fell back",
        original_title="Flod",
        original_language="sv",
        **translated(*translations),
    )

    assert found.title == title


def test_each_text_falls_back_on_its_own():
    found = movie(
        "de-DE",
        overview="",
        tagline="Nass.",
        **translated(
            ("de-DE", {"title": "Flut", "overview": ""}), ("en-US", {"overview": "Water comes.", "tagline": "Wet."})
        ),
    )

    assert (found.title, found.overview, found.tagline) == ("Flut", "Water comes.", "Nass.")


CERTIFICATIONS = {
    "theatrical before digital": ([(4, "18"), (3, "15")], "15"),
    "limited where there is no theatrical": ([(1, "PG"), (2, "12")], "12"),
    "an empty one does not count": ([(3, ""), (4, "16")], "16"),
    "a premiere is better than nothing": ([(1, "U")], "U"),
    "none at all": ([(3, "")], None),
}


@pytest.mark.parametrize(("releases", "expected"), CERTIFICATIONS.values(), ids=CERTIFICATIONS)
def test_a_movie_is_certified_by_its_most_telling_release(releases, expected):
    rows = [{"type": kind, "certification": text} for kind, text in releases]

    found = movie(release_dates={"results": [{"iso_3166_1": "US", "release_dates": rows}]})

    assert found.certification.get("US") == expected


def picture(path, language, votes=5.0):
    return {"file_path": path, "iso_639_1": language, "vote_average": votes, "vote_count": 1}


def test_a_poster_speaks_the_language_and_a_backdrop_none():
    images = {
        "posters": [picture("/en.jpg", "en", 9), picture("/de.jpg", "de", 2), picture("/none.jpg", None, 10)],
        "backdrops": [picture("/words.jpg", "de", 9), picture("/plain.jpg", "xx", 1)],
        "logos": [picture("/fr.png", "fr"), picture("/vector.svg", "de"), picture("/en.png", "en")],
    }

    art = movie("de-DE", images=images, poster_path="/theirs.jpg").art

    assert {role: pick.tmdb_path for role, pick in art.items()} == {
        "poster": "/de.jpg", "fanart": "/plain.jpg", "logo": "/en.png", "landscape": "/words.jpg",
    }  # fmt: skip


def test_without_a_list_of_images_the_paths_of_the_title_do():
    art = movie(poster_path="/p.jpg", backdrop_path=None).art

    assert {role: pick.tmdb_path for role, pick in art.items()} == {"poster": "/p.jpg"}


def test_official_trailers_come_first_and_teasers_only_for_want_of_them():
    def video(key, kind, official, site="YouTube"):
        return {"key": key, "type": kind, "official": official, "site": site, "iso_639_1": "en", "name": key}

    mixed = [video("t", "Teaser", True), video("fan", "Trailer", False), video("own", "Trailer", True)]
    teasers = [video("t", "Teaser", True), video("v", "Trailer", True, site="Elsewhere")]

    assert [one.key for one in movie(videos={"results": mixed}).trailers] == ["own", "fan"]
    assert [one.key for one in movie(videos={"results": teasers}).trailers] == ["t"]


@pytest.mark.parametrize("empty", [{}, {"release_date": "", "runtime": 0, "poster_path": None, "credits": None}])
def test_a_movie_of_which_hardly_anything_is_known_is_a_description(empty):
    found = movie(**empty)

    assert (found.title, found.year, found.runtime_min, found.art) == ("Tide", None, None, {})


def test_text_that_no_database_or_nfo_can_hold_is_cleaned():
    found = movie(overview="a\x00b\ud83dc\x0bd")

    assert found.overview == "abcd"


def show(**fields):
    return answers.show({"id": 2, "name": "Ferry", **fields}, language="en-US")


def test_keywords_ratings_and_ids_of_a_show_are_found_where_shows_keep_them():
    found = show(
        keywords={"results": [{"id": 1, "name": "boat"}]},
        content_ratings={"results": [{"iso_3166_1": "US", "rating": "TV-14"}, {"iso_3166_1": "DE", "rating": ""}]},
        external_ids={"imdb_id": "tt0000002", "tvdb_id": 77, "freebase_mid": "/m/x", "twitter_id": None},
    )

    assert found.keywords == ("boat",)
    assert found.certification == {"US": "TV-14"}
    assert found.ids == {"tmdb": 2, "imdb": "tt0000002", "tvdb": 77}


def test_a_season_that_was_asked_for_has_episodes_and_one_that_was_not_has_none():
    listed = [{"season_number": 0, "episode_count": 3, "id": 9}, {"season_number": 1, "episode_count": 2, "id": 10}]
    appended = {
        "_id": "x",
        "season_number": 1,
        "episodes": [
            {"episode_number": 1, "id": 100, "name": "Cast off", "air_date": "2001-02-03", "runtime": 40},
            {"episode_number": 2, "id": 101, "name": "Fog", "air_date": None, "runtime": None},
        ],
    }

    found = show(seasons=listed, **{"season/1": appended})

    assert [(season.number, season.episodes is None) for season in found.seasons] == [(0, True), (1, False)]
    assert found.seasons[1].episodes[0].air_date == date(2001, 2, 3)
    assert found.runtime_min == 40


def test_a_description_survives_being_written_as_json():
    found = show(
        first_air_date="1999-01-01",
        vote_average=7.5,
        vote_count=4,
        created_by=[{"id": 5, "name": "I. Quill"}],
        **{"season/1": {"season_number": 1, "episodes": [{"episode_number": 1, "guest_stars": [{"name": "W"}]}]}},
    )

    assert Description.from_json(found.to_json()) == found


def test_votes_change_no_content_but_a_word_does():
    first, drifted = movie(vote_average=7.0, vote_count=10), movie(vote_average=7.1, vote_count=11, popularity=9)

    assert content_hash(first) == content_hash(drifted)
    assert content_hash(first) != content_hash(movie(overview="More."))


def test_a_candidate_tells_a_movie_from_a_show_by_the_names_of_its_fields():
    row = {"id": 3, "name": "Ferry", "original_name": "Färja", "first_air_date": "2001-05-05", "vote_count": 9}

    found = answers.candidate(row, kind="show")

    assert (found.name, found.original_name, found.year, found.votes) == ("Ferry", "Färja", 2001, 9)
