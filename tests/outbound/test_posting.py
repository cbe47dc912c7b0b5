"""What is sent away: once, to the address that was named, and with what the source learns from it."""

from __future__ import annotations

import pytest

from outbound.errors import Forbidden, Rejected, Transient
from outbound.models import Grant, Source
from outbound.services import Trial, try_credentials
from outbound.sources import spec_of
from tests.fakes import stub as stubs


def test_json_is_posted_with_the_credentials(client, stub):
    stub.on("/hook", stubs.status(200))

    client.post_json("/hook", {"said": "grüß dich"})

    arrival = stub.arrivals[0]
    assert (arrival.method, arrival.headers["content-type"]) == ("POST", "application/json")
    assert arrival.body == b'{"said": "gr\\u00fc\\u00df dich"}'
    assert arrival.headers["authorization"] == "Bearer very-secret-token"
    assert Grant.objects.count() == 1


def test_a_post_is_not_repeated_by_itself(client, stub, settings):
    settings.MAX_RETRIES_PER_ITEM = 2
    stub.on("/hook", stubs.status(503))

    with pytest.raises(Transient):
        client.post_json("/hook", {})

    assert len(stub.arrivals) == 1
    assert Source.objects.get(pk="films").failures == 1


def test_a_post_does_not_follow_where_it_is_sent_on_to(client, stub):
    stub.on("/hook", stubs.redirect("/elsewhere", 307))

    with pytest.raises(Rejected, match="elsewhere"):
        client.post_json("/hook", {"secret": 1})

    assert stub.paths() == ["/hook"]


def test_a_post_to_a_private_address_that_nobody_allowed_is_not_sent(client, stub):
    with pytest.raises(Forbidden):
        client.post_json("http://10.1.2.3/hook", {})

    assert stub.arrivals == []


@pytest.mark.parametrize(
    ("status", "how"), [(200, Trial.TAKEN), (404, Trial.TAKEN), (401, Trial.REFUSED), (503, Trial.UNKNOWN)]
)
def test_credentials_are_tried_without_anybody_stopping_for_them(source, stub, status, how):
    stub.on("/", stubs.status(status))

    found, said = try_credentials(spec_of("films"), "a-key-to-try", headers={"X-Key": "a-key-to-try"}, parameters={})

    assert found == how
    assert "a-key-to-try" not in said
    row = Source.objects.get(pk="films")
    assert (row.settings_key, row.paused_until) == ("", None)
