"""Grants: what a request leaves behind, and whose clock counts."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from outbound import budget, clock, gate, pacing, sources, statistics
from outbound.budget import Permit
from outbound.client import Client
from outbound.errors import RateLimited
from outbound.line import Asking
from outbound.models import Grant, Source
from outbound.sources import register
from outbound.waits import Wait
from tests.fakes import stub as stubs
from tests.outbound.conftest import make_spec


@pytest.fixture
def films(source):
    sources.ready(source)
    return source


def ask(*, person: bool = False) -> Permit | Wait:
    return gate.ask("films", Asking(0 if person else 2), timeout=15, credentials="")


def narrow(**fields) -> None:
    Source.objects.filter(pk="films").update(**fields)


def test_a_grant_counts_until_its_request_can_have_arrived(films):
    permit = ask()

    grant = Grant.objects.get()

    assert grant.arrived_by - grant.taken_at == pytest.approx(15 + budget.AFTER_TIMEOUT)
    assert permit.is_fresh()


def test_the_real_moment_replaces_the_late_one(films):
    budget.settle(ask())

    grant = Grant.objects.get()

    assert grant.arrived_by - grant.taken_at < 1


def test_a_killed_request_keeps_its_place(films):
    narrow(rules=[[1, 10.0]])

    assert isinstance(ask(), Permit)

    assert ask(person=True).seconds == pytest.approx(10, abs=0.1)


def test_what_was_not_sent_gives_its_place_back(films):
    narrow(rules=[[1, 10.0]])

    budget.refund(ask())

    assert isinstance(ask(), Permit)


def test_new_limits_hold_at_once(films):
    assert all(isinstance(ask(), Permit) for _ in range(5))

    narrow(rules=[[5, 10.0]])

    assert isinstance(ask(), Wait)


def test_all_rules_hold_together_and_a_refusal_takes_nothing(films):
    narrow(rules=[[100, 10.0], [2, 1.0]])

    answers = [ask(person=True) for _ in range(4)]

    assert [isinstance(answer, Permit) for answer in answers] == [True, True, False, False]
    assert Grant.objects.count() == 2


def test_a_person_who_waits_keeps_the_background_away(films):
    narrow(rules=[[1, 10.0]])
    ask(person=True)

    assert isinstance(ask(person=True), Wait)
    narrow(rules=[[1_000, 10.0]])

    assert 0 < ask(person=False).seconds <= pacing.URGENT
    assert isinstance(ask(person=True), Permit)
    assert Source.objects.get().urgent_until == 0


def test_after_a_boot_all_grants_count_as_arrived_just_now(films, monkeypatch):
    narrow(rules=[[1, 10.0]])
    Grant.objects.create(source_id="films", arrived_by=9e9, taken_at=9e9, clock="another boot")
    monkeypatch.setattr(sources, "_declared", {})

    sources.ready(films)

    assert ask().seconds == pytest.approx(10, abs=0.1)


def test_a_database_clock_that_runs_away_is_noticed():
    drift = clock._Drift()

    seen = [drift.jumped(at + 5_000, at, at + 0.01) for at in (10.0, 20.0, 30.0)]
    seen += [drift.jumped(40.0 + 8_600, 40.0, 40.01), drift.jumped(50.0 + 8_600, 50.0, 50.01)]

    assert seen == [False, False, False, True, False]


def test_a_jump_counts_every_grant_as_arrived_just_now(films, monkeypatch):
    narrow(rules=[[1, 10.0]])
    budget.settle(ask())
    Grant.objects.update(arrived_by=0.0, taken_at=0.0)
    here = clock.now()
    jumped = clock.Moment(here.budget, here.wall, here.clock, jumped=True)
    monkeypatch.setattr(clock, "now", lambda: jumped)

    assert ask().seconds == pytest.approx(10)


def test_old_grants_are_pruned(films, monkeypatch):
    old = clock.now().budget - 2 * budget.KEPT
    Grant.objects.create(source_id="films", arrived_by=old, taken_at=old, clock=clock.now().clock)
    monkeypatch.setattr(budget, "_pruned_at", {})

    ask()

    assert Grant.objects.count() == 1


def test_a_permit_that_went_stale_is_not_used(films):
    assert not Permit("films", 1, 0, False, asked_at=-100.0, deadline=0).is_fresh()


def test_who_waits_too_long_comes_back_later(stub, source):
    register(make_spec(stub, rules=((1, 60.0),)))
    stub.on("*", stubs.data({}))
    client = Client("films")
    client.get_json("/movie/1")

    with pytest.raises(RateLimited) as caught:
        client.get_json("/movie/2")

    assert 50 < (caught.value.until - timezone.now()).total_seconds() <= 60
    assert len(stub.arrivals) == 1


def test_requests_are_counted_exactly(client, stub):
    stub.on("/movie/1", stubs.redirect("/movie/2"))
    stub.on("/movie/2", stubs.data({}))
    before, mine = timezone.now(), statistics.sent_by_this_process()

    client.get_json("/movie/1")

    assert statistics.requests_sent(before) == 2
    assert statistics.requests_sent(timezone.now() + timedelta(seconds=1)) == 0
    assert statistics.sent_by_this_process() - mine == 2
