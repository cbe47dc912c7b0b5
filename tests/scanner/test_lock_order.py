"""Everybody locks the library's rows first and the queue's after: the other order is a deadlock one day."""

from __future__ import annotations

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from jobs.perform import perform
from scanner.models import Library
from scanner.services import scans, write
from tests.factories import put
from tests.jobs_in_tests import lease_job, run_job

pytestmark = [pytest.mark.django_db, pytest.mark.repeats]

ROWS = re.compile(r'\s*(UPDATE|INSERT INTO|DELETE FROM) "?scanner_', re.IGNORECASE)
JOBS = re.compile(r"\s*INSERT INTO jobs_job", re.IGNORECASE)
END = "state = CASE WHEN again"


def last_transaction(queries) -> list[str]:
    """Return the statements of the transaction that ends the job, up to that end."""
    depth, found = 0, []
    for sql in (query["sql"] for query in queries):
        if sql.startswith("SAVEPOINT"):
            found = [] if not depth else found
            depth += 1
        depth -= sql.startswith("RELEASE")
        if END in sql:
            return found
        found.append(sql)
    raise AssertionError("the job was not ended")


def rows_after_jobs(kind, key) -> list[str]:
    """Run a job and return what it writes to rows of the library after new jobs, in the transaction of its end."""
    running = lease_job(kind, key)
    with CaptureQueriesContext(connection) as queries:
        perform(running)
    statements = last_transaction(queries)
    jobs = [index for index, sql in enumerate(statements) if JOBS.match(sql)]
    assert any(ROWS.match(sql) for sql in statements)
    return [sql for sql in statements[jobs[0] :] if ROWS.match(sql)] if jobs else []


@pytest.mark.parametrize("kind", ["scanner.artwork", "scanner.write"])
def test_files_beside_the_media(service, film, kind):
    match = film(tmdb_id=107)
    run_job("scanner.title", f"title:{match.title_id}")
    Library.objects.update(problem=f"{write.TROUBLE}: Read-only file system")
    key = f"title:{match.title_id}" if kind == "scanner.artwork" else f"match:{match.pk}"

    assert rows_after_jobs(kind, key) == []

    assert Library.objects.get().problem == ""


def test_the_end_of_a_scan(library, tmp_path):
    put(tmp_path / "films", "Moss (2019)/Moss (2019).mkv")
    Library.objects.update(problem="The folder cannot be read")
    found = scans.start([library], mode="full", actor="eve")[0]

    assert rows_after_jobs("scanner.walk", f"scan:{found.pk}") == []

    assert Library.objects.get().problem == ""
