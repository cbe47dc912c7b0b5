"""The breaker: one probe, longer each time, and old results change nothing."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from jobs.errors import Interrupted
from jobs.models import Hold
from journal.models import Event
from outbound import breaker, exchange, gate, services, sources
from outbound.budget import Permit
from outbound.client import Client
from outbound.errors import Transient
from outbound.line import Asking
from outbound.models import Source
from outbound.waits import Wait
from tests.fakes import stub as stubs

START = "2026-03-01 12:00:00Z"


@pytest.fixture
def films(source):
    sources.ready(source)
    return source


def row() -> Source:
    return Source.objects.fresh("films")


def ask() -> Permit | Wait:
    return gate.ask("films", Asking(2), timeout=15, credentials="")


def fail(times: int = 1) -> None:
    for _ in range(times):
        breaker.failed(ask(), "films answered 500.")


def after_it_opened(clock) -> None:
    clock.move_to(row().open_until + timedelta(seconds=1))


def test_it_opens_after_five_failures_in_a_row_and_says_so(films):
    fail(4)
    assert row().circuit == "closed"

    fail()

    assert row().circuit == "open"
    assert Hold.objects.get().until == row().open_until
    assert "failed 5 times in a row" in Event.objects.get(subject="outbound.source:films").reason


def test_life_in_between_starts_the_count_again(films):
    fail(4)

    breaker.succeeded(ask())
    fail(4)

    assert row().circuit == "closed"


def test_success_writes_nothing_while_there_are_no_failures(films, django_assert_num_queries):
    permit = ask()

    with django_assert_num_queries(1):
        breaker.succeeded(permit)


def test_exactly_one_probe_goes_through(films):
    with time_machine.travel(START, tick=False) as clock:
        fail(5)
        after_it_opened(clock)

        probe, other = ask(), ask()

    assert isinstance(probe, Permit)
    assert probe.is_probe
    assert isinstance(other, Wait)


def test_a_probe_that_is_answered_closes_the_circuit(films):
    with time_machine.travel(START, tick=False) as clock:
        fail(5)
        after_it_opened(clock)
        breaker.succeeded(ask())

    assert (row().circuit, row().failures, row().opened_times) == ("closed", 0, 0)
    assert not Hold.objects.exists()


def test_a_probe_that_fails_opens_it_for_longer(films):
    lengths = []
    with time_machine.travel(START, tick=False) as clock:
        fail(5)
        for _ in range(8):
            lengths.append((row().open_until - timezone.now()).total_seconds())
            after_it_opened(clock)
            fail()

    assert lengths == [60, 120, 240, 480, 960, 1920, 3600, 3600]


def test_another_may_try_when_the_prober_died(films):
    with time_machine.travel(START, tick=False) as clock:
        fail(5)
        after_it_opened(clock)
        dead = ask()
        clock.shift(15 + breaker.PROBE_GRACE + 1)
        second = ask()
        breaker.failed(dead, "too late")

    assert second.is_probe
    assert row().circuit == "half_open"


def test_a_prober_that_is_told_to_stop_lets_another_try(films, monkeypatch):
    with time_machine.travel(START, tick=False) as clock:
        fail(5)
        after_it_opened(clock)
        monkeypatch.setattr(exchange, "_send", lambda *_: (_ for _ in ()).throw(Interrupted))
        with pytest.raises(Interrupted):
            Client("films").get_json("/movie/1")

        assert ask().is_probe


def test_results_of_an_older_epoch_change_nothing(films):
    in_flight = [ask() for _ in range(16)]

    for permit in in_flight:
        breaker.failed(permit, "films answered 500.")

    assert (row().circuit, row().opened_times, row().failures) == ("open", 1, 5)
    breaker.succeeded(in_flight[0])
    assert row().circuit == "open"


def test_a_clock_that_goes_back_makes_no_opening_longer(films):
    with time_machine.travel(START, tick=False) as clock:
        fail(5)
        clock.shift(-3_600)

        assert isinstance(ask(), Permit)


def test_a_person_resets_it(films):
    fail(5)

    services.reset(row(), actor="ann")

    assert row().circuit == "closed"
    assert not Hold.objects.exists()
    assert isinstance(ask(), Permit)
    assert Event.objects.filter(actor="ann").exists()


def test_other_workers_see_what_one_learnt(client, stub):
    stub.on("*", stubs.status(500))

    for number in range(5):
        with pytest.raises(Transient):
            Client("films").get_json(f"/{number}")

    assert isinstance(ask(), Wait)
