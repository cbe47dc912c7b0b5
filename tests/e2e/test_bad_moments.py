"""Two tabs, two clicks, a session that ran out, a thing that has just gone: a sentence, and nothing lost."""

from __future__ import annotations

import pytest
from django.contrib.sessions.models import Session

from jobs.models import Job
from outbound.models import Source
from scanner.models import Match, Scan
from tests.e2e.house import PASSWORD
from tests.web.rows import make_file, make_job, make_library, make_match, make_movie, make_pool, make_title, make_worker

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]
FOUND = [
    {"id": 603, "kind": "movie", "name": "Kiln", "year": 1999},
    {"id": 604, "kind": "movie", "name": "Oven", "year": 2001},
]


@pytest.fixture
def folder(signed_in):
    """A folder that two titles come close to."""
    make_worker()
    make_pool()
    make_title("Kiln", tmdb_id=603)
    make_title("Oven", tmdb_id=604)
    match = make_match(key="Kilne (2000)", state="unmatched", name="Kilne", year=2000, candidates=FOUND)
    make_file(match)
    return match


def another_tab(signed_in):
    return signed_in.page.context.new_page()


def test_the_second_of_two_tabs_is_told_that_it_came_late(signed_in, folder):
    page, other = signed_in.open("/unmatched/"), another_tab(signed_in)
    other.goto(f"{signed_in.home}/matches/{folder.pk}/")

    page.get_by_role("button", name="Pick Kiln").click()
    page.locator("#toasts", has_text="no scan changes it").wait_for()
    other.get_by_role("button", name="Pick Oven").click()

    other.get_by_text("This match has moved on in the meantime. Look again, then decide.").wait_for()
    folder.refresh_from_db()
    assert folder.title.tmdb_id == 603


def test_the_second_of_two_tabs_is_told_so_in_place_too(signed_in, folder):
    page, other = signed_in.open("/unmatched/"), another_tab(signed_in)
    other.goto(f"{signed_in.home}/unmatched/")

    page.get_by_role("button", name="Pick Kiln").click()
    page.locator("#toasts", has_text="no scan changes it").wait_for()
    other.get_by_role("button", name="Ignore", exact=True).first.click()

    other.locator("[data-row] [role=alert]", has_text="moved on").wait_for()
    folder.refresh_from_db()
    assert folder.state == "matched"


def test_two_clicks_are_one(signed_in, folder):
    title = make_movie("Harbour Lights", tmdb_id=12)
    page = signed_in.open("/scans/")

    page.get_by_role("button", name="Quick scan").dblclick()
    page.locator("#progress").wait_for()
    signed_in.open(f"/library/{title.pk}-x/")
    page.get_by_role("button", name="Refresh metadata").dblclick()
    page.locator("#about[hx-trigger]").wait_for()
    signed_in.open("/unmatched/")
    page.get_by_role("button", name="Pick Kiln").dblclick()
    page.locator("#toasts", has_text="no scan changes it").wait_for()

    assert Scan.objects.count() == 1
    assert Job.objects.filter(key=f"title:{title.pk}").count() == 1
    assert list(Match.objects.filter(pk=folder.pk).values_list("state", "title__tmdb_id")) == [("matched", 603)]


@pytest.mark.parametrize("how", ["by htmx", "by a form"])
def test_a_session_that_ran_out_leads_through_the_sign_in_back_to_the_page(signed_in, folder, how):
    make_job("x:failed", state="failed")
    path, button = {"by htmx": ("/unmatched/?q=kiln", "Ignore"), "by a form": ("/sources/", "Test all")}[how]
    Source.objects.create(name="tmdb")
    page = signed_in.open(path)
    Session.objects.all().delete()

    page.get_by_role("button", name=button, exact=True).first.click()
    page.wait_for_url("**/login/?next=**")
    page.get_by_text("You were signed out, so nothing was done.").wait_for()
    page.get_by_label("Name").fill("anna")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()

    page.wait_for_url(f"**{path}")
    folder.refresh_from_db()
    assert folder.state == "unmatched"
    page.get_by_role("button", name=button, exact=True).first.click()
    page.locator("#toasts p").first.wait_for()


def test_a_poll_after_the_session_ran_out_shows_the_sign_in_page_whole(signed_in, folder):
    page = signed_in.open("/queue/")
    Session.objects.all().delete()

    page.wait_for_url("**/login/?next=/queue/")

    assert page.get_by_role("heading", name="mediasync").is_visible()


def test_what_has_just_gone_is_said_in_its_place_and_the_page_goes_on(signed_in, folder):
    other = make_match(key="Other (2001)", state="unmatched", name="Other", candidates=FOUND)
    make_file(other)
    page = signed_in.open("/unmatched/")
    Match.objects.filter(pk=folder.pk).delete()

    page.locator(f"#m{folder.pk}").get_by_role("button", name="Ignore").click()
    page.get_by_role("alert").get_by_text("It may have been removed").wait_for()
    page.locator(f"#m{other.pk}").get_by_role("button", name="Ignore").click()
    page.locator("#toasts", has_text="Other (2001)").wait_for()
    signed_in.wrong.clear()  # the browser tells its console of every 404

    other.refresh_from_db()
    assert other.state == "ignored"


def test_a_title_that_has_gone_leads_back_to_the_library(signed_in, folder):
    title = make_movie("Harbour Lights")
    page = signed_in.open(f"/library/{title.pk}-x/")
    title.delete()

    page.get_by_role("button", name="Refresh metadata").click()
    page.get_by_text("It may have been removed").wait_for()
    signed_in.wrong.clear()
    page.locator("main").get_by_role("link").first.click()
    page.wait_for_load_state()

    assert page.locator("h1").is_visible()


def test_a_scan_that_ended_in_another_tab_is_not_stopped_twice(signed_in, folder):
    scan = Scan.objects.create(library=make_library(), state="open", actor="anna")
    make_job(f"scan:{scan.pk}", kind="scanner.walk", pool="scan", origin=f"scan:{scan.pk}")
    page = signed_in.open(f"/scans/{scan.pk}/")
    Scan.objects.update(state="done")
    Job.objects.all().delete()

    page.get_by_role("button", name="Stop scan").click()

    page.get_by_text("This scan has moved on in the meantime.").wait_for()
