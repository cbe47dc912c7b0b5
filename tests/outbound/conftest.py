"""Real loopback servers, and sources that lead to them."""

from __future__ import annotations

from dataclasses import replace

import pytest
from django.utils import timezone
from zeal import zeal_ignore

from jobs import running
from outbound import clock, sources
from outbound.client import Client
from outbound.sources import SourceSpec, allowed_with_base, register
from tests.fakes import stub as stubs
from tests.postgres import postgres_url  # noqa: F401  a fixture


@pytest.fixture(autouse=True)
def _looks_again():
    """Every request looks at its source's rows anew: that is the point of them, not an N+1."""
    with zeal_ignore([{"model": name, "field": "*"} for name in ("outbound.*", "jobs.Hold")]):
        yield


@pytest.fixture(autouse=True)
def _wall_clock(monkeypatch):
    """Pauses and breakers go by the clock that tests can move, also where the database has one of its own."""
    look = clock.now
    monkeypatch.setattr(clock, "now", lambda: replace(look(), wall=timezone.now()))


@pytest.fixture
def stub():
    with stubs.serving() as server:
        yield server


@pytest.fixture
def source(stub, settings, db):
    """A roomy source named "films" that leads to the stub and is not tried twice."""
    settings.REQUEST_TIMEOUT = 1.0
    settings.MAX_RETRIES_PER_ITEM = 0
    known = dict(sources.specs)
    yield register(make_spec(stub))
    sources.specs.clear()
    sources.specs.update(known)


def make_spec(stub, **fields):
    given = {"rules": ((1_000, 1.0),), "allow_hosts": allowed_with_base(stub.url), **fields}
    return SourceSpec("films", stub.url, **given)


@pytest.fixture
def client(source):
    return Client("films", headers={"Authorization": "Bearer very-secret-token"})


@pytest.fixture
def naps(monkeypatch):
    """Nobody sleeps; returns the list of what would have been slept."""
    slept: list[float] = []
    monkeypatch.setattr(running, "wait", slept.append)
    return slept
