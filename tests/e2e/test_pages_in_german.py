"""German words are longer: every page is read on the narrowest screen, and its buttons are called what they show."""

from __future__ import annotations

import pytest

from tests.e2e.test_pages import household, paths  # noqa: F401  fixtures

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]

TOO_WIDE = """() => document.documentElement.scrollWidth <= document.documentElement.clientWidth ? [] :
    [...document.querySelectorAll("main *")].filter(it => it.getBoundingClientRect().right > innerWidth)
        .map(it => it.outerHTML.slice(0, 200))"""
# Who speaks to the browser says what stands on the button (WCAG 2.2, 2.5.3).
CALLED_OTHERWISE = """() => [...document.querySelectorAll("a[aria-label], button[aria-label]")].filter(it => {
    const plain = text => text.replace(/\\s+/g, " ").trim().toLowerCase();
    return !plain(it.ariaLabel).includes(plain(it.innerText));
}).map(it => it.outerHTML.slice(0, 200))"""


def test_every_page_fits_in_german_at_320_px(browser, signed_in, paths):  # noqa: F811
    kept = signed_in.page.context.cookies()
    context = browser.new_context(locale="de-DE", viewport={"width": 320, "height": 700}, reduced_motion="reduce")
    context.add_cookies(kept)
    page, wide, otherwise = context.new_page(), {}, {}

    for name, path in paths.items():
        page.goto(signed_in.home + path)
        assert {name: page.locator("html").get_attribute("lang")} == {name: "de"}
        wide |= {name: found} if (found := page.evaluate(TOO_WIDE)) else {}
        otherwise |= {name: found} if (found := page.evaluate(CALLED_OTHERWISE)) else {}

    context.close()
    assert (wide, otherwise) == ({}, {})
