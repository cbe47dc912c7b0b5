"""Folders, ignored names, and the form in which titles are compared."""

from __future__ import annotations

import datetime as dt
import json

import pytest

from scanner.filenames import Guess, fold, folder_guess, is_ignored_name, is_video, parse, season_of_folder, sort_name

SEASONS = {
    "Season 1": 1,
    "Season 01": 1,
    "SEASON 12": 12,
    "Season1": 1,
    "S02": 2,
    "Specials": 0,
    "Season 0": 0,
    "Staffel 2": 2,
    "3. Staffel": 3,
    "Saison 4": 4,
    "Stagione 1": 1,
    "Temporada 2": 2,
    "Säsong 3": 3,
    "Sæson 3": 3,
    "Sesong 3": 3,
    "Seizoen 4": 4,
    "Kausi 5": 5,
    "Sezon 6": 6,
    "Sezóna 7": 7,
    "Sezonul 8": 8,
    "Évad 9": 9,
    "Сезон 1": 1,
    "シーズン 2": 2,
    "Series 3": 3,
    "Season 2019": 2019,
    "Staffel 7 (2016)": 7,
    "The Show Season 1": 1,
    "The Show S04 1080p": 4,
}


@pytest.mark.parametrize(("name", "season"), SEASONS.items(), ids=SEASONS.keys())
def test_season_folders_are_read(name, season):
    assert season_of_folder(name) == season


@pytest.mark.parametrize(
    "name", ["Extras", "300 Disc 1", "28 Weeks On (2007)", "The Show", "Show S01E02", "2025-01-28 A 5"]
)
def test_other_folders_are_no_seasons(name):
    assert season_of_folder(name) is None


FOLDERS = {
    "title and year": ("The Show (2010)", "The Show", 2010, {}),
    "title alone": ("The Show", "The Show", None, {}),
    "id": ("The Show (2010) {tvdb-7}", "The Show", 2010, {"tvdb": 7}),
    "release": ("The.Film.2010.1080p.BluRay.x264-GRP", "The Film", 2010, {}),
    "release without year": ("The.Film.1080p.BluRay.x264-GRP", "The Film", None, {}),
    "title that is a year": ("1923 (2022)", "1923", 2022, {}),
}


@pytest.mark.parametrize(("name", "title", "year", "ids"), FOLDERS.values(), ids=FOLDERS.keys())
def test_folders_of_films_and_shows_are_read(name, title, year, ids):
    guess = folder_guess(name)

    assert (guess.title, guess.year, dict(guess.ids)) == (title, year, ids)


@pytest.mark.parametrize("name", ["Movies", "TV Shows", "Serien"])
def test_a_folder_of_many_things_is_no_title(name):
    assert folder_guess(name) is None


def test_a_season_folder_is_a_season_of_its_show():
    guess = parse("The Show (2010)/Season 2")

    assert (guess.kind, guess.title, guess.year, guess.season) == ("season", "The Show", 2010, 2)


@pytest.mark.parametrize("name", ["film.mkv", "FILM.MP4", "disc.iso", "a.m2ts"])
def test_videos_are_known_by_extension(name):
    assert is_video(name)


@pytest.mark.parametrize("name", ["film.nfo", "poster.jpg", ".hidden.mkv", "mkv", "film"])
def test_other_files_are_no_videos(name):
    assert not is_video(name)


@pytest.mark.parametrize("name", [".git", "@eaDir", "#recycle", "lost+found", "Sample", "Subs", "x.trickplay"])
def test_folders_of_programs_are_ignored(name):
    assert is_ignored_name(name, is_dir=True)


@pytest.mark.parametrize("name", [".film.mkv", "Thumbs.db", "film.mkv.part"])
def test_files_of_programs_are_ignored(name):
    assert is_ignored_name(name, is_dir=False)


@pytest.mark.parametrize(("name", "is_dir"), [("Season 1", True), ("Extras", True), ("film.mkv", False)])
def test_media_is_not_ignored(name, is_dir):
    assert not is_ignored_name(name, is_dir=is_dir)


FOLDED = {
    "Amélie": "amelie",
    "Ame\u0301lie": "amelie",
    "Rock & Roll": "rock and roll",
    "It's: a Test?": "its a test",
    "WALL·E": "wall e",
    "Straße": "strasse",
    "  two   words ": "two words",
    "攻殻": "攻殻",
}


@pytest.mark.parametrize(("text", "folded"), FOLDED.items(), ids=FOLDED.keys())
def test_titles_are_folded_for_comparison(text, folded):
    assert fold(text) == folded


@pytest.mark.parametrize(
    ("title", "sorted_by"), [("The Hours", "hours"), ("A", "a"), ("Das Boot", "boot"), ("The", "the")]
)
def test_titles_are_sorted_without_their_article(title, sorted_by):
    assert sort_name(title) == sorted_by


def test_a_guess_becomes_json():
    guess = Guess(kind="episode", title="Show", episodes=(1, 2), air_date=dt.date(2020, 1, 31), ids={"tmdb": 7})

    assert json.loads(json.dumps(guess.as_dict())) == {
        "kind": "episode",
        "title": "Show",
        "episodes": [1, 2],
        "air_date": "2020-01-31",
        "ids": {"tmdb": 7},
    }
