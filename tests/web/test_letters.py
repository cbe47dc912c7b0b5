"""The letters over the Library: where a long list by name is opened."""

from __future__ import annotations

import pytest

from scanner.filenames import sort_name
from scanner.letters import letter, listed, word
from tests.web.rows import make_movie, make_title

NAMES = ("The Amber River", "Ärger", "Ballad", "1917", "Дни затмения", "مدينة الملح", "千と千尋", "Éloge")


@pytest.fixture
def titles(db):
    return [make_title(name) for name in NAMES]


def names(answer) -> list[str]:
    return [title.name for title, _strip in answer.context["cards"]]


@pytest.mark.parametrize(
    ("name", "stands_under"),
    [("The Hours", "h"), ("Éloge", "e"), ("1917", "0"), ("Ёлки", "е"), ("דרך", "ד"), ("千", "other"), ("!?", "other")],
)
def test_a_title_stands_under_one_letter(name, stands_under):
    assert letter(sort_name(name)[:1]) == stands_under


def test_letters_come_in_the_order_of_their_alphabets_and_only_those_in_use():
    assert listed("zдa7千b3") == ["0", "a", "b", "z", "д", "other"]
    assert [word(each) for each in ("0", "a", "д", "other")] == ["0–9", "A", "Д", "…"]


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("a", ["The Amber River", "Ärger"]),
        ("e", ["Éloge"]),
        ("0", ["1917"]),
        ("д", ["Дни затмения"]),
        ("م", ["مدينة الملح"]),
        ("other", ["千と千尋"]),
    ],
)
@pytest.mark.usefixtures("titles")
def test_a_letter_in_the_address_shows_what_stands_there(visit, asked, found):
    assert names(visit.get("/library/", {"letter": asked})) == found


@pytest.mark.usefixtures("titles")
@pytest.mark.parametrize("wrong", ["A", "ab", "%", "", "\0", "é"])
def test_what_is_no_letter_is_left_out(visit, wrong):
    assert len(names(visit.get("/library/", {"letter": wrong}))) == len(NAMES)


def test_letters_are_offered_for_a_long_list_by_name_alone(visit):
    for number in range(30):
        make_movie(f"{'Amber' if number % 2 else 'Kiln'} {number}")

    by_name = visit.get("/library/", {"per": 24}).content.decode()
    by_year = visit.get("/library/", {"per": 24, "sort": "year"}).content.decode()
    short = visit.get("/library/").content.decode()

    assert '<a href="?letter=k&amp;per=24">K</a>' in by_name
    assert ["letter=" in by_year, "letter=" in short] == [False, False]


def test_a_letter_keeps_the_other_filters_and_is_one_of_them(visit):
    for number in range(30):
        make_movie(f"Kiln {number}", year=1990 + number % 2)

    answer = visit.get("/library/", {"letter": "k", "year": "1990", "per": 24})
    html = answer.content.decode()

    assert answer.context["pages"].count == 15
    assert "letter: K" in html
    assert '<option value="k" selected>' in html


def test_a_letter_is_a_place_and_not_remembered(visit):
    make_movie("Kiln")
    visit.get("/library/", {"letter": "k", "type": "movie"}, headers={"Referer": "http://testserver/library/"})

    answer = visit.get("/library/")

    assert answer.headers["Location"] == "/library/?type=movie"
