"""Nodes that do not see the files leave the work on them to those that do."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from jobs import pools, presence, queue, sight
from jobs.drain import Drain
from jobs.models import Drain as DrainRow
from jobs.models import Job

BLIND = ["metadata"]  # where test.plain runs


@pytest.fixture(autouse=True)
def _no_n_plus_one():
    """Looking again and again is what a drain does."""


@pytest.fixture(autouse=True)
def _this_node_is_blind(monkeypatch):
    monkeypatch.setattr(sight, "_checks", [(frozenset(BLIND), lambda: False)])


def other_node(**fields) -> DrainRow:
    return DrainRow.objects.create(name="elsewhere", node="elsewhere", pid=1, pid_started=0, **fields)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("others", "left"),
    [
        ([], set()),
        ([{}], {"metadata"}),
        ([{"blind_to": BLIND}], set()),
        ([{"role": "foreground"}], set()),
        ([{"beat_at": timezone.now() - timedelta(minutes=5)}], set()),
    ],
    ids=["alone", "another sees", "another is blind too", "another is only a command", "another has died"],
)
def test_work_is_left_to_others_only_where_they_can_do_it(others, left):
    own = presence.register(DrainRow.Role.WORKER)
    for fields in others:
        other_node(**fields)

    assert sight.left_to_others(own) == left


@pytest.mark.django_db
def test_what_a_node_is_blind_to_is_written_down_for_the_others():
    own = presence.register(DrainRow.Role.WORKER)
    other_node()

    sight.left_to_others(own)

    assert DrainRow.objects.get(pk=own.pk).blind_to == BLIND


def test_a_drain_takes_what_it_left_once_nobody_else_can(both_databases):
    pools.ensure()
    queue.enqueue(queue.Work(kind="test.plain", key="film"))
    other_node(beat_at=timezone.now())

    states = []
    for _time in range(2):
        drain = Drain()
        drain.turn()
        drain.leave()  # which waits for what it took
        states.append(Job.objects.get(key="film").state)
        DrainRow.objects.filter(name="elsewhere").delete()

    assert states == ["ready", "done"]
