"""Pauses of a whole source, and clocks that move under them."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from jobs.models import Hold
from outbound import gate, pauses, services, sources
from outbound.budget import Permit
from outbound.errors import Blocked, NotConfigured, RateLimited
from outbound.line import Asking
from outbound.models import Source
from outbound.waits import Wait

START = "2026-03-01 12:00:00Z"


@pytest.fixture
def films(source):
    sources.ready(source)
    return source


def ask(credentials: str = "") -> Permit | Wait:
    return gate.ask("films", Asking(0), timeout=15, credentials=credentials)


def pause(seconds: float | None = 60.0, failure=RateLimited) -> float:
    return pauses.pause("films", failure, "we are asked to slow down.", asked=seconds, first=900)


def test_a_pause_stops_people_too_and_holds_the_jobs(films):
    with time_machine.travel(START, tick=False):
        pause()

        wait = ask()

        assert (wait.seconds, wait.failure) == (60, RateLimited)
        assert Hold.objects.get(source="films").until == timezone.now() + timedelta(seconds=60)


def test_the_longer_pause_stays(films):
    with time_machine.travel(START, tick=False):
        pause(60, Blocked)
        pause(5, RateLimited)

        assert (ask().seconds, ask().failure) == (60, Blocked)


def test_a_pause_ends_by_itself(films):
    with time_machine.travel(START, tick=False) as clock:
        pause()
        clock.shift(61)

        assert isinstance(ask(), Permit)


def test_a_clock_that_goes_back_makes_no_pause_longer_and_ends_none(films):
    with time_machine.travel(START, tick=False) as clock:
        pause()
        clock.shift(-3_600)

        assert ask().seconds == 60
        clock.shift(59)
        assert ask().seconds == 1
        clock.shift(2)
        assert isinstance(ask(), Permit)


def test_a_wall_met_again_pauses_twice_as_long(films):
    with time_machine.travel(START, tick=False) as clock:
        assert pause(None, Blocked) == 900
        clock.shift(901)
        assert pause(None, Blocked) == 1_800
        clock.shift(7_200)
        assert pause(None, Blocked) == 900


def test_refused_credentials_wait_for_other_ones(films):
    pauses.refuse_credentials("films", "hash of the key", "films answered 401.")

    assert ask("hash of the key").failure is NotConfigured
    assert isinstance(ask("hash of another key"), Permit)


def test_a_refused_key_is_seen_as_a_pause_and_held_for_another_day(films):
    with time_machine.travel(START, tick=False) as clock:
        pauses.refuse_credentials("films", "hash of the key", "films answered 401.")
        first = Source.objects.fresh("films").paused_until
        clock.shift(86_401)

        assert ask("hash of the key").reason == "films answered 401."

        assert Source.objects.fresh("films").paused_until > first
        assert Hold.objects.get().until > timezone.now() + timedelta(hours=23)


def test_a_person_ends_every_pause(films):
    pause()
    pauses.refuse_credentials("films", "hash of the key", "films answered 401.")

    services.reset(Source.objects.fresh("films"), actor="ann")

    assert isinstance(ask("hash of the key"), Permit)
    assert not Hold.objects.exists()
