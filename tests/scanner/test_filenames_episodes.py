"""Episodes: every spelling of season and number, every episode of a file, the folder's share."""

from __future__ import annotations

import datetime as dt

import pytest

from scanner.filenames import parse

PAIRS = {
    "tidy": ("Harbour Lights (2011)/Season 02/Harbour Lights - S02E07 - The Tide.mkv", "Harbour Lights", 2, (7,)),
    "dots": ("Harbour.Lights.S02E07.1080p.WEB-DL.x264-GRP.mkv", "Harbour Lights", 2, (7,)),
    "underscores": ("Harbour_Lights_-_s02_e07_-_The_Tide.avi", "Harbour Lights", 2, (7,)),
    "by x": ("Harbour Lights - 2x07 - The Tide.mkv", "Harbour Lights", 2, (7,)),
    "in words": ("Harbour Lights - Season 2 Episode 07.mkv", "Harbour Lights", 2, (7,)),
    "in German words": ("Harbour Lights Staffel 2 Folge 7.mkv", "Harbour Lights", 2, (7,)),
    "Spanish number": ("Luces - Temporada 2 [HDTV 720p][Cap.207]", "Luces", 2, (7,)),
    "in brackets": ("Harbour Lights [S02E07] The Tide.mkv", "Harbour Lights", 2, (7,)),
    "season that is a year": ("Harbour News S2019E112.mkv", "Harbour News", 2019, (112,)),
    "long running": ("Harbour Street.S22E5363.mkv", "Harbour Street", 22, (5363,)),
    "special": ("Harbour Lights/Specials/Harbour Lights - S00E03.mkv", "Harbour Lights", 0, (3,)),
    "title with dash": ("Harbour Lights - Next Watch - S01E01 - Dawn.mkv", "Harbour Lights - Next Watch", 1, (1,)),
    "title with digits": ("Agent 47 S01E02.mkv", "Agent 47", 1, (2,)),
    "title that is a number": ("1923 - S01E04.mkv", "1923", 1, (4,)),
    "initials": ("H.A.R.B.O.R.S01E06.720p.mkv", "H.A.R.B.O.R", 1, (6,)),
    "digits without letters": ("harbour.lights.207.hdtv-grp.mkv", "harbour lights", 2, (7,)),
    "site in front": ("www.example.org - Harbour Lights S02E07.mkv", "Harbour Lights", 2, (7,)),
    "name turned round": ("emoS/462x.p027.70E20S.sthgiL.ruobraH.mkv", "Harbour Lights", 2, (7,)),
    "two scripts": ("港の灯.Harbour.Lights.S02E07.1080p.mkv", "Harbour Lights", 2, (7,)),
    "season and number with a dot": ("Harbour Lights [2.07] The Tide.avi", "Harbour Lights", 2, (7,)),
    "season and number with a dot, dashed": ("Harbour Lights - 2.07 - The Tide.avi", "Harbour Lights", 2, (7,)),
    "without E, by dots": ("Harbour.Lights.s02.07.AVC-GRP.mkv", "Harbour Lights", 2, (7,)),
    "four digits behind S": ("Harbour.Lights.S0207.WEB-DL.avi", "Harbour Lights", 2, (7,)),
    "T for temporada": ("Luces - T02E07.mp4", "Luces", 2, (7,)),
    "ordinal season": ("Harbour Lights 2nd Season - 07.mkv", "Harbour Lights", 2, (7,)),
    "French accent": ("Lumières - Saison 2 Épisode 7.avi", "Lumières", 2, (7,)),
    "Portuguese accent": ("Luzes Episódio 7.avi", "Luzes", None, (7,)),
    "Russian, number first": ("Огни 2 сезон 7 серия.avi", "Огни", 2, (7,)),
    "Russian in Latin letters": ("Ogni.2.sezon.7.seria.XviD.avi", "Ogni", 2, (7,)),
    "Russian numbers": ("Огни. Сезон №2. Серия №7.avi", "Огни", 2, (7,)),
    "Hungarian": ("Fények 2. évad 7. rész.mkv", "Fények", 2, (7,)),
    "Chinese": ("灯 第07集.mkv", "灯", None, (7,)),
    "Korean": ("항구 7회.mkv", "항구", None, (7,)),
    "Dutch": ("Lichten Seizoen 2 Aflevering 7.mkv", "Lichten", 2, (7,)),
    "title in brackets": ("[Harbour.Lights].S02E07.1080p-GRP.mkv", "Harbour Lights", 2, (7,)),
    "release in brackets": ("[国家][港灯][Harbour.Lights.2011.S02E07.1080p.WEB-GRP].mkv", "Harbour Lights", 2, (7,)),
    "group that looks like a mark": ("[0x12] Harbour Lights - S02E07.mkv", "Harbour Lights", 2, (7,)),
    "aka": ("Hafenlichter AKA Harbour Lights S02E07 1080p.mkv", "Hafenlichter", 2, (7,)),
}


@pytest.mark.parametrize(("path", "title", "season", "episodes"), PAIRS.values(), ids=PAIRS.keys())
def test_season_and_episode_are_read(path, title, season, episodes):
    guess = parse(path)

    assert (guess.kind, guess.title, guess.season, guess.episodes) == ("episode", title, season, episodes)


MANY = {
    "glued": ("Show S01E01E02.mkv", (1, 2)),
    "glued with a gap": ("Show S01E01E04.mkv", (1, 4)),
    "a range": ("Show - S01E01-E03 - Name.mkv", (1, 2, 3)),
    "a range without letters": ("Show S01E01-03.mkv", (1, 2, 3)),
    "a list": ("Show S02E03-04-05.mkv", (3, 4, 5)),
    "repeated marks": ("Show - S01E02 - S01E03 - S01E04 - Name.mkv", (2, 3, 4)),
    "two marks are a range": ("Show S07E22-S07E24.mkv", (22, 23, 24)),
    "by x": ("Show 3x01-x03.mkv", (1, 2, 3)),
    "by x, in full": ("Show.3x11.3x12.mkv", (11, 12)),
    "with &": ("Show S01E05 & E06.mkv", (5, 6)),
    "without any letter": ("show.103.104.hdtv-grp.mkv", (3, 4)),
    "across seasons stands under the first": ("Show - S03E26-S04E01 - Name.mkv", (26,)),
    "in brackets": ("Show Season 1 EP(01-03) 720p.mkv", (1, 2, 3)),
    "in plural": ("Show Season 1 Episodes 1-3.mkv", (1, 2, 3)),
    "a falling number ends it": ("Show S01E05-E02.mkv", (5,)),
    "a number with an exclamation mark is a name": ("Show S01E02-36! Go!.mkv", (2,)),
    "a number in the title is no range": ("Show - S01E02 - 24 Hours.mkv", (2,)),
    "a smaller number is no range": ("Show-S12E13-3_Acts.mkv", (13,)),
    "a resolution is no range": ("show-s09e14-720i.mkv", (14,)),
    "a codec is no episode": ("Show 1x02 x264.mkv", (2,)),
}


@pytest.mark.parametrize(("path", "episodes"), MANY.values(), ids=MANY.keys())
def test_a_file_stands_for_every_episode_in_it(path, episodes):
    guess = parse(path)

    assert guess.episodes == episodes


def test_no_file_stands_for_thousands_of_episodes():
    guess = parse("Show S01E0001-E9999.mkv")

    assert len(guess.episodes) <= 200


IN_FOLDERS = {
    "number and name": ("Show (2010)/Season 01/03 - Name.mkv", "Show", 1, (3,)),
    "number alone": ("Show (2010)/Season 01/3.mkv", "Show", 1, (3,)),
    "mark alone": ("Show (2010)/Season 01/S01E03.mkv", "Show", 1, (3,)),
    "double": ("Show/Season 1/02-03 - Name.mkv", "Show", 1, (2, 3)),
    "German folder": ("Show/Staffel 2/Folge 3 - Name.mkv", "Show", 2, (3,)),
    "bare season number": ("Show/2/03 - Name.mkv", "Show", 2, (3,)),
    "absolute number in a season": ("Show/Season 2/Show - 136.mkv", "Show", 2, (136,)),
    "folder and number": ("The Show/The Show - 02 - Name.avi", "The Show", None, (2,)),
    "French folder": ("Show/Saison 2/Épisode 3.mkv", "Show", 2, (3,)),
    "Spanish folder": ("Show/Temporada 2/Capítulo 3.mkv", "Show", 2, (3,)),
    "Polish folder": ("Show/Sezon 2/Odcinek 03.mkv", "Show", 2, (3,)),
    "Russian folder": ("Show/Сезон 2/03 серия.mkv", "Show", 2, (3,)),
    "Chinese folder": ("剧/第2季/第03集.mkv", "剧", 2, (3,)),
    "Korean folder": ("Show/시즌 2/3화.mkv", "Show", 2, (3,)),
    "German word and name": ("Show/Staffel 2/Folge 03 - Name.mkv", "Show", 2, (3,)),
    "part of a season": ("Show/Season 2/Part 3.mkv", "Show", 2, (3,)),
    "chapter of a season": ("Show/Season 2/Kapitel 3 - Name.mkv", "Show", 2, (3,)),
    "number in brackets": ("Show/Season 2/(03) Name.mkv", "Show", 2, (3,)),
    "season in front of the number": ("Show/Season 2/203 - Name.mkv", "Show", 2, (3,)),
    "season behind the title": ("Show/Season 2/Show.203.Name.mkv", "Show", 2, (3,)),
    "three numbers": ("Show/Season 2/03-04-05 - Name.mkv", "Show", 2, (3, 4, 5)),
    "title that ends in a number": ("Show 13/Season 2/Show 13 - 136.mkv", "Show 13", 2, (136,)),
    "padded number, year in the folder": ("Show (2010)/03 - Name.mkv", "Show", None, (3,)),
    "padded number alone": ("Show (2010)/03.mkv", "Show", None, (3,)),
    "release with a short file": ("The.Show.S02E03.720p-GRP/grp-ts.s02e03.720p.mkv", "The Show", 2, (3,)),
    "hash in a telling folder": ("The.Show.S02E03.720p-GRP/0e895c37245186812cb08aab1529cf8e.mkv", "The Show", 2, (3,)),
    "season folder with title": ("The Show/The Show Season 2 1080p/04 - Name.mkv", "The Show", 2, (4,)),
}


@pytest.mark.parametrize(("path", "title", "season", "episodes"), IN_FOLDERS.values(), ids=IN_FOLDERS.keys())
def test_folders_say_what_the_file_does_not(path, title, season, episodes):
    guess = parse(path)

    assert (guess.title, guess.season, guess.episodes) == (title, season, episodes)


def test_the_year_comes_from_the_show_folder():
    guess = parse("Show (2010)/Season 01/Show - S01E03.mkv")

    assert guess.year == 2010


DAILY = {
    "dots": ("Late.Harbour.2020.01.31.Some.Guest.720p.mkv", dt.date(2020, 1, 31)),
    "dashes": ("Late Harbour - 2020-01-31 - Guest.mkv", dt.date(2020, 1, 31)),
    "day first": ("Late Harbour - 31-01-2020 HDTV.mkv", dt.date(2020, 1, 31)),
    "year, day, month": ("Late.Harbour.2020.31.01.PDTV.mkv", dt.date(2020, 1, 31)),
    "with a clock": ("Late Harbour 2020_01_31_19_00_00.mkv", dt.date(2020, 1, 31)),
    "eight digits": ("Late Harbour 20200131 [720p].mkv", dt.date(2020, 1, 31)),
    "six digits": ("Late_Harbour_200131_720p_HDTV.mkv", dt.date(2020, 1, 31)),
    "in words": ("Late Harbour 31st Jan 2020.mkv", dt.date(2020, 1, 31)),
}


@pytest.mark.parametrize(("path", "date"), DAILY.values(), ids=DAILY.keys())
def test_daily_shows_are_read_by_date(path, date):
    guess = parse(path)

    assert (guess.kind, guess.title, guess.air_date, guess.episodes) == ("episode", "Late Harbour", date, ())


def test_a_word_in_front_of_the_date_is_left_out():
    guess = parse("Late Harbour vom 31.01.2020.mp4")

    assert (guess.title, guess.air_date) == ("Late Harbour", dt.date(2020, 1, 31))


def test_a_date_alone_is_a_title():
    guess = parse("31.January.2020.mkv")

    assert (guess.kind, guess.title, guess.year) == ("movie", "31 January", 2020)


def test_the_year_comes_from_a_season_folder_too():
    guess = parse("Show 2010 Season 1 Complete/Show S01E02.mkv")

    assert (guess.title, guess.year) == ("Show", 2010)


def test_a_number_in_front_of_a_date_is_the_episode():
    guess = parse("Top Harbour - 07x03 - 2005.11.20.mkv")

    assert (guess.season, guess.episodes, guess.air_date) == (7, (3,), None)


PACKS = {
    "one": ("Show.S03.720p.HDTV.x264-GRP", 3, ()),
    "range": ("Show.S01-S03.1080p", 1, (1, 2, 3)),
    "range in words": ("Show Season 1-3 Complete", 1, (1, 2, 3)),
    "two": ("Show - Season 1 & 2", 1, (1, 2)),
    "one, with a codec": ("Show S03 x264", 3, ()),
    "list": ("Show Season 1, 2 & 3", 1, (1, 2, 3)),
    "two dashes": ("Show S01--S03 Complete", 1, (1, 2, 3)),
    "two in plural": ("Show - Stagioni 01-03", 1, (1, 2, 3)),
    "complete": ("Show.Complete.S01-S02.1080p", 1, (1, 2)),
    "complete in words": ("Show - The Complete Series (Season 1-2)", 1, (1, 2)),
    "with a group": ("[Group] Show S1+S2 [1080p]", 1, (1, 2)),
    "in Italian": ("Show.Stagione.3.HDTV.XviD", 3, ()),
}


@pytest.mark.parametrize(("path", "season", "seasons"), PACKS.values(), ids=PACKS.keys())
def test_packs_are_seasons(path, season, seasons):
    guess = parse(path)

    assert (guess.kind, guess.title, guess.season, guess.seasons) == ("season", "Show", season, seasons)
