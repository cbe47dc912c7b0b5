"""Sources: declared by their part, kept as rows, tested and changed by people."""

from __future__ import annotations

import pytest
from django.utils import timezone

from outbound import handlers, services, sources
from outbound.client import Client, asked_by_a_person, limits, priority
from outbound.errors import Transient
from outbound.middleware import people_first
from outbound.models import Source
from outbound.sources import register
from tests.fakes import stub as stubs
from tests.outbound.conftest import make_spec


def row() -> Source:
    return Source.objects.fresh("films")


def test_a_source_that_nobody_declared_is_a_mistake():
    with pytest.raises(LookupError, match="no source named 'radio'"):
        Client("radio")


def test_declaring_makes_the_row(source):
    sources.declare_all()

    assert (row().rules, row().base_url) == ([[1_000, 1.0]], source.base_url)


def test_rules_changed_by_hand_stay_until_the_setting_changes(stub, source):
    sources.declare_all()
    Source.objects.update(rules=[[5, 10.0]])

    register(make_spec(stub))
    sources.declare_all()
    assert row().rules == [[5, 10.0]]

    register(make_spec(stub, rules=((20, 10.0),)))
    sources.declare_all()
    assert row().rules == [[20, 10.0]]


def test_a_key_in_the_address_is_not_stored(stub, source):
    spec = make_spec(stub)
    register(sources.SourceSpec("films", "https://ann:secret@films.example/?api_key=abcdefgh", rules=spec.rules))

    sources.declare_all()

    assert row().base_url == "https://***@films.example/?api_key=***"


@pytest.mark.parametrize(
    ("answer", "good", "says"),
    [
        (stubs.data({}), True, "films answers."),
        (stubs.status(404), True, "films answers, though not at /."),
        (stubs.status(401), False, "does not accept the credentials"),
        (stubs.status(500), False, "answered 500"),
    ],
)
def test_a_person_tests_a_source(source, stub, answer, good, says):
    stub.on("/", answer)

    ok, sentence = services.test("films")

    assert ok is good
    assert says in sentence


def test_the_test_sends_the_credentials(stub, source):
    register(make_spec(stub, headers=lambda: {"Authorization": "Bearer very-secret-token"}))
    stub.on("/", stubs.data({}))

    services.test("films")

    assert stub.arrivals[0].headers["authorization"] == "Bearer very-secret-token"


def test_requests_made_for_a_page_go_first():
    seen = people_first(lambda request: priority())(None)

    assert (seen, priority()) == (0, 2)


def test_a_failing_test_is_told_and_not_counted(source, stub):
    stub.on("/", stubs.status(500))

    for _ in range(7):
        services.test("films")

    assert (row().circuit, row().failures) == ("closed", 0)
    assert "answered 500" in row().last_error


def open_circuit(**fields):
    sources.declare_all()
    until = timezone.now() + timezone.timedelta(seconds=50)
    Source.objects.update(circuit="open", failures=5, opened_times=1, open_until=until, **fields)
    return until


def test_a_test_of_an_open_circuit_is_the_probe_ahead_of_its_time(source, stub):
    open_circuit()
    stub.on("/", stubs.data({}))

    ok, _sentence = services.test("films")

    assert (ok, row().circuit, row().failures) == (True, "closed", 0)


def test_a_test_that_fails_leaves_the_circuit_as_it_was(source, stub):
    until = open_circuit()
    stub.on("/", stubs.status(503))

    services.test("films")

    assert (row().circuit, row().open_until, row().failures, row().opened_times) == ("open", until, 5, 1)


def test_a_test_does_not_get_around_what_the_source_asked_for(source, stub):
    sources.declare_all()
    now = timezone.now()
    Source.objects.update(
        paused_at=now, paused_until=now + timezone.timedelta(hours=1), paused_as="RateLimited", paused_reason="Later."
    )

    ok, sentence = services.test("films")

    assert not ok
    assert "Later." in sentence
    assert stub.arrivals == []


def test_what_a_person_waits_for_ends_in_time(source, stub):
    stub.on("/slow", stubs.after(5, stubs.data({})))

    with pytest.raises(Transient), asked_by_a_person(within=0.2):
        Client("films").get_json("/slow")

    assert limits() == (float("inf"), False)


def test_who_does_not_wait_as_long_as_the_source_is_given_tells_the_breaker_nothing(source, stub):
    stub.on("/slow", stubs.after(5, stubs.data({})))
    sources.ready(source)
    Source.objects.update(failures=4)

    with pytest.raises(Transient), asked_by_a_person(within=0.2):
        Client("films").get_json("/slow")

    assert (row().circuit, row().failures) == ("closed", 4)


def test_what_is_sent_while_a_person_waits_ends_in_time_too(source, stub):
    stub.on("/slow", stubs.after(5, stubs.data({})))

    with pytest.raises(Transient) as failure, asked_by_a_person(within=0.2):
        Client("films").post_json("/slow", {})

    assert failure.value.cut_short


def test_a_probe_that_was_cut_short_leaves_the_place_to_the_next_one(source, stub):
    now = timezone.now()
    open_circuit()
    Source.objects.update(open_until=now)
    stub.on("/slow", stubs.after(5, stubs.data({})))
    stub.on("/quick", stubs.data({}))

    with pytest.raises(Transient), asked_by_a_person(within=0.2):
        Client("films").get_json("/slow")
    opened = row().opened_times
    Client("films").get_json("/quick")

    assert (opened, row().circuit) == (1, "closed")


def test_a_server_error_counts_however_little_time_a_person_had(source, stub):
    stub.on("/broken", stubs.status(500))

    with pytest.raises(Transient), asked_by_a_person(within=2):
        Client("films").get_json("/broken")

    assert row().failures == 1


@pytest.mark.parametrize(("answer", "well"), [(stubs.data({}), True), (stubs.status(500), False)])
def test_all_sources_are_tested_by_jobs_and_what_they_found_is_kept(source, stub, answer, well):
    sources.declare_all()
    stub.on("/", answer)

    assert services.test_all(actor="anna") == Source.objects.count()
    handlers.test_source("source:films")

    assert (row().tested_well, bool(row().tested_at), bool(row().tested_said)) == (well, True, True)


def test_a_source_that_is_gone_is_told(db):
    assert services.test("radio") == (False, "Nothing asks radio any more.")
