"""Fixtures of the queue's tests: databases that threads and processes can share."""

from tests.databases import _migrated_file, both_databases, postgres_database, sqlite_file  # noqa: F401
from tests.postgres import postgres_url  # noqa: F401
