"""A private PostgreSQL that lives as long as the test run."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from benches.postgres import private_postgres


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """Give the DATABASE_URL of an empty database on a private server."""
    with private_postgres() as url:
        yield url
