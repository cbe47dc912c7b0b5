"""What a tidy tree is called: the show or film, never a season's, a disc's or an extra's folder."""

from __future__ import annotations

import pytest

from scanner.grouping import group

TREES = {
    "seasons": (
        ["Show (2010)/Season 01/Show - S01E01.mkv", "Show (2010)/Season 02/Show - S02E01.mkv"],
        [("Show (2010)", "show", "Show", 2010)],
    ),
    "seasons in another language": (
        ["Show/Staffel 1/Folge 01 - Name.mkv", "Show/Staffel 2/02 - Name.mkv"],
        [("Show", "show", "Show", None)],
    ),
    "specials": (
        ["Show (2010)/Specials/S00E01.mkv", "Show (2010)/Season 1/S01E01.mkv"],
        [("Show (2010)", "show", "Show", 2010)],
    ),
    "seasons called like the show": (
        ["Show (2010)/Show Season 1/Show S01E01.mkv", "Show (2010)/Show Season 2/Show S02E01.mkv"],
        [("Show (2010)", "show", "Show", 2010)],
    ),
    "releases": (
        ["Show/Show.S01.1080p-GRP/Show.S01E01.1080p-GRP.mkv", "Show/Show.S02E01.1080p-GRP/grp-s.s02e01.mkv"],
        [("Show", "show", "Show", None)],
    ),
    "a show that is a number": (
        ["24/Season 1/24 - S01E01.mkv", "24/Season 2/24 - 2x01.mkv"],
        [("24", "show", "24", None)],
    ),
    "a show called like extras": (
        ["Extras (2005)/Season 1/01 - Name.mkv", "Extras (2005)/Season 1/Extras - S01E02.mkv"],
        [("Extras (2005)", "show", "Extras", 2005)],
    ),
    "daily": (
        ["Late Show/Season 2020/Late Show - 2020-01-31.mkv", "Late Show/Season 2021/Late Show - 2021-01-31.mkv"],
        [("Late Show", "show", "Late Show", None)],
    ),
    "numbers alone": (
        ["Show (2010)/01.mkv", "Show (2010)/02.mkv"],
        [("Show (2010)", "show", "Show", 2010)],
    ),
    "film with bonus": (
        ["Film (1999)/Film (1999).mkv", "Film (1999)/Bonus Features/Making of.mkv", "Film (1999)/Film-trailer.mkv"],
        [("Film (1999)", "movie", "Film", 1999)],
    ),
    "film in versions": (
        ["Film (1999)/Film (1999) - 4K.mkv", "Film (1999)/Film (1999) - 1080p.mkv"],
        [("Film (1999)", "movie", "Film", 1999)],
    ),
    "film in parts": (
        ["Film (1999)/Film (1999) (Disc 1).mkv", "Film (1999)/Film (1999) (Disc 2).mkv"],
        [("Film (1999)", "movie", "Film", 1999)],
    ),
    "film on a disc": (
        ["Film (1999)/BDMV"],
        [("Film (1999)", "movie", "Film", 1999)],
    ),
    "film that is a number": (
        ["21 Moons/21 Moons.avi"],
        [("21 Moons", "movie", "21 Moons", None)],
    ),
}


@pytest.mark.parametrize(("paths", "expected"), TREES.values(), ids=TREES.keys())
def test_a_tree_is_called_like_its_show_or_film(paths, expected):
    places = [(place.key, place.kind, place.name, place.year) for place, _members in group(paths, prior="mixed")]

    assert places == expected
