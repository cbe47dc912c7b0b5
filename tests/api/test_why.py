"""The API says why a thing is as it is in as many words as the pages do."""

from __future__ import annotations

import pytest

from journal.moves import record
from outbound.models import Source
from scanner.models import Episode
from tests.api.household import CANDIDATE
from tests.web.rows import make_file, make_job, make_match, make_movie, make_show

pytestmark = pytest.mark.django_db


def test_an_unclear_match_tells_what_was_refused_and_what_helps(reader):
    lost = make_match(key="Lost", state="unmatched", name="Lost", year=2020, candidates=[CANDIDATE])
    record(lost, reason="no candidate is clearly ahead")

    told = reader.get(f"/why/match/{lost.pk}").json()

    assert (told["scope"], told["state"]) == ("match", "unmatched")
    assert told["rule"].startswith("The best candidate fits")
    assert told["next"].startswith("It waits for you")
    assert {"name": "Year read", "value": "2020"} in told["inputs"]
    assert [(one["what"], one["taken"]) for one in told["considered"]] == [("Kiln (2021)", False)]
    assert told["events"][0]["reason"] == "no candidate is clearly ahead"


def test_a_title_tells_the_whole_of_it_where_it_is_asked_for_alone(reader):
    title = make_movie("Kiln", tmdb_id=603, described_by="tmdb")
    make_job(f"title:{title.pk}", reason="its refresh is due")

    alone = reader.get(f"/titles/{title.pk}", include="why").json()["why"]
    in_a_list = reader.get("/titles", include="why").json()["items"][0]["why"]

    assert (alone["state"], alone["rule"]) == ("INDEXED", "TMDB describes it.")
    assert [step["what"] for step in alone["steps"]] == ["Describe"]
    assert alone["considered"][0]["taken"]
    assert alone["inputs"]
    assert "considered" not in in_a_list


def test_everything_that_has_a_page_of_reasons_has_a_document_of_them(reader):
    show = make_show(owned=1)
    Source.objects.create(name="tmdb", rules=[[35, 10]])
    episode, job = Episode.objects.get(), make_job(f"title:{show.pk}")
    file = make_file(make_match())

    for thing in (f"episode/{episode.pk}", f"job/{job.pk}", f"file/{file.pk}", "source/tmdb", f"title/{show.pk}"):
        told = reader.get(f"/why/{thing}")
        assert told.status_code == 200, thing
        assert told.json()["rule"], thing
    for thing in ("title/4711", "title/x", "source/other", "job/" + "9" * 40):
        assert reader.get(f"/why/{thing}").status_code == 404, thing
    assert reader.get("/why/cat/1").status_code == 422


def test_it_is_said_in_english_whatever_the_language(reader):
    show = make_show()

    told = reader.get(f"/why/title/{show.pk}", headers={"Accept-Language": "de"}).json()

    assert {"Nothing", "TMDB", "Only", "It"} & set(f"{told['rule']} {told['next']}".split())
