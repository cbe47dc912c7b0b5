"""A real Chromium at a live server, which reports everything that a page does wrong."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import cycle
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import zeal
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.contrib.auth.hashers import make_password

from benches.household import use_database
from tests.e2e.house import PASSWORD, at_home, cookie

# Playwright's synchronous interface runs a loop in this thread; the ORM must not refuse for that.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
SCHEMES = ("light", "dark")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item, call):
    """Tell what the page showed where a test failed: the rest is gone."""
    report = (yield).get_result()
    page = item.funcargs.get("page")
    if report.when == "call" and report.failed and page and not page.is_closed():
        report.sections.append((f"the page {page.url}", page.locator("body").inner_text()[:4_000]))


@pytest.fixture(scope="session")
def base_url() -> str:
    """In place of pytest-base-url's own fixture, whose form pytest 9 warns about."""
    return ""


@pytest.fixture(scope="session", autouse=True)
def _static_root() -> None:
    """The folder that collectstatic would have made: without it WhiteNoise warns, and warnings are errors."""
    Path(settings.STATIC_ROOT).mkdir(parents=True, exist_ok=True)


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args):
    chromium = os.environ.get("CHROMIUM", "/usr/bin/chromium")
    return {**browser_type_launch_args, "headless": True, "args": FLAGS, "executable_path": chromium}


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args):
    size = {"width": 1280, "height": 800}
    return {
        **browser_context_args,
        "viewport": size,
        "reduced_motion": "reduce",
        "locale": "en-GB",
        "timezone_id": "UTC",
    }


@dataclass
class Watched:
    """A page that remembers console errors, broken policy and requests that leave home."""

    page: object
    home: str
    wrong: list[str] = field(default_factory=list)

    def open(self, path: str):
        self.page.goto(self.home + path)
        return self.page

    def fits(self, width: int) -> bool:
        """Whether the page can be read at this width without scrolling sideways."""
        self.page.set_viewport_size({"width": width, "height": 700})
        wider = "document.documentElement.scrollWidth > document.documentElement.clientWidth"
        return not self.page.evaluate(wider)

    def barriers(self, scheme: str) -> list[str]:
        """What axe finds wrong in this colour scheme."""
        self.page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        found = Axe().run(self.page).response["violations"]
        return [f"{rule['id']}: {rule['nodes'][0]['html'][:200]}" for rule in found]

    def are_sound(self, paths: Iterable[str]) -> None:
        """Look at pages on a phone and on a desk, each in one theme, in turn: what all share is seen in both."""
        for path, phone, desk in zip(paths, cycle(SCHEMES), cycle(SCHEMES[::-1]), strict=False):
            self.open(path)
            seen = {
                "fits": self.fits(320),
                "phone": self.barriers(phone),
                "fits a desk": self.fits(1280),
                "desk": self.barriers(desk),
            }
            assert {path: seen} == {path: {"fits": True, "phone": [], "fits a desk": True, "desk": []}}


@contextmanager
def watching(page, url: str) -> Iterator[Watched]:
    """Watch a page; what went wrong fails the test at its end."""
    page.set_default_timeout(20_000)
    seen = Watched(page, url)
    home = urlsplit(url).netloc
    page.on("console", lambda said: said.type in ("error", "warning") and seen.wrong.append(said.text))
    page.on("pageerror", lambda error: seen.wrong.append(str(error)))
    page.on("request", lambda asked: urlsplit(asked.url).netloc in (home, "") or seen.wrong.append(asked.url))
    with zeal.zeal_ignore():  # the browser's many requests are one test
        yield seen
    assert seen.wrong == []


@pytest.fixture
def watched(page, live_server):
    """The page, watched."""
    with watching(page, live_server.url) as seen:
        yield seen


@pytest.fixture
def signed_in(watched, live_server):
    """The watched page with anna's session."""
    watched.page.context.add_cookies([cookie(live_server.url, password=make_password(PASSWORD))])
    return watched


@pytest.fixture(scope="session")
def running_house(tmp_path_factory, django_db_blocker):
    """One household with real processes for all journeys that leave it as it was."""
    with django_db_blocker.unblock(), at_home(tmp_path_factory.mktemp("house"), started=True) as house:
        yield house


@pytest.fixture
def house(running_house, django_db_blocker):
    """The household that runs, whose rows this test sees; what the test adds to it is forgotten."""
    with django_db_blocker.unblock(), use_database(running_house.household.url):
        yield running_house
        running_house.tidy()
        sys.stderr.write(running_house.household.log()[-4_000:])  # shown where the test failed


@pytest.fixture
def visitor(house, page):
    """A watched page with anna's session at the household that runs."""
    page.context.add_cookies([cookie(house.url)])
    with watching(page, house.url) as seen:
        yield seen
