"""Every page in a real browser: no error, no broken policy, nothing off-origin, no barrier, no sideways scroll."""

from __future__ import annotations

import pytest
from django.utils import timezone

from jobs.models import Hold, Job
from mediasync import setup_link
from outbound.models import Source
from scanner.models import Scan, Title
from tests.e2e.conftest import SCHEMES
from tests.web.rows import (
    add_season,
    make_file,
    make_job,
    make_library,
    make_match,
    make_movie,
    make_pool,
    make_scan,
    make_show,
    make_title,
    make_worker,
)

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]

LONG = "The Extraordinary and Largely Unexpected Adventures of Donaudampfschifffahrtsgesellschaftskapitän Müller"
SETTINGS = ("folders", "metadata", "sources", "notices", "people", "programs", "appearance")


@pytest.fixture
def household(signed_in):
    """Something of everything, names that are long, from right to left, or hostile."""
    make_worker()
    make_pool()
    make_pool("guide", paused_at=timezone.now(), paused_reason="paused by anna")
    Source.objects.create(name="tmdb")
    Source.objects.create(name="mirror-c", circuit="open", open_until=timezone.now() + timezone.timedelta(minutes=5))
    show = make_show(owned=3, missing=2, upcoming=2)
    add_season(show, show.matches.get(), owned=45, season=2)
    for name in (LONG, "مدينة الملح والقمر", "<script>alert(1)</script>", "M"):
        make_movie(name, overview=LONG * 3, details={"cast": [{"name": LONG, "role": LONG}]})
    for state in ("stale", "new", "error"):
        make_file(make_match(make_title(f"Title {state}", state=state)), f"{state}{'x' * 200}.mkv", state="missing")
    for state, priority in (("leased", 0), ("failed", 2), ("ready", 3)):
        make_job(f"title:{show.pk}" if state == "leased" else f"x:{state}", state=state, priority=priority)
    Job.objects.update(last_error="HTTP 503 from " + "a" * 90, total_units=9, done_units=4)
    Hold.objects.create(source="mirror-c", until=timezone.now() + timezone.timedelta(minutes=5), reason=LONG)
    make_job("x:held", needs="mirror-c")
    return show


@pytest.fixture
def paths(household):
    running = make_scan(state="open", expected_files=9, started_at=timezone.now(), folders={"A" * 80: {"files": 3}})
    lost = list(household.matches.get().files.values_list("pk", flat=True))
    other = make_library(path="/media/other", name="Other")
    held = make_scan(library=other, state="held", reason="31 % of the files are gone.", losses=lost)
    make_scan(ended_at=timezone.now(), walk_seconds=3.4, reason=LONG)
    return {
        "library": "/library/",
        "nothing found": "/library/?q=zzzzzz&state=missing",
        "title": f"/library/{household.pk}-signal-to-noise/",
        "long title": f"/library/{make_title(LONG).pk}-x/",
        "scans": "/scans/",
        "running scan": f"/scans/{running.pk}/",
        "held scan": f"/scans/{held.pk}/",
        "confirm losses": f"/scans/{held.pk}/confirm/",
        "full scan": "/scans/full/",
        "queue": "/queue/",
        "system": "/system/",
        "home": "/",
        "table": "/library/?view=table",
        "season": f"/library/{household.pk}-signal-to-noise/s1/",
        "artwork": f"/library/{household.pk}-signal-to-noise/artwork/",
        "unmatched": "/unmatched/",
        "match": f"/matches/{household.matches.get().pk}/",
        "why a title": f"/why/title:{household.pk}/",
        "job": f"/queue/{Job.objects.get(key='x:failed').pk}/",
        "history": "/history/",
        "sources": "/sources/",
        "source": "/sources/mirror-c/",
        "logs": "/system/logs/",
        "about": "/about/",
        "set-up folders": "/setup/folders/",
        "set-up look": "/setup/folders/?at=/usr/share",
        "set-up key": "/setup/key/",
        "set-up scan": "/setup/scan/",
        **{section: f"/settings/{section}/" for section in SETTINGS},
        "folder": f"/settings/folders/{other.pk}/",
        "remove folder": f"/settings/folders/{other.pk}/remove/",
    }


def test_every_page_is_sound_in_both_themes_and_at_320_px(signed_in, paths):
    signed_in.are_sound(paths.values())


@pytest.mark.parametrize("path", ["/login/", "/setup/", "/library/"])
def test_an_empty_server_is_sound_too(watched, request, settings, tmp_path, path):
    settings.DATA_DIR = tmp_path
    visitor = request.getfixturevalue("signed_in") if path == "/library/" else watched
    visitor.open(setup_link.make() if path == "/setup/" else path)

    assert visitor.fits(320)
    assert [visitor.barriers(scheme) for scheme in SCHEMES] == [[], []]


def test_typing_in_the_search_narrows_the_list_and_the_address(signed_in, household):
    page = signed_in.open("/library/")

    page.keyboard.press("/")
    page.keyboard.type("signal")
    page.wait_for_url("**/library/?*q=signal*")

    assert page.locator(".card").count() == 1
    assert page.locator("#q").evaluate("field => field === document.activeElement")


def test_back_and_reload_give_the_same_list(signed_in, household):
    page = signed_in.open("/library/")

    page.select_option("[name=type]", "show")
    page.wait_for_url("**/library/?*type=show*")
    narrowed = page.locator(".card").count()
    page.reload()
    reloaded = page.locator(".card").count()
    page.locator(".card").click()
    page.wait_for_url("**/library/*-signal-to-noise/")
    page.go_back()
    page.wait_for_url("**/library/?*type=show*")

    assert (narrowed, reloaded, page.locator(".card").count()) == (1, 1, 1)


def test_without_scripts_the_filters_work_by_their_button(browser, live_server, signed_in, household):
    context = browser.new_context(java_script_enabled=False, storage_state=signed_in.page.context.storage_state())
    page = context.new_page()
    page.goto(f"{live_server.url}/library/")

    page.fill("#q", "signal")
    page.get_by_role("button", name="Apply").click()

    assert page.locator(".card").count() == 1
    context.close()


def test_the_queue_follows_what_happens_and_keeps_the_focus(signed_in, household):
    page = signed_in.open("/queue/")
    button = page.get_by_role("button", name="Pause metadata")
    button.focus()

    make_job("x:new", reason="came just now")
    page.get_by_text("came just now").wait_for(timeout=20_000)

    assert page.evaluate("document.activeElement.value") == "pause@metadata"


def test_a_job_is_cancelled_without_leaving_the_page(signed_in, household):
    page = signed_in.open("/queue/?state=failed")

    page.get_by_label("x:failed", exact=True).check()
    page.get_by_text("1 ticked").wait_for()
    page.get_by_role("button", name="Cancel", exact=True).click()

    page.get_by_text("1 job: cancelled.").wait_for()
    page.get_by_text("No job matches.").wait_for()
    assert Job.objects.get(key="x:failed").state == "cancelled"


def test_a_running_scan_is_watched_until_it_ends(signed_in, household):
    scan = make_scan(state="open", expected_files=10, new=1)
    page = signed_in.open(f"/scans/{scan.pk}/")

    Scan.objects.filter(pk=scan.pk).update(new=7)
    page.locator(".counts dd", has_text="7").wait_for()
    Scan.objects.filter(pk=scan.pk).update(state="done", ended_at=timezone.now())
    page.get_by_text("Done").wait_for()

    assert page.locator("#progress[hx-trigger]").count() == 0


def test_a_refreshed_title_updates_itself_and_the_poll_ends(signed_in, household):
    page = signed_in.open(f"/library/{household.pk}-signal-to-noise/")

    page.get_by_role("button", name="Refresh metadata").click()
    page.locator(".facts").get_by_text("Description due").wait_for()
    job = Job.objects.get(kind="scanner.title", key=f"title:{household.pk}")
    Title.objects.filter(pk=household.pk).update(state="indexed", overview="A new overview.")
    page.get_by_text("A new overview.").wait_for()
    polled = page.locator("#about[hx-trigger]").count()
    Job.objects.filter(pk=job.pk).update(state="done", ended_at=timezone.now())
    page.locator("#about:not([hx-trigger])").wait_for()

    assert polled == 1
    assert page.locator(".facts").get_by_text("Available").is_visible()


def test_the_library_tells_what_comes_while_it_is_read(signed_in, household):
    job = make_job("title:4711")
    page = signed_in.open("/library/?type=movie")

    page.get_by_text("still to be described").wait_for()
    make_movie("Came Just Now")
    page.get_by_text("since you opened this page").wait_for()
    Job.objects.filter(pk=job.pk).update(state="done", ended_at=timezone.now())
    Job.objects.filter(state__in=["ready", "leased"]).delete()
    page.locator("#news:not([hx-trigger])").wait_for()
    page.get_by_role("link", name="Show").click()
    page.wait_for_load_state("networkidle")

    assert page.url.endswith("/library/?type=movie")
    assert page.get_by_text("Came Just Now").first.is_visible()


def test_an_empty_library_fills_itself(signed_in):
    make_library()
    make_worker()
    make_job("scan:1", kind="scanner.walk", state="leased")
    page = signed_in.open("/library/")

    page.get_by_text("Titles appear here by themselves.").wait_for()
    make_movie("The First")

    page.locator(".card", has_text="The First").wait_for()
    assert not page.get_by_text("Titles appear here by themselves.").is_visible()


def test_a_wrong_match_is_put_right_in_the_admin(signed_in, household):
    found = [{"id": 603, "kind": "movie", "name": "Kiln", "year": 1999}, {"id": 604, "kind": "movie", "name": "Oven"}]
    match = make_match(make_title("Kilne"), state="unmatched", name="Kiln", candidates=found)
    page = signed_in.open(f"/admin/scanner/match/{match.pk}/change/")
    fits = signed_in.fits(360)
    barriers = [signed_in.barriers(scheme) for scheme in SCHEMES]
    signed_in.wrong.clear()  # axe looks into the admin's style sheets with inline styles of its own

    page.get_by_role("button", name="Pick this: Kiln 1999").click()
    page.get_by_text("It is described next").wait_for()

    assert fits
    assert barriers == [[], []]
    assert Title.objects.get(matches=match).tmdb_id == 603


def test_an_unchanged_strip_is_not_sent_again(signed_in, household):
    page = signed_in.open("/library/")

    with page.expect_response("**/wire/", timeout=9_000) as answer:
        pass

    assert answer.value.status == 304


def test_the_theme_that_was_chosen_stays(signed_in, household):
    page = signed_in.open("/library/")

    page.get_by_role("button", name="Dark").click()
    page.wait_for_load_state()

    assert page.locator("html").get_attribute("data-theme") == "dark"
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(14, 21, 20)"


def test_the_first_account_is_made_with_the_keyboard_alone(watched, settings, tmp_path):
    settings.DATA_DIR = tmp_path
    page = watched.open(setup_link.make())

    page.get_by_label("Username").focus()
    for text in ("anna", "a-long-password-7", "a-long-password-7"):
        page.keyboard.type(text)
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_url("**/setup/folders/")

    assert page.get_by_role("heading", name="Where are your movies and shows?").is_visible()
