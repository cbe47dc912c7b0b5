"""`move()`: a guarded change of state, its reason and its event, all or nothing."""

from __future__ import annotations

import copy

import pytest
from django.db import DatabaseError

from journal import moves
from journal.models import Event
from journal.moves import move
from scanner.models import Match
from tests.web.rows import make_match, make_title

pytestmark = pytest.mark.django_db


def stored(match: Match) -> dict[str, object]:
    rows = Match.objects.filter(pk=match.pk)
    return rows.values("state", "reason", "name")[:1][0]


def test_a_move_changes_the_row_and_what_was_read_and_writes_the_event():
    match = make_match(state="new", name="Kiln")

    assert move(match, "unmatched", reason="no name is near", facts={"asked": 1}, actor="ann", name="Kiln 2")

    assert stored(match) == {"state": "unmatched", "reason": "no name is near", "name": "Kiln 2"}
    assert (match.state, match.reason, match.name) == ("unmatched", "no name is near", "Kiln 2")
    event = Event.objects.get()
    assert event.subject == f"scanner.match:{match.pk}"
    assert (event.old, event.new, event.reason) == ("new", "unmatched", "no name is near")
    assert (event.facts, event.actor) == ({"asked": 1}, "ann")


def test_who_is_slower_changes_nothing_and_is_told_so():
    quick = make_match(state="new", name="Kiln")
    slow = copy.copy(quick)

    assert move(quick, "matched", reason="the same name and year")
    assert not move(slow, "unmatched", reason="no name is near", name="Nothing")

    assert stored(quick) == {"state": "matched", "reason": "the same name and year", "name": "Kiln"}
    assert (slow.state, slow.name) == ("new", "Kiln")
    assert list(Event.objects.values_list("new", flat=True)) == ["matched"]


def test_a_row_that_is_gone_is_not_moved():
    match = make_match(state="new")
    other = copy.copy(match)
    match.delete()

    assert not move(other, "matched", reason="the same name and year")
    assert not Event.objects.exists()


def test_only_the_row_itself_is_moved():
    match, neighbour = make_match(state="new"), make_match(state="new")

    move(match, "matched", reason="the same name and year")

    assert stored(neighbour)["state"] == "new"


def test_without_its_event_a_move_does_not_happen(monkeypatch):
    match = make_match(state="new", name="Kiln")

    def disk_full(*_args, **_fields):
        raise DatabaseError("disk full")

    monkeypatch.setattr(moves, "record", disk_full)

    with pytest.raises(DatabaseError):
        move(match, "matched", reason="the same name and year")

    assert stored(match)["state"] == "new"
    assert match.state == "new"


def test_a_model_that_keeps_no_reason_is_moved_all_the_same():
    title = make_title(state="new")

    assert move(title, "indexed", reason="described")
    assert Event.objects.get().reason == "described"
