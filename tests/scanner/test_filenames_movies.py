"""Films: title, year, versions, stacks, discs, ids and extras."""

from __future__ import annotations

import pytest

from scanner.filenames import parse

FILMS = {
    "tidy": ("Paper Moonrise (1999)/Paper Moonrise (1999).mkv", "Paper Moonrise", 1999),
    "flat release": ("Paper.Moonrise.1999.1080p.BluRay.x264-GRP.mkv", "Paper Moonrise", 1999),
    "spaces": ("Paper Moonrise 1999 REMASTERED 1080p.mkv", "Paper Moonrise", 1999),
    "year in front": ("(1999) Paper Moonrise.mkv", "Paper Moonrise", 1999),
    "last year counts": ("Paper.1984.1999.1080p.WEB-DL.mkv", "Paper 1984", 1999),
    "title that is a year": ("1917 (2019).mkv", "1917", 2019),
    "future year in the title": ("Paper Runner 2049 (2017).mkv", "Paper Runner 2049", 2017),
    "old film": ("Leaving the Harbour (1897) [DVD].mp4", "Leaving the Harbour", 1897),
    "title that is a number alone": ("1984.mkv", "1984", None),
    "number at the end": ("300 - 2 (2006).mkv", "300 - 2", 2006),
    "number in front in brackets": ("(500) Days of Rain (2009).mkv", "(500) Days of Rain", 2009),
    "brackets of the title": ("Bird or (The Price) (2014).mkv", "Bird or (The Price)", 2014),
    "initials": ("The.Man.from.H.A.R.B.O.R.2015.1080p.mkv", "The Man from H.A.R.B.O.R", 2015),
    "word that is also a mark": ("Spider's.Web.1999.1080p.BluRay.mkv", "Spider's Web", 1999),
    "German release": ("Der.Lange.Weg.German.2011.PAL.DVDR-GRP.mkv", "Der Lange Weg", 2011),
    "German in an English title": ("The.Good.German.2006.720p.BluRay.mkv", "The Good German", 2006),
    "edition in front of the year": ("Paper.Moonrise.EXTENDED.1999.1080p.mkv", "Paper Moonrise", 1999),
    "generic file": ("Paper Moonrise (1999)/movie.mkv", "Paper Moonrise", 1999),
    "hash": ("Paper Moonrise (1999)/0e895c37245186812cb08aab1529cf8e.mkv", "Paper Moonrise", 1999),
    "scene abbreviation": ("Paper.Moonrise.1999.720p-GRP/grp-papmoo.720p.mkv", "Paper Moonrise", 1999),
    "site": ("www.example.com - Paper.Moonrise.1999.720p.mkv", "Paper Moonrise", 1999),
    "three digits are no episode": ("300 Collection/300 Sons of a King.mkv", "300 Sons of a King", None),
    "brackets that are the title": ("[KEY] 2 (2009)/[KEY] 2 (2009).mkv", "[KEY] 2", 2009),
    "number in front": ("10 Harbour Lane.mkv", "10 Harbour Lane", None),
    "number at the end, no folder": ("Moonrise 13.mkv", "Moonrise 13", None),
    "number at the end, in a genre's folder": ("Movies/Action/Moonrise 3.mkv", "Moonrise 3", None),
    "large number behind a word": ("Mr. 3000.mkv", "Mr. 3000", None),
    "number among words": ("the h@rbour 765 pro story.mkv", "the h@rbour 765 pro story", None),
    "number alone, in a folder of many": ("Movies/42.mkv", "42", None),
    "called like its folder": ("21 Moons/21 Moons.avi", "21 Moons", None),
    "dash behind a number": ("Moonrise 2 - Paper Day.mkv", "Moonrise 2 - Paper Day", None),
    "dash between words": ("Paper - Just One of Those Moons.mkv", "Paper - Just One of Those Moons", None),
    "counted in a folder of a series": ("Moon Collection/03 - Paper Moonrise (1999).mkv", "Paper Moonrise", 1999),
    "short file in a telling folder": ("Paper Moonrise (1999)/PM.1999.mkv", "Paper Moonrise", 1999),
    "year in front in square brackets": ("[1999] Paper Moonrise.mkv", "Paper Moonrise", 1999),
    "letter in brackets in front": ("(P)aper Moonrise - Part 1 (1999).mkv", "(P)aper Moonrise - Part 1", 1999),
    "Russian year": ("Бумажная луна 1999г. BDRip.mkv", "Бумажная луна", 1999),
    "two scripts": ("纸月-英语.Paper.Moonrise.1999.BluRay.1080p.mkv", "Paper Moonrise", 1999),
    "two scripts, group": ("[Group] 紙の月 Paper Moonrise (BD 1280x720 AAC [5.1]).mp4", "Paper Moonrise", None),
    "wide brackets": ("纸月（1999）.mkv", "纸月", 1999),
    "two names": ("Paper.Moonrise.AKA.Luna.di.Carta.1999.1080p.BluRay.mkv", "Paper Moonrise", 1999),
    "site without a w": ("ww.example.sbs - Paper Moonrise (1999) HDRip.mkv", "Paper Moonrise", 1999),
    "a fight is no episode": ("FHT.179.PPV.HDTV.x264-GRP.mkv", "FHT 179", None),
    "bytes that are no UTF-8": ("Caf\\xe9 du Port (1999).mkv", "Café du Port", 1999),
    "accents, decomposed": ("Cafe\u0301 du Port (1999).mkv", "Café du Port", 1999),
}


@pytest.mark.parametrize(("path", "title", "year"), FILMS.values(), ids=FILMS.keys())
def test_films_are_read(path, title, year):
    guess = parse(path)

    assert (guess.kind, guess.title, guess.year) == ("movie", title, year)


VERSIONS = {
    "label": ("Film (1999)/Film (1999) - 4K.mkv", "4K"),
    "resolution": ("Film.1999.2160p.WEB-DL.mkv", "4K"),
    "Plex tag": ("Film (1999) {edition-Harbour Cut}.mkv", "Harbour Cut"),
    "edition and resolution": ("Film.1999.Directors.Cut.1080p.mkv", "Directors Cut 1080p"),
    "none": ("Film (1999).mkv", None),
    "a word of the title": ("Uncut.Paper.1999.DVDRip.mkv", None),
    "an episode's": ("Show (1999)/Season 1/Show - S01E01 - Name [2160p].mkv", "4K"),
}


@pytest.mark.parametrize(("path", "version"), VERSIONS.values(), ids=VERSIONS.keys())
def test_versions_of_a_film_are_told_apart(path, version):
    assert parse(path).version == version


STACKS = {
    "cd": ("Film (1999) - CD2.avi", 2),
    "part, glued": ("Film (1999) part1.mkv", 1),
    "disc in brackets": ("Film (1999) (Disc 2).mkv", 2),
    "disc folder": ("Film (1999)/Disc 2/film.avi", 2),
    "a film in parts is no stack": ("The Long Road Part 2.mkv", None),
    "a number at the end is no stack": ("Film 2.mkv", None),
}


@pytest.mark.parametrize(("path", "part"), STACKS.values(), ids=STACKS.keys())
def test_stacks_are_read(path, part):
    assert parse(path).part == part


@pytest.mark.parametrize("inside", ["BDMV/STREAM/00001.m2ts", "BDMV", "VIDEO_TS/VTS_01_1.VOB", "VIDEO_TS"])
def test_a_disc_is_one_film(inside):
    guess = parse(f"Film (1999) {{tmdb-7}}/{inside}")

    assert (guess.kind, guess.title, guess.year, dict(guess.ids)) == ("movie", "Film", 1999, {"tmdb": 7})


IDS = {
    "folder": ("Film (1999) [tmdbid-7]/Film (1999).mkv", {"tmdb": 7}),
    "file": ("Film (1999) {imdb-tt0000007}.mkv", {"imdb": "tt0000007"}),
    "both": ("Show [tvdbid-7]/Season 1/Show S01E01 [tmdbid=8].mkv", {"tvdb": 7, "tmdb": 8}),
    "round brackets": ("Film (1999) (tvdb=7).mkv", {"tvdb": 7}),
    "bare imdb": ("Film 1999 tt0000007 720p.mkv", {"imdb": "tt0000007"}),
    "behind a space": ("Film (1999) {tmdb 7}.mkv", {"tmdb": 7}),
    "first one counts": ("Film [tmdb-7][tmdbid=8].mkv", {"tmdb": 7}),
    "brackets must match": ("Film {tmdb-7].mkv", {}),
    "nothing inside": ("Film [tmdb-].mkv", {}),
    "not a number": ("Film [tmdb-seven].mkv", {}),
    "other services": ("Show [anidbid=7][anilistid=8][tvmazeid-9]", {"anidb": 7, "anilist": 8, "tvmaze": 9}),
}


@pytest.mark.parametrize(("path", "ids"), IDS.values(), ids=IDS.keys())
def test_ids_in_names_are_read(path, ids):
    assert dict(parse(path).ids) == ids


EXTRAS = {
    "suffix": ("Film (1999)/Film (1999)-trailer.mkv", "trailer"),
    "suffix with dot": ("Film.1999.1080p.sample.mkv", "sample"),
    "suffix with number": ("Film (1999)-scene2.mkv", "scene"),
    "deleted": ("Film (1999)-deleted.mkv", "deletedscene"),
    "whole name": ("Film (1999)/trailer.mkv", "trailer"),
    "folder": ("Film (1999)/Behind the Scenes/Building the Set.mkv", "behindthescenes"),
    "folder of a disc's bonus": ("Film (1999)/Bonus Features/One.mkv", "other"),
    "folder in any case": ("Film (1999)/FEATURETTES/One.mkv", "featurette"),
    "folder in a season": ("Show/Season 1/Extras/Gag Reel.mkv", "other"),
    "folder below a folder": ("Film (1999)/Extras/Disc 1/One.mkv", "other"),
    "bonus number": ("Harbour_Lights-x02-Making_Of.mkv", "other"),
}


@pytest.mark.parametrize(("path", "extra_type"), EXTRAS.values(), ids=EXTRAS.keys())
def test_extras_are_told_from_films(path, extra_type):
    guess = parse(path)

    assert (guess.kind, guess.extra_type) == ("extra", extra_type)


NO_EXTRAS = {
    "a film called so": "The DNA Sample (1999).mkv",
    "a show called so": "Extras/Extras S01E01.mkv",
    "a scene group": "Show.S01E02.720p.x264-SCENE.mkv",
    "a folder that is not quite so": "Film (1999)/not a scene/Film (1999).mkv",
}


@pytest.mark.parametrize("path", NO_EXTRAS.values(), ids=NO_EXTRAS.keys())
def test_what_only_sounds_like_an_extra_is_none(path):
    assert parse(path).kind != "extra"


def test_an_extra_belongs_to_the_title_of_its_folder():
    guess = parse("Film (1999)/Extras/Building the Set.mkv")

    assert (guess.title, guess.year) == ("Film", 1999)


@pytest.mark.parametrize("name", ["0e895c37245186812cb08aab1529cf8ee389dd05.mkv", "ah63jka93jf0jh26ahjas961.mkv"])
def test_a_hash_says_nothing(name):
    assert parse(name) is None
