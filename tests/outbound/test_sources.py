"""Sources: declared by their part, kept as rows, tested and changed by people."""

from __future__ import annotations

import pytest

from outbound import services, sources
from outbound.client import Client, priority
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
