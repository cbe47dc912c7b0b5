"""Genres as rows: kept with each description, and filled for titles that were described before."""

from __future__ import annotations

from importlib import import_module

import pytest
from django.apps import apps
from django.db import connection

from scanner.models import Genre, TitleGenre
from scanner.services import genres
from tests.factories import make_title
from tests.jobs_in_tests import run_job

pytestmark = pytest.mark.django_db


def shelves() -> set[tuple[str, str]]:
    return set(TitleGenre.objects.values_list("genre__name", "title__name"))


def test_a_description_puts_the_title_under_its_genres(service, film):
    match = film(tmdb_id=107)

    run_job("scanner.title", f"title:{match.title_id}")

    match.title.refresh_from_db()
    assert match.title.genres
    assert shelves() == {(name, match.title.name) for name in match.title.genres}


def test_a_title_leaves_genres_that_it_has_no_longer():
    title = make_title("Kiln")
    genres.shelve({title.pk: ["Drama", "Crime"]})

    genres.shelve({title.pk: ["Crime", "Comedy"]})

    assert shelves() == {("Crime", "Kiln"), ("Comedy", "Kiln")}
    assert Genre.objects.count() == 3


@pytest.mark.parametrize(
    ("given", "names"),
    [
        (None, []),
        ("Drama", []),
        ({"a": 1}, []),
        (["Drama", 7, None, "Drama", " "], ["Drama"]),
        (["  Science \n Fiction "], ["Science Fiction"]),
        (["x" * 500], ["x" * 60]),
        ([str(n) for n in range(500)], [str(n) for n in range(30)]),
    ],
)
def test_what_comes_from_outside_is_taken_as_far_as_it_goes(given, names):
    assert genres.names_of(given) == names


def test_titles_described_before_are_filled_in():
    make_title("Kiln", genres=["Drama", "Drama", 3])
    make_title("Moss", genres=["Drama", "Crime"])
    make_title("Bare")

    import_module("scanner.migrations.0004_fill_shelves").fill(apps, connection.schema_editor())

    assert shelves() == {("Drama", "Kiln"), ("Drama", "Moss"), ("Crime", "Moss")}
