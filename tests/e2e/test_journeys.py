"""What people do with a library, each told as they do it: real Chromium, real processes, a fake TMDB."""

from __future__ import annotations

import datetime as dt
import re
import shutil

import pytest

from benches.household import until
from jobs import hands
from jobs.models import Job
from outbound.models import Source
from scanner.demo.catalogue import Film
from scanner.models import Match, MediaFile, Scan, Title, Watch
from scanner.services import scans
from tests.factories import put

pytestmark = pytest.mark.e2e


def scanned(house, library) -> None:
    """Have a library read and described before the story begins."""
    scans.start([library], actor="anna")
    house.settle()


def stay(page) -> None:
    """Mark the page, so that a load of another one would be noticed."""
    page.evaluate("document.body.dataset.here = 'still'")


def is_still_there(page) -> bool:
    return page.evaluate("document.body.dataset.here") == "still"


def done(page) -> int:
    """Return how far the progress of a scan's page is."""
    page.wait_for_timeout(100)
    return int(page.locator("#progress progress").get_attribute("value"))


def test_an_unmatched_film_is_found_put_right_and_stays_so(house, visitor):
    for ident, year in ((71_001, 1971), (71_002, 1983)):
        house.fake.films[ident] = Film(ident, "The Long Quay", dt.date(year, 5, 1), f"Quay of {year}.", pictures=False)
    library = house.library("Quays")
    put(house.root / "Quays", "The Long Quay/The Long Quay.mkv")
    scanned(house, library)
    match = Match.objects.get(library=library)
    page = visitor.open("/")

    page.locator("#now .needs a", has_text=re.compile("Pick")).first.click()
    page.get_by_role("heading", name="Unmatched").wait_for()
    page.get_by_role("link", name="The Long Quay", exact=True).click()
    page.get_by_label("Name, or an id or address").fill("The Long Quay")
    page.get_by_label("Year").fill("1983")
    page.get_by_role("button", name="Search", exact=True).click()
    page.locator("#search .offers li", has_text="1983").get_by_role("link", name="Preview").click()
    page.get_by_role("heading", name="What this pick would do").wait_for()
    page.get_by_text("Quay of 1983.").first.wait_for()
    page.get_by_role("button", name="Pick this").click()
    page.get_by_text("No scan changes it").first.wait_for()
    page.get_by_role("button", name="Undo").click()
    page.get_by_text("Taken back: it is what it was before.").wait_for()
    match.refresh_from_db()
    assert (match.state, match.locked) == ("unmatched", False)

    page.locator("section[aria-labelledby=offers-head] li", has_text="1983").get_by_role("button", name="Pick").click()
    page.get_by_text("locked: no scan changes it").wait_for()
    house.settle()
    visitor.open("/scans/")
    page.get_by_label("Folder").select_option("Quays")
    page.get_by_role("button", name="Quick scan").click()
    page.locator("#progress:not([hx-trigger])").wait_for(state="attached")
    page.get_by_role("link", name="Library", exact=True).first.click()
    page.locator(".card", has_text="The Long Quay").click()

    page.get_by_text("Quay of 1983.").first.wait_for()
    assert page.get_by_text("Locked: no scan changes it.").is_visible()
    assert page.get_by_text("by hand").first.is_visible()
    match.refresh_from_db()
    assert (match.state, match.locked, match.title.tmdb_id) == ("matched", True, 71_002)


def test_a_scan_is_started_watched_stopped_and_taken_up_again(house, visitor):
    names = [f"Slow Reel {number:02}" for number in range(30)]
    let_through = house.fake.hold("Slow Reel")
    hands.pause("scan", "the watch, which sees a new folder at once, is to wait for her", actor="anna")
    library = house.library("Slow", *names)
    page = visitor.open("/scans/")

    page.get_by_label("Folder").select_option("Slow")
    page.get_by_role("button", name="Quick scan").click()
    page.wait_for_url(re.compile(r"/scans/\d+/$"))
    hands.resume("scan", actor="anna")
    stay(page)
    page.locator("#progress", has_text="describing").wait_for()
    before = done(page)
    let_through(6)
    until(lambda: done(page) > before, what="the progress moved")
    assert is_still_there(page)
    page.locator("#wire").get_by_text("scan").first.wait_for()

    page.get_by_role("button", name="Stop scan").click()
    page.get_by_text("The scan stops.").wait_for()
    page.locator("#progress", has_text="Stopped").wait_for()
    assert re.search(r"stopped by anna: \d+ jobs were cancelled", page.locator("#progress").inner_text())
    house.fake.heal()
    house.settle()
    described = Title.objects.filter(matches__library=library, state="indexed").count()

    page.get_by_role("button", name="Scan again").click()
    page.locator("#progress:not([hx-trigger])", has_text="Done").wait_for()
    house.settle()
    visitor.open(f"/library/?folder={library.pk}")

    assert described < len(names)
    assert page.locator("#titles").get_by_text(f"{len(names)} titles").is_visible()
    assert Title.objects.filter(matches__library=library, state="indexed").count() == len(names)


def test_a_failing_source_is_seen_tested_and_reset(house, visitor):
    library = house.library("Broken", *(f"Broken Reel {number}" for number in range(8)))
    house.fake.fail("^/3/", status=500, body=b"{}")
    scans.start([library], actor="anna")
    page = visitor.open("/sources/")
    row = page.locator("tr", has=page.get_by_role("link", name="tmdb", exact=True))

    page.locator("#live .note.bad", has_text="tmdb").wait_for()
    row.get_by_text("failures in a row").wait_for()
    assert "answered 500" in row.inner_text()
    page.locator("#wire", has_text=re.compile("next try")).wait_for()
    page.get_by_role("link", name="tmdb", exact=True).click()
    page.locator(".why").first.wait_for()
    page.get_by_role("button", name="Test", exact=True).click()
    page.locator("#toasts", has_text="500").wait_for()
    assert not MediaFile.objects.filter(library=library, match__title__state="indexed").exists()

    house.fake.heal()
    page.get_by_role("button", name="Test", exact=True).click()
    page.locator("#toasts p").wait_for()
    assert "500" not in page.locator("#toasts").inner_text()
    page.get_by_role("button", name="Reset").click()
    page.get_by_text("tmdb is reset").wait_for()
    visitor.open("/sources/")
    page.locator("#live .note.good").wait_for()

    until(lambda: Title.objects.filter(matches__library=library, state="indexed").count() == 8, what="it went on")
    assert Source.objects.get(pk="tmdb").failures == 0


@pytest.mark.parametrize("answer", ["refused", "confirmed"])
def test_a_held_scan_is_explained_and(house, visitor, answer):
    name = f"Held, {answer}"
    library = house.library(name, *(f"Held {answer} {number:02}" for number in range(28)))
    scanned(house, library)
    until(lambda: Watch.objects.filter(library=library, watching=True).exists(), what="it was watched")
    for folder in sorted((house.root / name).iterdir())[:24]:
        shutil.rmtree(folder)
    until(lambda: Scan.objects.filter(library=library, state="held").exists(), what="a scan was held")
    house.settle()
    page = visitor.open("/")

    page.locator("#now .needs li", has_text=name).get_by_role("link").click()
    page.get_by_text("24 files were not found and are kept as they are.").wait_for()
    held = Scan.objects.get(library=library, state="held")
    if answer == "refused":
        page.get_by_role("button", name="Keep the files, end this scan").click()
        page.get_by_text("The files are kept.").wait_for()
    else:
        page.get_by_role("link", name="They are gone for good").click()
        page.get_by_role("heading", name=f"Mark 24 files of {name} as gone?").wait_for()
        page.get_by_role("button", name="Mark 24 files as gone").click()
        page.get_by_text("The losses are confirmed.").wait_for()
        page.locator("#progress", has_text="Done").wait_for()
    held.refresh_from_db()
    gone = MediaFile.objects.filter(library=library, state="missing").count()
    visitor.open(f"/library/?folder={library.pk}&state=gone")

    assert (held.state, gone) == (("stopped", 0) if answer == "refused" else ("done", 24))
    assert page.locator(".card").count() == gone


def test_all_that_a_filter_finds_is_refreshed_together(house, visitor):
    names = [f"Bulk Reel {number:02}" for number in range(30)]
    library = house.library("Bulk", *names)
    scanned(house, library)
    mine = set(Title.objects.filter(matches__library=library).values_list("tmdb_id", flat=True))
    page = visitor.open("/library/?per=24")

    page.locator("#q").fill("bulk reel")
    page.get_by_text("30 titles", exact=True).wait_for()
    house.fake.forget()
    page.get_by_label("Select Bulk Reel 00").check()
    page.get_by_text("1 selected").wait_for()
    page.get_by_label("all on this page").check()
    page.get_by_text("24 selected").wait_for()
    page.get_by_label("all 30 found").check()
    page.locator(".bar").get_by_role("button", name=re.compile("Refresh")).click()
    page.locator("#toasts", has_text="30 titles").wait_for()
    assert "q=bulk" in page.url
    until(lambda: not Job.objects.filter(kind__in=["scanner.title", "scanner.refresh_title"], ended_at=None).exists())

    asked = {int(path.rsplit("/", 1)[-1]) for path in house.fake.api() if re.fullmatch(r"/3/movie/\d+", path)}
    assert asked == mine
    assert len(mine) == 30
