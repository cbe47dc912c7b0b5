"""What files of other programs say, decided without a database: .plexmatch, NFOs, a foreign metadata.json."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scanner.sidecars import read_foreign_document, read_nfo, read_plexmatch, read_season_nfo

HINTS = {
    "all of it": (
        b"# a film\ntitle: The Office (UK)\nyear: 2001\ntvdbid: 78107\ntmdbid: 2996\nimdbid: tt0290978\n",
        ("The Office (UK)", 2001, {"tvdb": 78107, "tmdb": 2996, "imdb": "tt0290978"}),
    ),
    "in other letters and a byte order mark": ("\ufeffTITLE:  Öland \r\nYear:1999\r\n".encode(), ("Öland", 1999, {})),
    "a guid": (b"guid: tvdb://78107\nshow: X", ("X", None, {"tvdb": 78107})),
    "an agent's guid": (b"guid: com.plexapp.agents.imdb://tt0290978?lang=en", ("", None, {"imdb": "tt0290978"})),
    "a guid of Plex's own": (b"guid: plex://show/5d9c084fec357c001f9ab4d8", ("", None, {})),
    "an id beside a guid": (b"guid: tmdb://1\ntmdbid: 2", ("", None, {"tmdb": 2})),
    "ids that are none": (b"tmdbid: 0\ntvdbid: abc\nimdbid: 290978\nyear: 20010", ("", None, {})),
    "no hint at all": (b"just a text\n\n::::\n", ("", None, {})),
    "CP437": ("title: ░▒▓ é".encode("cp437"), ("\ufffd\ufffd\ufffd \ufffd", None, {})),
}


@pytest.mark.parametrize(("data", "wanted"), HINTS.values(), ids=HINTS)
def test_a_plexmatch_says_what_a_folder_is(data, wanted):
    found = read_plexmatch(data)

    assert (found.title, found.year, found.ids) == wanted


@pytest.mark.parametrize(
    ("line", "path", "said"),
    [
        ("ep: S01E02: a.mkv", "a.mkv", (1, (2,))),
        ("Episode: s2e03-e04: /Season 2/b c.mkv", "Season 2/b c.mkv", (2, (3, 4))),
        ("ep: 5: c: d.mkv", "c: d.mkv", (None, (5,))),
        ("ep: SP01: d.mkv", "d.mkv", (0, (1,))),
        ("ep: S01E01-E9999: e.mkv", "e.mkv", None),
        ("ep: S01E05-E01: f.mkv", "f.mkv", None),
    ],
)
def test_a_plexmatch_says_which_file_is_which_episode(line, path, said):
    assert read_plexmatch(f"season: 3\n{line}\n".encode()).episodes.get(path) == said


IDS = {
    "emby": (b"<tvshow><imdb_id>tt0944947</imdb_id><tvdbid>121361</tvdbid></tvshow>",
             {"imdb": "tt0944947", "tvdb": 121361}),
    "names in full": (b"<movie><uniqueid type='TheMovieDb'>5</uniqueid></movie>", {"tmdb": 5}),
    "no type": (b"<movie><uniqueid default='true'>tt0137523</uniqueid></movie>", {"imdb": "tt0137523"}),
    "a list of tinyMediaManager": (
        b"<movie><ids><entry><key>tmdb</key><value>5</value></entry><entry><key>x</key></entry></ids></movie>",
        {"tmdb": 5}),
    "a guide for episodes": (b'<tvshow><episodeguide>{"tmdb":"1399"}</episodeguide></tvshow>', {"tmdb": 1399}),
    "a guide of old": (b"<tvshow><episodeguide><url>http://x/1.zip</url></episodeguide></tvshow>", {}),
    "an id that was never found": (b"<movie><tmdbid>0</tmdbid><imdbid></imdbid></movie>", {}),
    "the unique one wins": (
        b"<movie><tmdbid>6</tmdbid><uniqueid type='tmdb'>5</uniqueid></movie>", {"tmdb": 5}),
}  # fmt: skip


@pytest.mark.parametrize(("data", "ids"), IDS.values(), ids=IDS)
def test_ids_are_found_however_they_are_written(data, ids):
    assert read_nfo(data).ids == ids


RATINGS = {
    "the default one": (
        "<ratings><rating/><rating name='TMDB' default='true'><value>7.4</value><votes>1,3</votes></rating></ratings>",
        ("tmdb", 7.4, 13),
    ),
    "out of a hundred": ("<ratings><rating name='rt' max='100'><value>81</value></rating></ratings>", ("rt", 8.1, 0)),
    "a bare number": ("<rating>6,5</rating>", ("nfo", 6.5, 0)),
    "none": ("<rating>0.0</rating>", None),
    "nonsense": ("<ratings><rating max='0'><value>8</value></rating></ratings>", None),
    "more than there is": ("<ratings><rating max='5'><value>8</value></rating></ratings>", None),
}


@pytest.mark.parametrize(("body", "wanted"), RATINGS.values(), ids=RATINGS)
def test_ratings_count_out_of_ten(body, wanted):
    assert read_nfo(f"<movie>{body}</movie>".encode()).rating == wanted


def test_genres_in_one_element_are_several():
    assert read_nfo(b"<movie><genre>Drama / Comedy</genre><genre>Drama</genre></movie>").genres == ("Drama", "Comedy")


@pytest.mark.parametrize(
    ("data", "wanted"),
    [
        (b"<season><title>Winter</title><seasonnumber>1</seasonnumber><plot>P</plot></season>", (1, "Winter", "P")),
        (b"<?xml?>\n<season><seasonname>S</seasonname><seasonnumber>0</seasonnumber></season>x", (0, "S", "")),
        (b"<episodedetails><season>1</season></episodedetails>", None),
        (b"<season><seasonnumber>x</seasonnumber></season>", None),
        (b"<season>" * 10_000, None),
    ],
)  # fmt: skip
def test_a_season_has_an_nfo_of_its_own(data, wanted):
    assert read_season_nfo(data) == wanted


@pytest.mark.parametrize(
    ("document", "wanted"),
    [
        ({"tmdb_id": 5, "title": "X"}, ("", "X", {"tmdb": 5})),
        ({"tmdbId": "5", "imdbId": "tt0137523", "type": "movie"}, ("movie", "", {"tmdb": 5, "imdb": "tt0137523"})),
        ({"ids": {"tmdb": 5, "tvdb": None}, "name": "X", "mediaType": "TV"}, ("show", "X", {"tmdb": 5})),
        ({"id": 5, "name": "X", "first_air_date": "2001-02-03", "poster_path": None}, ("show", "X", {"tmdb": 5})),
        ({"id": 5, "title": "a camera's own number"}, ("", "a camera's own number", {})),
        ({"title": "X", "year": 10**30}, ("", "X", {})),
        ({"id": True, "poster_path": 1, "title": ["x"]}, None),
        ([1], None),
        ({"something": "else"}, None),
    ],
)
def test_a_metadata_json_of_another_day_is_understood(document, wanted):
    found = read_foreign_document(json.dumps(document).encode())

    assert (found and (found.kind, found.title, found.ids)) == wanted


@given(st.binary(max_size=300) | st.text(max_size=300).map(lambda text: text.encode("utf-8", "surrogatepass")))
def test_nothing_makes_the_readers_stumble(data):
    read_plexmatch(b"title: x\n" + data + b"\nep: S01E01: " + data)
    read_season_nfo(b"<season>" + data + b"</season>")
    read_foreign_document(data)


@given(st.recursive(st.none() | st.booleans() | st.integers() | st.text(max_size=9), st.lists))
def test_odd_values_in_a_document_count_as_missing(value):
    names = ("id", "poster_path", "title", "name", "ids", "tmdb_id", "imdbId", "genres", "year", "runtime", "type")

    read_foreign_document(json.dumps(dict.fromkeys(names, value)).encode())
