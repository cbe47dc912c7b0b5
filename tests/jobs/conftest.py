"""Fixtures of the queue's tests: databases that threads and processes can share."""

from collections.abc import Iterator

import pytest

from jobs import stopping
from tests.databases import _migrated_file, both_databases, postgres_database, sqlite_file  # noqa: F401
from tests.jobs import kinds
from tests.postgres import postgres_url  # noqa: F401


@pytest.fixture(autouse=True)
def _fresh() -> Iterator[None]:
    """Each test says anew what its keys do."""
    kinds.does.clear()
    kinds.failed.clear()
    yield
    stopping.forget()
