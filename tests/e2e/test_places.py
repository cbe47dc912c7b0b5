"""What only a browser shows: the window that says why, filters that fold, letters, the admin at every width."""

from __future__ import annotations

import pytest

from tests.e2e.conftest import SCHEMES
from tests.web.rows import make_library, make_movie, make_show, make_worker

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def films(signed_in):
    make_worker()
    make_library(path="/media/other", name="Other")
    for number in range(60):
        make_movie(f"{'Amber' if number % 2 else 'Kiln'} {number}")
    return make_show(owned=2, missing=1)


def test_why_opens_over_the_page_and_gives_the_focus_back(signed_in, films):
    page = signed_in.open(f"/library/{films.pk}-signal-to-noise/")
    asked = page.get_by_role("link", name="Why?", exact=True)

    asked.focus()
    page.keyboard.press("Enter")
    page.locator("dialog#why[open]").get_by_text("Considered").wait_for()
    inside = page.evaluate("document.activeElement.textContent")
    barriers = [signed_in.barriers(scheme) for scheme in SCHEMES]
    page.keyboard.press("Escape")
    page.locator("dialog#why:not([open])").wait_for(state="attached")

    assert inside == "Close"
    assert barriers == [[], []]
    assert asked.evaluate("link => link === document.activeElement")
    assert page.url.endswith("-signal-to-noise/")


def test_without_scripts_why_is_a_page(browser, live_server, signed_in, films):
    context = browser.new_context(java_script_enabled=False, storage_state=signed_in.page.context.storage_state())
    page = context.new_page()
    page.goto(f"{live_server.url}/library/{films.pk}-signal-to-noise/")

    page.get_by_role("link", name="Why?", exact=True).click()

    assert page.url.endswith(f"/why/title:{films.pk}/")
    assert page.get_by_text("Considered").is_visible()
    context.close()


def test_question_mark_tells_the_keys(signed_in, films):
    page = signed_in.open("/library/")

    page.keyboard.press("?")
    page.locator("dialog#keys[open]").wait_for()
    barriers = [signed_in.barriers(scheme) for scheme in SCHEMES]
    page.get_by_role("button", name="Close").click()

    assert barriers == [[], []]
    assert not page.locator("dialog#keys").is_visible()


def test_on_a_phone_the_filters_fold_and_a_letter_is_one_of_them(signed_in, films):
    signed_in.fits(360)
    page = signed_in.open("/library/")
    folded = page.locator("select[name=type]").is_visible()

    page.get_by_text("Filters", exact=True).click()
    page.locator("select[name=letter]").select_option("k")
    page.wait_for_url("**/library/?*letter=k*")

    assert not folded
    assert page.locator(".card").count() == 30


def test_on_a_wide_screen_filters_and_letters_are_open(signed_in, films):
    page = signed_in.open("/library/")
    unfolded = page.locator("select[name=type]").is_visible()

    page.get_by_role("link", name="S", exact=True).click()
    page.wait_for_url("**/library/?letter=s")

    assert unfolded
    assert [page.locator(".card").count(), page.get_by_text("Filters", exact=True).is_visible()] == [1, False]


@pytest.mark.parametrize("path", ["/admin/", "/admin/scanner/match/", "/admin/scanner/library/1/change/"])
def test_the_admin_is_sound_in_both_themes_and_on_a_phone(signed_in, films, path):
    path = path.replace("/1/", f"/{films.matches.get().library_id}/")
    signed_in.open(path)

    fits = [signed_in.fits(width) for width in (360, 768)]
    barriers = [signed_in.barriers(scheme) for scheme in SCHEMES]
    signed_in.wrong.clear()  # axe looks into the admin's style sheets with inline styles of its own

    assert fits == [True, True]
    assert barriers == [[], []]
