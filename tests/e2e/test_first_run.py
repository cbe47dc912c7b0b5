"""From nothing to a described library, as somebody does who has read nothing: set-up link, folder, key, first scan."""

from __future__ import annotations

import re

import pytest

from benches.household import until, use_database
from scanner.models import Library
from tests.e2e.conftest import watching
from tests.e2e.house import at_home

pytestmark = pytest.mark.e2e

SHELF = ("The Copper Almanac", "Nineteen Kites", "A Ladder for Ines")
PICTURES_LOADED = "() => [...document.querySelectorAll('.card img')].filter(i => i.complete && i.naturalWidth).length"


@pytest.fixture
def new_house(tmp_path, django_db_blocker):
    """A household in an empty folder, started as `./run` does it."""
    with django_db_blocker.unblock(), at_home(tmp_path, started=False) as house:
        yield house


def test_from_the_set_up_link_to_a_described_library(new_house, page):
    shelf = new_house.shelf("Films", *SHELF, pictures=True)
    with watching(page, new_house.url) as seen:
        page.goto(new_house.setup_url)
        page.get_by_label("Username").fill("anna")
        page.get_by_label("Password", exact=True).fill("a-long-password-7")
        page.get_by_label("Password confirmation").fill("a-long-password-7")
        page.get_by_role("button", name="Make account").click()

        page.get_by_role("heading", name="Where are your movies and shows?").wait_for()
        choose(page, "/no/such/folder")
        page.get_by_text("/no/such/folder does not exist.").wait_for()
        page.get_by_text("Media often lie here:").wait_for()
        assert page.get_by_role("button", name="Use this folder").count() == 0
        seen.wrong.clear()

        page.get_by_role("link", name="Skip: look at the demo first").click()  # the key first, the folder later
        page.get_by_role("heading", name="need a key").wait_for()
        keep_key(page, "f" * 32)
        page.get_by_text("TMDB does not accept this key.").wait_for()
        seen.wrong.clear()  # a form that was refused is a 422, which the browser tells its console
        page.goto(f"{new_house.url}/")  # left in the middle, and taken up again
        page.goto(f"{new_house.url}/setup/key/")
        keep_key(page, new_house.fake.key)
        page.get_by_text("The key is kept.").wait_for()
        page.get_by_text("There is no folder of your own yet").wait_for()
        page.get_by_role("link", name="Add a folder").click()
        choose(page, str(shelf))
        page.get_by_role("button", name="Use this folder").click()
        page.get_by_text(re.compile("^(is being|has been) read$")).wait_for()  # three files are soon read
        page.get_by_role("link", name="Next: metadata key").click()
        page.get_by_text("A key ending in 0000 is in use.").wait_for()
        page.get_by_role("link", name="Next: first scan").click()
        page.get_by_role("button", name=re.compile("Scan now|It is running")).click()

        page.wait_for_url(f"{new_house.url}/")
        page.get_by_role("link", name="Library", exact=True).first.click()
        for name in SHELF:
            page.locator(".card", has_text=name).wait_for()
        page.locator("#news:not([hx-trigger])").wait_for(state="attached")
        page.reload()
        until(lambda: page.evaluate(PICTURES_LOADED) == len(SHELF), what="their posters were shown")
        page.locator(".card", has_text=SHELF[0]).click()
        page.get_by_text("Number 1 of the shelf Films.").wait_for()

    page.goto(new_house.setup_url)
    assert page.get_by_text("This link has been used").is_visible()
    with use_database(new_house.household.url):
        assert [library.path for library in Library.objects.all()] == [str(shelf)]


def choose(page, path: str) -> None:
    page.get_by_label("Folder on this machine").fill(path)
    page.get_by_role("button", name="Look").click()
    page.wait_for_url("**/setup/folders/?at=*")


def keep_key(page, key: str) -> None:
    page.get_by_label("TMDB API key or read access token").fill(key)
    page.get_by_role("button", name="Try and keep").click()
