"""NFOs of any origin can be read, and ours are what Kodi and Jellyfin read."""

from __future__ import annotations

import time
from datetime import date
from xml.etree.ElementTree import fromstring

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scanner.description import CrewMember, Description, EpisodeInfo, Person, SeasonInfo, Trailer
from scanner.sidecars import (
    EpisodeOnDisk,
    NfoFacts,
    is_sealed,
    read_nfo,
    render_episode_nfo,
    render_movie_nfo,
    render_tvshow_nfo,
)

MOVIE = Description(
    "movie",
    "Salt & Sundries",
    ids={"imdb": "tt90000116", "tmdb": 116},
    language="en-GB",
    original_title="Salt & Sundries",
    overview="A shop <of> all things.",
    tagline="Bell out of order.",
    release_date=date(2008, 3, 28),
    year=2008,
    runtime_min=95,
    genres=("Comedy",),
    keywords=("shop",),
    certification={"GB": "PG", "US": "R"},
    rating={"tmdb": (7.1, 240)},
    collection={"id": 1, "name": "Corner Collection"},
    studios=("Pilcrow",),
    countries=("United Kingdom",),
    cast=(Person("Gwen Pascoe", "Bella"),),
    crew=(CrewMember("Odile Farthing", "Director"), CrewMember("Tam Okoro", "Screenplay")),
    trailers=(Trailer("Trailer", "YouTube", "abc"),),
)
SHOW = Description(
    "show",
    "The Night Post",
    ids={"tmdb": 201, "tvdb": 700201},
    status="Returning Series",
    seasons=(SeasonInfo(0, "Specials", episode_count=2), SeasonInfo(1, "Season 1", episode_count=6)),
)
# Element names in NFOs that Kodi 20 exports.
KODI = {
    "movie", "tvshow", "episodedetails", "title", "originaltitle", "sorttitle", "ratings", "rating", "value", "votes",
    "plot", "tagline", "runtime", "mpaa", "uniqueid", "genre", "country", "set", "name", "tag", "credits", "director",
    "premiered", "year", "status", "studio", "trailer", "actor", "role", "order", "season", "episode", "showtitle",
    "aired", "namedseason", "episodeguide",
}  # fmt: skip


def texts(data: bytes, path: str) -> list[str]:
    return [element.text for element in fromstring(data).findall(path)]


def test_a_movie_has_what_kodi_looks_for():
    nfo = render_movie_nfo(MOVIE)

    assert texts(nfo, "title") == ["Salt & Sundries"]
    assert texts(nfo, "plot") == ["A shop <of> all things."]
    assert texts(nfo, "mpaa") == ["PG"]
    assert texts(nfo, "set/name") == ["Corner Collection"]
    assert texts(nfo, "credits") == ["Tam Okoro"]
    assert texts(nfo, "trailer") == ["plugin://plugin.video.youtube/?action=play_video&videoid=abc"]
    assert [(u.get("type"), u.get("default"), u.text) for u in fromstring(nfo).findall("uniqueid")] == [
        ("tmdb", "true", "116"),
        ("imdb", None, "tt90000116"),
    ]


def test_a_show_names_its_seasons_and_its_guide():
    nfo = render_tvshow_nfo(SHOW)

    assert texts(nfo, "status") == ["Continuing"]
    assert texts(nfo, "episodeguide") == ['{"tmdb":"201","tvdb":"700201"}']
    assert [(e.get("number"), e.text) for e in fromstring(nfo).findall("namedseason")] == [
        ("0", "Specials"),
        ("1", "Season 1"),
    ]
    assert (texts(nfo, "season"), texts(nfo, "episode")) == (["1"], ["6"])


def test_every_element_is_one_that_kodi_exports():
    episode = render_episode_nfo(
        SHOW, [EpisodeOnDisk(1, EpisodeInfo(1, "Dead Letters", date(2018, 9, 14), 42, "x", "", 9))]
    )

    for nfo in (render_movie_nfo(MOVIE), render_tvshow_nfo(SHOW), episode):
        assert {element.tag for element in fromstring(nfo).iter()} <= KODI


def test_the_same_description_gives_the_same_bytes():
    assert render_movie_nfo(MOVIE) == render_movie_nfo(Description.from_json(MOVIE.to_json()))


def test_several_episodes_stand_one_after_another_without_a_root():
    episodes = [EpisodeOnDisk(1, EpisodeInfo(number, f"Part {number}")) for number in (1, 2)]

    nfo = render_episode_nfo(SHOW, episodes)

    assert nfo.count(b"<episodedetails>") == 2
    assert [(one.season, one.episode, one.title) for one in read_nfo(nfo).episodes] == [
        (1, 1, "Part 1"),
        (1, 2, "Part 2"),
    ]


def test_characters_that_xml_forbids_are_left_out():
    nfo = render_movie_nfo(Description("movie", "A\x00\x0b\ufffe\ud800B", ids={"tmdb": 1}))

    assert texts(nfo, "title") == ["AB"]


def test_what_we_wrote_reads_back():
    found = read_nfo(render_movie_nfo(MOVIE))

    assert (found.kind, found.title, found.year, found.ids) == (
        "movie", "Salt & Sundries", 2008, {"tmdb": 116, "imdb": "tt90000116"},
    )  # fmt: skip
    assert (found.directors, found.writers, found.collection) == (
        ("Odile Farthing",),
        ("Tam Okoro",),
        "Corner Collection",
    )


def test_a_seal_breaks_with_the_smallest_change():
    nfo = render_movie_nfo(MOVIE)

    assert is_sealed(nfo)
    assert read_nfo(nfo).sealed
    assert not is_sealed(nfo.replace(b"Comedy", b"comedy"))
    assert not is_sealed(b"<movie/>" + nfo)


CUT = b'<movie><title>Cut</title><uniqueid type="tmdb">6</uniqueid><plot>and th'
AMPERSAND = b'<movie><title>A & B</title><uniqueid type="imdb">tt0000009</uniqueid></movie>'
STRANGE = {
    "a lone link": (b"https://www.themoviedb.org/movie/550-fight-club\r\n", "movie", {"tmdb": 550}),
    "a link to a show": (b"https://www.themoviedb.org/tv/1399", "tvshow", {"tmdb": 1399}),
    "an imdb link": (b"http://www.imdb.com/title/tt0137523/", "", {"imdb": "tt0137523"}),
    "a bare imdb id": (b"tt0137523", "", {"imdb": "tt0137523"}),
    "scene art in CP437 with a link": (
        b"\xdb\xb2\xb1\xb0 THE GROUP \xb0\xb1\xb2\xdb\r\nIMDB: https://imdb.com/title/tt1234567/ 8/10\r\n\xc9\xcd\xbb",
        "",
        {"imdb": "tt1234567"},
    ),
    "two links that disagree": (b"tt0000001 or tt0000002", "", {}),
    "a link behind the XML": (b"<movie><title>X</title></movie>\nhttps://themoviedb.org/movie/7", "movie", {"tmdb": 7}),
    "uniqueid": (b'<movie><uniqueid type="tmdb">5</uniqueid></movie>', "movie", {"tmdb": 5}),
    "old elements": (b"<movie><id>tt7654321</id><tmdbid>8</tmdbid></movie>", "movie", {"imdb": "tt7654321", "tmdb": 8}),
    "a number that could be anybody's": (b"<tvshow><id>123</id></tvshow>", "tvshow", {}),
    "an id that is none": (b'<movie><uniqueid type="tmdb">unknown</uniqueid></movie>', "movie", {}),
    "bare ampersands": (AMPERSAND, "movie", {"imdb": "tt0000009"}),
    "cut in the middle": (CUT, "movie", {"tmdb": 6}),
    "UTF-16": ("\ufeff<movie><tmdbid>9</tmdbid></movie>".encode("utf-16-le"), "movie", {"tmdb": 9}),
    "empty": (b"", "", {}),
    "zeros": (b"\0" * 512, "", {}),
    "an entity bomb": (
        b'<!DOCTYPE m [<!ENTITY a "aa"><!ENTITY b "&a;&a;">]><movie><title>&b;</title><tmdbid>3</tmdbid></movie>',
        "movie",
        {"tmdb": 3},
    ),
}  # fmt: skip


@pytest.mark.parametrize(("data", "kind", "ids"), STRANGE.values(), ids=STRANGE)
def test_strange_nfos_say_what_can_be_made_of_them(data, kind, ids):
    found = read_nfo(data)

    assert (found.kind, found.ids) == (kind, ids)


def test_the_title_of_an_entity_bomb_is_not_expanded():
    assert "aa" not in read_nfo(STRANGE["an entity bomb"][0]).title


def test_an_old_western_encoding_is_believed_where_it_is_declared():
    data = '<?xml version="1.0" encoding="ISO-8859-1"?><movie><title>Öland</title></movie>'.encode("latin-1")

    assert read_nfo(data).title == "Öland"


@given(
    st.binary(max_size=300)
    | st.text(max_size=300).map(lambda text: f"<movie>{text}</movie>".encode("utf-8", "replace"))
)
def test_no_nfo_makes_the_reader_stumble(data):
    facts = read_nfo(data)

    assert facts is None or isinstance(facts, NfoFacts)


@pytest.mark.parametrize(
    "again",
    [
        "<movie>",
        "</movie",
        "<movie ",
        "<uniqueid ",
        "<uniqueid type=",
        "thetvdb.com/",
        "<title> ",
        "<title>" + " " * 390,
        "&",
        "imdb.com/",
    ],
)
def test_no_text_takes_long(again):
    text = ("<movie><title>A" + again * (1_900_000 // len(again))).encode()
    before = time.thread_time()

    read_nfo(text)

    assert time.thread_time() - before < 5
