"""The main path for everybody: with the keyboard alone, on a phone, in German, without JavaScript."""

from __future__ import annotations

import re

import pytest

from benches.household import until
from jobs.models import Job
from scanner.models import Scan, Title
from tests.e2e.conftest import watching
from tests.e2e.house import PASSWORD, cookie

pytestmark = pytest.mark.e2e

MAIN = ("/", "/library/", "/queue/", "/scans/", "/unmatched/", "/history/", "/sources/", "/system/", "/settings/")
FOCUS = """() => {
    const at = document.activeElement, style = getComputedStyle(at);
    return {text: (at.ariaLabel || at.textContent || "").trim(), id: at.id, tag: at.localName,
            card: at.matches(".card"), ring: style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2};
}"""
# Links within a sentence may be as low as the text (WCAG 2.2, 2.5.8); what is drawn over by a label counts as that.
TOO_SMALL = """(least) => [...document.querySelectorAll("a, button, input, select, summary")].filter(it => {
    const style = getComputedStyle(it), box = (it.closest("label") || it).getBoundingClientRect();
    const shown = box.width && box.height && style.visibility === "visible" && it.type !== "hidden";
    const inText = style.display === "inline" && it.localName === "a";
    const small = Math.min(box.width, box.height) < least - 0.5;
    return shown && small && !inText && !it.closest(".skip, .sr, .sites, .foot");
}).map(it => it.outerHTML.slice(0, 160))"""
SIDEWAYS = "document.documentElement.scrollWidth > document.documentElement.clientWidth"
SAID = """() => {
    const copy = document.body.cloneNode(true);
    const left = ".card, .pools, [dir=auto], bdi, code, script, option, .path, .brand, .foot, .source";
    for (const it of copy.querySelectorAll(left)) it.remove();
    return copy.textContent.replace(/„[^“]*“|\\S*\\/\\S+/g, "…").replace(/\\s+/g, " ");
}"""
# Words that no German sentence has.
WORDS = "the is of and are from by its this that your it nothing waiting left folders folder files".split()
ENGLISH = re.compile(rf"\b({'|'.join(WORDS)})\b", re.IGNORECASE)


def focused(page) -> dict:
    return page.evaluate(FOCUS)


def tab_to(page, wanted) -> dict:
    """Press Tab until something wanted has the focus; all that is passed shows that it has it."""
    for _ in range(80):
        page.keyboard.press("Tab")
        at = focused(page)
        assert at["ring"], at
        if wanted(at):
            return at
    raise AssertionError("it cannot be reached by Tab")


def test_the_main_path_with_the_keyboard_alone(house, visitor):
    page = visitor.open("/")

    page.keyboard.press("Tab")
    assert focused(page)["text"] == "Skip to content"
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("!!document.activeElement.closest('main')")
    page.keyboard.press("g")
    page.keyboard.press("l")
    page.wait_for_url("**/library/**")
    page.keyboard.press("/")
    page.keyboard.type("button factory")
    page.get_by_text("2 titles", exact=True).wait_for()
    assert focused(page)["id"] == "q"

    tab_to(page, lambda at: at["card"])
    page.keyboard.press("Enter")
    page.get_by_role("heading", level=1, name="Dawn at the Button Factory").wait_for()
    let_through = house.fake.hold("/3/movie/106")
    tab_to(page, lambda at: at["text"] == "Refresh metadata")
    page.keyboard.press("Enter")
    page.locator("#about[hx-trigger]").wait_for()
    tab_to(page, lambda at: at["text"] == "Why?")
    let_through(1_000)
    page.locator("#about:not([hx-trigger])").wait_for()
    assert focused(page)["text"] == "Why?"
    page.keyboard.press("Enter")
    page.locator("dialog#why[open]").get_by_text("Considered").wait_for()
    page.keyboard.press("Escape")
    page.locator("dialog#why:not([open])").wait_for(state="attached")
    assert focused(page)["text"] == "Why?"

    page.keyboard.press("?")
    page.locator("dialog#keys[open]").wait_for()
    page.keyboard.press("Escape")
    page.locator("dialog#keys[open]").wait_for(state="detached")
    page.keyboard.press("g")
    page.keyboard.press("q")
    page.wait_for_url("**/queue/")


@pytest.fixture
def phone(house, browser):
    """A phone of 360 px with anna's session."""
    context = browser.new_context(
        viewport={"width": 360, "height": 740}, has_touch=True, is_mobile=True, reduced_motion="reduce", locale="en-GB"
    )
    context.add_cookies([cookie(house.url)])
    with watching(context.new_page(), house.url) as seen:
        yield seen
    context.close()


def test_the_main_path_on_a_phone(house, phone):
    page = phone.open("/")

    page.get_by_role("navigation", name="Main").get_by_role("link", name="Library").tap()
    page.wait_for_url("**/library/**")
    page.locator("#q").fill("button factory")
    page.get_by_text("2 titles", exact=True).wait_for()
    page.locator(".card", has_text="Midnight").tap()
    page.get_by_role("heading", level=1, name="Midnight at the Button Factory").wait_for()
    page.get_by_role("link", name="Pick another").first.scroll_into_view_if_needed()
    page.get_by_role("button", name="Refresh metadata").tap()
    page.locator("#about:not([hx-trigger])").wait_for()
    title = page.url.removeprefix(house.url)
    page.get_by_role("navigation", name="Main").get_by_role("link", name="Home").tap()
    page.locator(".operate").get_by_role("link", name="Sources").tap()
    page.wait_for_url("**/sources/")

    small, wide = {}, []
    for path in (*MAIN, title):
        phone.open(path)
        wide += [path] if page.evaluate(SIDEWAYS) else []
        small |= {path: found} if (found := page.evaluate(TOO_SMALL, 24)) else {}
    assert (wide, small) == ([], {})
    bar = page.get_by_role("navigation", name="Main").get_by_role("link")
    assert min(link.bounding_box()["height"] for link in bar.all()) >= 44


@pytest.fixture
def german(house, browser):
    """A browser that asks for German, with anna's session."""
    context = browser.new_context(
        viewport={"width": 1280, "height": 800}, reduced_motion="reduce", locale="de-DE", timezone_id="UTC"
    )
    context.add_cookies([cookie(house.url)])
    with watching(context.new_page(), house.url) as seen:
        yield seen
    context.close()


def test_the_main_path_in_german(house, german):
    page = german.open("/")

    page.get_by_role("navigation", name="Haupt").get_by_role("link", name="Bibliothek").click()
    page.locator("#q").fill("button factory")
    page.get_by_text("2 Titel", exact=True).wait_for()
    page.locator(".card", has_text="Midnight").click()
    page.get_by_role("button", name="Metadaten aktualisieren").click()
    page.locator("#about:not([hx-trigger])").wait_for()
    title = Title.objects.get(tmdb_id=105)
    scan = Scan.objects.first()
    paths = (*MAIN, f"/library/{title.pk}-x/", f"/why/title:{title.pk}/", f"/scans/{scan.pk}/", "/settings/metadata/")

    english = {}
    for path in paths:
        german.open(path)
        assert page.locator("html").get_attribute("lang") == "de"
        said = page.evaluate(SAID)
        found = [said[max(0, at.start() - 40) : at.end() + 40] for at in ENGLISH.finditer(said)]
        english |= {path: found} if found else {}
    assert english == {}


def test_the_language_that_was_chosen_beats_the_browsers(house, visitor):
    page = visitor.open("/settings/appearance/")

    page.get_by_label("Language").select_option("de")
    page.locator("form", has=page.get_by_label("Language")).get_by_role("button").first.click()
    page.get_by_role("heading", name="Einstellungen").wait_for()
    german = visitor.open("/library/").locator("html").get_attribute("lang")
    visitor.open("/settings/appearance/")
    page.get_by_label("Sprache").select_option("")
    page.locator("form", has=page.get_by_label("Sprache")).get_by_role("button").first.click()
    page.get_by_role("heading", name="Settings").wait_for()

    assert german == "de"


def test_the_main_path_without_javascript(house, browser):
    library = house.library("Plain", *(f"Plain Reel {number}" for number in range(3)))
    context = browser.new_context(java_script_enabled=False, locale="en-GB")
    cookie(house.url)  # anna is there
    page = context.new_page()
    page.goto(f"{house.url}/library/")

    page.get_by_label("Name").fill("anna")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url("**/library/**")
    page.get_by_role("link", name="Scans").first.click()
    page.get_by_label("Folder").select_option("Plain")
    page.get_by_role("button", name="Quick scan").click()
    page.wait_for_url(re.compile(r"/scans/\d+/$"))
    house.settle()
    page.get_by_role("link", name="Library").first.click()
    page.locator("#q").fill("plain reel")
    page.get_by_role("button", name="Apply").click()
    assert page.get_by_text("3 titles", exact=True).is_visible()
    page.locator(".card").first.click()
    page.get_by_role("button", name="Refresh metadata").click()
    until(lambda: not Job.objects.filter(kind="scanner.title", ended_at=None).exists())
    page.reload()

    assert page.get_by_text("Number 1 of the shelf Plain.").first.is_visible()
    assert Title.objects.filter(matches__library=library, state="indexed").count() == 3
    context.close()
