"""Fixtures of the tests with real processes."""

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from benches.household import Household
from benches.stub import SlowServer, slow_server
from tests.postgres import postgres_url  # noqa: F401


@pytest.fixture(autouse=True)
def _no_n_plus_one() -> None:
    """Looking at one row until it changes is what these tests do."""


@pytest.fixture
def household(tmp_path: Path, django_db_blocker: object) -> Iterator[Household]:
    """A data directory with SQLite; its processes are gone after the test."""
    with django_db_blocker.unblock(), Household(tmp_path).open() as household:
        yield household


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def household_on_both(request: pytest.FixtureRequest, tmp_path: Path, django_db_blocker: object) -> Iterator[Household]:
    """The same on each database; PostgreSQL is emptied first."""
    url = request.getfixturevalue("postgres_url") if request.param == "postgres" else ""
    with django_db_blocker.unblock(), Household(tmp_path, url).open() as household:
        household.empty()
        yield household


@pytest.fixture
def slow() -> Iterator[SlowServer]:
    """A server that answers only when the test lets it."""
    with ExitStack() as stack:
        yield stack.enter_context(slow_server())
