"""The actions of the pages of titles, seasons and files, for programs."""

from __future__ import annotations

import pytest

from journal.models import Event
from scanner.models import Episode, Match
from tests.web.rows import make_file, make_match, make_movie, make_show, make_title

pytestmark = pytest.mark.django_db


def test_several_titles_are_locked_at_once_and_one_event_tells(program, reader):
    titles = [make_movie("A"), make_movie("B")]
    asked = {"do": "lock", "ids": [*(title.pk for title in titles), 4711]}

    told = program.post("/titles/bulk", asked)

    assert (told.status_code, told.json()) == (202, {"titles": 2, "later": False})
    assert Match.objects.filter(locked=True).count() == 2
    assert Event.objects.filter(actor__startswith="Test").count() == 1
    assert reader.post("/titles/bulk", asked).status_code == 403
    assert program.post("/titles/bulk", {"do": "burn", "ids": [1]}).status_code == 422


def test_episodes_are_ignored_and_others_left_alone(actor):
    show, other = make_show(owned=0, missing=2), make_show("Other", owned=0, missing=1)
    first, foreign = Episode.objects.filter(title=show).first(), Episode.objects.get(title=other)

    told = [
        actor.post(f"/titles/{show.pk}/wishes", {"wish": "ignored", "episodes": [first.pk, foreign.pk]}).json()
        for _ in range(2)
    ]

    assert [one["episodes"] for one in told] == [1, 0]
    assert list(Episode.objects.filter(wish="ignored")) == [first]
    assert actor.post("/titles/4711/wishes", {"wish": "", "episodes": [1]}).status_code == 404


def test_the_last_decision_is_taken_back_once(program):
    match = make_match(make_title("Kiln"))
    program.post(f"/matches/{match.pk}/ignore")

    answers = [program.post(f"/matches/{match.pk}/undo") for _ in range(2)]

    assert [answer.status_code for answer in answers] == [200, 409]
    assert (answers[0].json()["state"], answers[0].json()["title"]) == ("MATCHED", "Kiln")


def test_a_file_is_looked_into_again_while_it_is_there(actor):
    match = make_match()
    file, gone = make_file(match), make_file(match, state="missing")

    assert actor.post(f"/items/{file.pk}/look-again").status_code == 202
    assert actor.post(f"/items/{gone.pk}/look-again").status_code == 409
    assert actor.post("/items/4711/look-again").status_code == 404


def test_what_was_said_of_episodes_is_taken_back_once(actor):
    show = make_show(owned=0, missing=2)
    ids = list(Episode.objects.values_list("pk", flat=True))

    event = actor.post(f"/titles/{show.pk}/wishes", {"wish": "ignored", "episodes": ids}).json()["event"]
    back = [actor.post(f"/titles/{show.pk}/wishes/undo", {"event": event}) for _ in range(2)]

    assert [answer.status_code for answer in back] == [200, 409]
    assert back[0].json()["episodes"] == 2
    assert not Episode.objects.exclude(wish="").exists()
