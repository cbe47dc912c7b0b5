"""Identical requests in flight, and the line before a source: threads without a database."""

from __future__ import annotations

import threading
from types import SimpleNamespace

import pytest

from jobs import running
from jobs.errors import Interrupted
from outbound import client
from outbound.errors import NotFound, Transient
from outbound.flights import share
from outbound.line import Asking, Line
from outbound.reading import Reply
from outbound.waits import Patience

REPLY = Reply("http://films.example/1", "films.example", 200, "OK", {}, b"{}", data={})


class Crowd:
    """Runs calls in threads and gathers what came of them."""

    def __init__(self) -> None:
        self.results: list[object] = []
        self.threads: list[threading.Thread] = []

    def start(self, call) -> None:
        def body() -> None:
            try:
                self.results.append(call())
            except Exception as error:  # noqa: BLE001  gathered
                self.results.append(error)

        self.threads.append(threading.Thread(target=body))
        self.threads[-1].start()

    def end(self) -> list[object]:
        for thread in self.threads:
            thread.join(10)
        return self.results


def fly_together(send, *, followers: int, priority: int = 2) -> list[object]:
    """Start one, then the others while it is under way; `send(asking, landing)` waits for `landing`."""
    crowd, started, landing = Crowd(), threading.Event(), threading.Event()

    def leading(asking: Asking) -> Reply:
        started.set()
        return send(asking, landing)

    crowd.start(lambda: share("key", Asking(2), leading))
    started.wait(5)
    for _ in range(followers):
        crowd.start(lambda: share("key", Asking(priority), leading))
    while sum(thread.is_alive() for thread in crowd.threads) < followers + 1:
        pass
    threading.Timer(0.1, landing.set).start()
    return crowd.end()


def test_identical_requests_share_one():
    sent = []

    def send(asking, landing):
        sent.append(asking)
        landing.wait(5)
        return REPLY

    results = fly_together(send, followers=7)

    assert len(sent) == 1
    assert [result.body for result in results] == [b"{}"] * 8
    assert sum(result.data is not None for result in results) == 1


def test_failures_are_shared_but_not_the_object():
    def send(asking, landing):
        landing.wait(5)
        raise NotFound("no such film")

    results = fly_together(send, followers=3)

    assert {str(result) for result in results} == {"no such film"}
    assert len({id(result) for result in results}) == 4


def test_a_person_who_joins_lifts_the_priority_of_all():
    seen = []

    def send(asking, landing):
        landing.wait(5)
        seen.append(asking.priority)
        return REPLY

    fly_together(send, followers=1, priority=0)

    assert seen == [0]


def test_when_the_first_is_told_to_stop_the_next_one_sends():
    calls = []

    def send(asking, landing):
        landing.wait(5)
        calls.append(1)
        if len(calls) == 1:
            raise Interrupted
        return REPLY

    results = fly_together(send, followers=2)

    assert sum(isinstance(result, Reply) for result in results) == 2
    assert sum(isinstance(result, Interrupted) for result in results) == 1


def test_when_the_first_had_less_time_than_the_source_is_given_the_next_one_sends():
    calls = []

    def send(asking, landing):
        landing.wait(5)
        calls.append(1)
        if len(calls) == 1:
            failure = Transient("films.example did not answer in time.")
            failure.cut_short = True
            raise failure
        return REPLY

    results = fly_together(send, followers=2)

    assert sum(isinstance(result, Reply) for result in results) == 2


def test_the_best_priority_asks_first():
    line, order, crowd = Line(), [], Crowd()
    gate, all_there = threading.Event(), threading.Barrier(5)

    def wait_in_line(priority: int) -> None:
        with line.place(Asking(priority)) as place:
            all_there.wait(5)
            gate.wait(5)
            assert line.wait_for_turn(place, Patience(0))
            order.append(priority)

    for priority in (4, 2, 0, 3):
        crowd.start(lambda priority=priority: wait_in_line(priority))
    all_there.wait(5)
    gate.set()
    crowd.end()

    assert order == [0, 2, 3, 4]


def test_who_waits_in_line_loses_patience():
    line, patience = Line(), Patience(0, seconds=0.05)

    with line.place(Asking(0)), line.place(Asking(1)) as second, patience.waiting():
        assert not line.wait_for_turn(second, patience)


@pytest.mark.parametrize(
    ("job", "person", "priority"),
    [
        (None, False, 2),
        (None, True, 0),
        (SimpleNamespace(priority=4), False, 4),
        (SimpleNamespace(priority=4), True, 0),
    ],
)
def test_a_request_is_as_urgent_as_its_job_or_the_person_who_waits(monkeypatch, job, person, priority):
    monkeypatch.setattr(running, "current", lambda: job)

    if person:
        with client.asked_by_a_person():
            assert client.priority() == priority
    else:
        assert client.priority() == priority
