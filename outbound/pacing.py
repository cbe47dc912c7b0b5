"""May a request go now? Rules, grants and the moment in; a number of seconds and the reason out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

EASE = 0.9  # background keeps this share of a rule's mean distance once half of it is used
SPARE = 20  # one place in so many is left to people, so that they seldom wait at all
URGENT = 1.0  # seconds a person's wait keeps the background away; renewed while it lasts


@dataclass(frozen=True, slots=True)
class Rule:
    """At most `requests` in any `seconds` at the server."""

    requests: int
    seconds: float


@dataclass(frozen=True, slots=True)
class Stamp:
    """A grant as the rules see it: taken then, at the server by then (the budget's clock)."""

    arrived_by: float
    taken_at: float


def wait_for(rules: Sequence[Rule], stamps: Sequence[Stamp], *, now: float, urgent_until: float, person: bool) -> float:
    """Return the seconds until a request may go at the earliest; 0 where it may go now.

    `stamps` are the newest grants by `arrived_by`, latest first, at least as many as the largest
    rule has requests. A person's request neither keeps a distance nor yields to other people.
    """
    waits = [_room(rule, stamps, now, spare=0 if person else rule.requests // SPARE) for rule in rules]
    if not person:
        waits += [_distance(rule, stamps, now) for rule in rules]
        waits.append(_yield_to_people(urgent_until, now))
    return max(waits, default=0.0)


def background_pace(rule: Rule) -> float:
    """Return the requests a second that a rule lets background work send in the long run."""
    return (rule.requests - rule.requests // SPARE) / rule.seconds


def used(rule: Rule, stamps: Sequence[Stamp], now: float) -> int:
    """Return how many grants count within the rule's window."""
    return sum(stamp.arrived_by > now - rule.seconds for stamp in stamps)


def _room(rule: Rule, stamps: Sequence[Stamp], now: float, *, spare: int) -> float:
    """A place comes free when the N-th latest grant leaves the window, not before it has arrived."""
    places = rule.requests - spare
    if len(stamps) < places:
        return 0.0
    return max(0.0, min(stamps[places - 1].arrived_by, now) + rule.seconds - now)


def _distance(rule: Rule, stamps: Sequence[Stamp], now: float) -> float:
    """Half a budget may go at once; after that no burst, so that the next free place is never far."""
    if used(rule, stamps, now) * 2 < rule.requests:
        return 0.0
    latest = max(stamp.taken_at for stamp in stamps)
    return max(0.0, min(latest, now) + EASE * rule.seconds / rule.requests - now)


def _yield_to_people(urgent_until: float, now: float) -> float:
    """A mark further away than it can have been set was left by another clock."""
    left = urgent_until - now
    return left if 0 < left <= URGENT else 0.0
