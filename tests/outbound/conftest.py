"""Real loopback servers, and sources that lead to them."""

from __future__ import annotations

import pytest

from outbound import sources
from outbound.client import Client
from outbound.sources import SourceSpec, allowed_with_base, register
from tests.fakes import stub as stubs


@pytest.fixture
def stub():
    with stubs.serving() as server:
        yield server


@pytest.fixture
def source(stub, settings, db):
    """A source named "films" that leads to the stub; a test may register it anew with other rules."""
    settings.REQUEST_TIMEOUT = 1.0
    known = dict(sources.specs)
    yield register(SourceSpec("films", stub.url, rules=((1_000, 1.0),), allow_hosts=allowed_with_base(stub.url)))
    sources.specs.clear()
    sources.specs.update(known)


@pytest.fixture
def client(source):
    return Client("films", headers={"Authorization": "Bearer very-secret-token"})
