"""Which candidate a name means: a clear one with its reason, or none."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scanner.matching import Candidate, best, rank


def candidate(name, year=1999, *, id=1, votes=10, original_name="", alternative_names=()):  # noqa: A002  (its name)
    return Candidate(
        id=id,
        kind="movie",
        name=name,
        original_name=original_name or name,
        year=year,
        popularity=votes / 10,
        votes=votes,
        poster_path="",
        overview="",
        alternative_names=alternative_names,
    )


CLEAR = {
    "same": ("Paper Moonrise", 1999, candidate("Paper Moonrise"), "same name, same year"),
    "year off by one": ("Paper Moonrise", 2000, candidate("Paper Moonrise"), "same name, year off by one"),
    "no year asked": ("Paper Moonrise", None, candidate("Paper Moonrise"), "same name, no year to compare"),
    "no year known": ("Paper Moonrise", 1999, candidate("Paper Moonrise", None), "same name, no year to compare"),
    "punctuation": ("Paper Moonrise The End", 1999, candidate("Paper Moonrise: The End!"), "same name, same year"),
    "accents": ("Cafe du Port", 1999, candidate("Café du Port"), "same name, same year"),
    "and": ("Rain & Snow", 1999, candidate("Rain and Snow"), "same name, same year"),
    "numerals": ("Harbour 2", 1999, candidate("Harbour II"), "same name, same year"),
    "number words": ("Harbour Part Two", 1999, candidate("Harbour: Part 2"), "same name, same year"),
    "original": (
        "Der Lange Weg",
        1999,
        candidate("The Long Way", original_name="Der lange Weg"),
        "same original name, same year",
    ),
    "alternative": (
        "The Way",
        1999,
        candidate("The Long Way", alternative_names=("The Way",)),
        "alternative title, same year",
    ),
    "spaces": ("Wall E", 1999, candidate("WALLE"), "same name but for the spaces, same year"),
    "article": ("Harbour", 1999, candidate("The Harbour"), "same name but for the article, same year"),
    "article behind": ("Harbour, The", 1999, candidate("The Harbour"), "same name, same year"),
    "country": ("The Harbour US", 1999, candidate("The Harbour"), "same name but for the country, same year"),
    "spelling": ("Paper Moonrize", 1999, candidate("Paper Moonrise"), "nearly the same name, same year"),
    "beginning": (
        "Birds of the Harbour",
        1999,
        candidate("Birds of the Harbour and the One Quay"),
        "one name begins with the other, same year",
    ),
}


@pytest.mark.parametrize(("name", "year", "found", "reason"), CLEAR.values(), ids=CLEAR.keys())
def test_a_clear_candidate_is_taken_and_says_why(name, year, found, reason):
    verdict = best(name, year, [found, candidate("Something Else", 1999, id=2, votes=99_999)])

    assert verdict is not None
    assert (verdict.candidate, verdict.reason) == (found, reason)


UNCLEAR = {
    "nobody": ("Paper", 1999, []),
    "another name": ("Paper", 1999, [candidate("Stone")]),
    "another year": ("Paper", 1999, [candidate("Paper", 1950)]),
    "another number": ("Paper 2", 1999, [candidate("Paper 3")]),
    "a number too many": ("Paper", 1999, [candidate("Paper 2")]),
    "two namesakes without a year": ("Paper", None, [candidate("Paper", 1950), candidate("Paper", 1990, id=2)]),
    "two namesakes of one year": ("Paper", 1999, [candidate("Paper"), candidate("Paper", id=2, votes=20)]),
    "a short beginning": ("Dunes", 1999, [candidate("Dunes of Paper")]),
    "a close spelling without a year": ("Paper Moon", None, [candidate("Paper Moons")]),
    "no name": ("", 1999, [candidate("Paper")]),
    "only punctuation": ("!!!", 1999, [candidate("???")]),
    "one year before and one after": ("Paper", 1999, [candidate("Paper", 1998), candidate("Paper", 2000, id=2)]),
}


@pytest.mark.parametrize(("name", "year", "found"), UNCLEAR.values(), ids=UNCLEAR.keys())
def test_what_is_not_clear_is_left_to_a_person(name, year, found):
    assert best(name, year, found) is None


def test_the_year_decides_between_namesakes():
    old, new = candidate("Paper", 1950, votes=99_999), candidate("Paper", 1999, id=2, votes=1)

    assert best("Paper", 1999, [old, new]).candidate == new


def test_the_exact_year_beats_the_year_beside_it():
    beside, exact = candidate("Paper", 1998, votes=99_999), candidate("Paper", 1999, id=2, votes=1)

    assert best("Paper", 1999, [beside, exact]).candidate == exact


def test_fame_settles_a_tie_only_where_it_leaves_no_doubt():
    known, unknown = candidate("Paper", 1950, votes=5000), candidate("Paper", 1990, id=2, votes=12)

    verdict = best("Paper", None, [unknown, known])

    assert verdict.candidate == known
    assert verdict.reason == "same name, no year to compare, far better known than its namesakes"


def test_fame_never_beats_the_name():
    famous, right = candidate("Paper Moons", votes=99_999), candidate("Paper Moon", id=2, votes=0)

    assert best("Paper Moon", 1999, [famous, right]).candidate == right


def test_all_candidates_are_ranked_each_with_its_reason():
    found = [candidate("Stone", 1950), candidate("Paper", 2000, id=2), candidate("Paper", 1999, id=3)]

    ranked = rank("Paper", 1999, found)

    assert [each.candidate.id for each in ranked] == [3, 2, 1]
    assert [each.reason for each in ranked] == [
        "same name, same year",
        "same name, year off by one",
        "another name, another year",
    ]


@given(st.text(max_size=40), st.text(max_size=40), st.none() | st.integers(1800, 2100))
def test_any_name_can_be_judged(name, other, year):
    (verdict,) = rank(name, year, [candidate(other)])

    assert 0 <= verdict.score <= 100
