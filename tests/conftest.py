"""Fixtures of the whole suite: what is installed, and the rule that CI skips nothing."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest
import zeal
from django.utils import translation
from hypothesis import HealthCheck, settings

settings.register_profile("mediasync", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("mediasync")

NEEDS = {
    "postgres": ("PostgreSQL", lambda: bool(list(Path("/usr/lib/postgresql").glob("*/bin/initdb")))),
    "redis": ("Redis", lambda: shutil.which("redis-server") is not None),
    "e2e": ("Chromium", lambda: Path(os.environ.get("CHROMIUM", "/usr/bin/chromium")).exists()),
    "ffmpeg": ("ffmpeg", lambda: shutil.which("ffmpeg") is not None),
}
REQUIRE_ALL = os.environ.get("MEDIASYNC_REQUIRE") == "all"
ANOTHER_DATABASE = bool(os.environ.get("MEDIASYNC_TEST_DATABASE_URL"))  # tests.on_postgres sets it


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Skip what needs a program that is not there, and say so; in CI let it fail instead.

    On another database only the tests that may touch one run again (pytest-django forbids it to the others).
    """
    if ANOTHER_DATABASE:
        without = [item for item in items if not _may_use_a_database(item)]
        config.hook.pytest_deselected(items=without)
        items[:] = [item for item in items if _may_use_a_database(item)]
    missing = {mark: what for mark, (what, there) in NEEDS.items() if not there()}
    for item in items:
        for mark, what in missing.items():
            if item.get_closest_marker(mark) and not REQUIRE_ALL:
                item.add_marker(pytest.mark.skip(reason=f"{what} is not installed"))


def _may_use_a_database(item: pytest.Item) -> bool:
    fixtures = set(getattr(item, "fixturenames", ()))
    return bool(fixtures & {"db", "transactional_db"} or item.get_closest_marker("django_db"))


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item, call):
    """With MEDIASYNC_REQUIRE=all a skip is a failure: nothing is passed over silently."""
    outcome = yield
    report = outcome.get_result()
    if REQUIRE_ALL and report.skipped and not hasattr(report, "wasxfail"):
        report.outcome = "failed"
        report.longrepr = f"skipped, but MEDIASYNC_REQUIRE=all: {report.longrepr}"


@pytest.fixture(autouse=True)
def _nothing_chosen_before():
    """What one test chose in Settings is not known to the next."""
    from scanner.providers.service import look_again  # noqa: PLC0415  Django is not set up when this file is read

    look_again()
    yield
    look_again()


@pytest.fixture(autouse=True)
def _no_connection_left_behind():
    """A fake's connections end with its test: hundreds of them would be too many open files."""
    from outbound import session  # noqa: PLC0415

    yield
    session.close_all()


@pytest.fixture(autouse=True)
def _no_language_left_behind():
    """A request in German leaves its thread in German; the next test reads English again."""
    translation.deactivate()
    yield
    translation.deactivate()


@pytest.fixture(autouse=True)
def _no_n_plus_one(request: pytest.FixtureRequest):
    """Raise on N+1 queries in every test; `repeats` marks those that do a thing several times themselves."""
    if request.node.get_closest_marker("repeats"):
        yield
        return
    with zeal.zeal_context():
        yield
