"""The rules alone: no clock, no database."""

from __future__ import annotations

import random

import pytest

from outbound.pacing import Rule, Stamp, wait_for

TEN = Rule(10, 10.0)
NOW = 1_000.0


def ages(*seconds: float) -> list[Stamp]:
    """Grants that arrived and were taken so many seconds ago, latest first."""
    return [Stamp(NOW - age, NOW - age) for age in sorted(seconds)]


@pytest.mark.parametrize(
    ("rules", "stamps", "person", "wait"),
    [
        ([TEN], [], False, 0),
        ([], ages(1, 2, 3), False, 0),
        ([TEN], ages(*[0.1] * 4), False, 0),
        ([TEN], ages(*[0.1] * 5), False, 0.8),
        ([TEN], ages(*[0.1] * 5), True, 0),
        ([TEN], ages(*[3] * 10), True, 7),
        ([TEN], ages(*[3] * 9, 10), True, 0),
        ([TEN], [Stamp(NOW + 15, NOW)] * 10, True, 10),
        ([Rule(35, 10.0)], ages(*[5] * 34), True, 0),
        ([Rule(35, 10.0)], ages(*[5] * 34), False, 5),
        ([Rule(35, 10.0), Rule(10, 1.0)], ages(*[0.25] * 10), True, 0.75),
    ],
    ids=[
        "nothing sent yet",
        "no rules",
        "the first half goes at once",
        "then a distance is kept",
        "not by a person",
        "a full budget waits for the oldest",
        "which has just left",
        "a request in flight may arrive now at the earliest",
        "the last place is a person's",
        "not the background's",
        "the tightest rule counts",
    ],
)
def test_a_request_waits_as_long_as_the_rules_say(rules, stamps, person, wait):
    assert wait_for(rules, stamps, now=NOW, urgent_until=0, person=person) == pytest.approx(wait)


@pytest.mark.parametrize(
    ("until", "person", "wait"),
    [(NOW + 0.4, False, 0.4), (NOW + 0.4, True, 0), (NOW - 1, False, 0), (NOW + 5_000, False, 0)],
    ids=["background yields", "people do not", "a mark that ran out", "a mark of another clock"],
)
def test_background_yields_to_a_person_who_waits(until, person, wait):
    assert wait_for([TEN], [], now=NOW, urgent_until=until, person=person) == pytest.approx(wait)


def test_no_window_at_the_server_sees_more_than_the_rules_allow():
    chance = random.Random(7)
    rules = [Rule(7, 10.0), Rule(3, 1.0)]
    flights: list[tuple[float, float, float]] = []  # taken, arrives, headers here
    now = 0.0
    while len(flights) < 120:
        stamps = [Stamp(here if here <= now else taken + 15, taken) for taken, _, here in flights]
        stamps.sort(key=lambda stamp: -stamp.arrived_by)
        if wait_for(rules, stamps[:7], now=now, urgent_until=0, person=chance.random() < 0.3) <= 0:
            here = now + chance.uniform(0.0, 3.0)
            flights.append((now, chance.uniform(now, here), here))
        else:
            now += 0.1

    arrivals = sorted(arrives for _, arrives, _ in flights)

    assert all(later - first >= 10.0 for first, later in zip(arrivals, arrivals[7:], strict=False))
    assert all(later - first >= 1.0 for first, later in zip(arrivals, arrivals[3:], strict=False))
