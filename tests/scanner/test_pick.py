"""Picking a title by its id on the admin's page of a match."""

from __future__ import annotations

from pathlib import Path

import pytest

from scanner.models import Match
from tests.factories import make_match

pytestmark = pytest.mark.django_db


@pytest.fixture
def match(service, library, settings):
    Path(settings.STATIC_ROOT).mkdir(parents=True, exist_ok=True)  # else WhiteNoise warns
    return make_match(library=library, state="unmatched")


def pick(client, match, given, *, kind="movie"):
    answer = client.post(f"/admin/scanner/match/{match.pk}/change/", {"tmdb_id": given, "kind_of_it": kind})
    match.refresh_from_db(from_queryset=Match.objects.select_related("title"))
    return answer


def test_an_id_that_tmdb_does_not_know_is_refused_at_once(admin_client, match):
    answer = pick(admin_client, match, "99999999")

    assert "TMDB knows no movie with the id 99999999." in answer.content.decode()
    assert (match.state, match.kind, match.title) == ("unmatched", "movie", None)


def test_a_show_that_does_not_exist_makes_no_show_of_a_film(admin_client, match):
    pick(admin_client, match, "https://www.themoviedb.org/tv/2001-foo")

    assert (match.state, match.kind) == ("unmatched", "movie")


def test_an_id_that_tmdb_knows_is_picked(admin_client, match):
    pick(admin_client, match, "107")

    assert (match.state, match.title.tmdb_id, match.locked) == ("matched", 107, True)


def test_while_tmdb_does_not_answer_a_pick_is_taken_as_it_is(admin_client, service, match):
    service.fail("/movie/", status=503)

    pick(admin_client, match, "107")

    assert (match.state, match.title.tmdb_id) == ("matched", 107)
