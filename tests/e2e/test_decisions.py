"""Unmatched, Why, History and Sources in a real browser: sound pages, and decisions by the keyboard alone."""

from __future__ import annotations

import pytest
from django.contrib.auth import get_user_model
from django.utils import timezone

from journal.moves import record
from outbound import budget
from outbound.models import Grant, Source, SourceHour
from pages.models import Preference
from scanner.models import Match
from tests.web.rows import make_file, make_job, make_library, make_match, make_movie, make_pool, make_title, make_worker

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]
LONG = "The Extraordinary and Largely Unexpected Adventures of Donaudampfschifffahrtsgesellschaftskapitän Müller"
NAMES = ("Kiln (2000)", LONG, "مدينة الملح والقمر", "x" * 160)
KILN = {"id": 603, "kind": "movie", "name": "Kiln", "year": 1999, "votes": 12, "overview": LONG * 2}


@pytest.fixture
def waiting(signed_in):
    make_worker()
    make_pool()
    make_library(path="/media/other", name="Other")
    candidates = [
        KILN,
        {**KILN, "id": 604, "name": LONG, "year": 2004},
        {**KILN, "id": 605, "name": "كيلن", "year": None},
    ]
    make_title("Kiln", tmdb_id=603)
    rows = [
        make_match(key=name, state="unmatched", name=name, year=2000, candidates=candidates, reason="3 come close")
        for name in NAMES
    ]
    for match in rows:
        make_file(match, f"{match.key}/{'y' * 90}.mkv")
    return rows


@pytest.fixture
def sources(db):
    source = Source.objects.create(name="tmdb", rules=[[35, 10]], base_url="https://api.example/3", last_error=LONG)
    Source.objects.filter(pk="tmdb").update(last_error_at=timezone.now(), tested_at=timezone.now(), tested_said=LONG)
    until = timezone.now() + timezone.timedelta(seconds=50)
    Source.objects.create(name="mirror-c", circuit="open", failures=5, open_until=until, rules=[[20, 1]])
    now = budget.now()
    for ago in range(0, 3600, 100):
        Grant.objects.create(source=source, arrived_by=now.budget - ago, taken_at=now.budget - ago, clock=now.clock)
    hour = timezone.now().replace(minute=0, second=0, microsecond=0)
    for ago in range(20):
        SourceHour.objects.create(
            source=source, hour=hour - timezone.timedelta(hours=ago), attempts=9 * ago, successes=7 * ago,
            failures={"Transient": ago},
        )  # fmt: skip


def test_every_page_is_sound_in_both_themes_and_at_320_px(signed_in, waiting, sources):
    title = make_movie(LONG)
    record(title, reason=LONG, old="indexed", new="stale")
    record("scanner.title:999", reason="<script>alert(1)</script>")
    job = make_job(
        f"title:{title.pk}", attempts=2, last_error=LONG, due_at=timezone.now() + timezone.timedelta(hours=1)
    )
    pages = [
        "/unmatched/",
        "/unmatched/?q=nothing",
        "/unmatched/?state=ignored",
        f"/matches/{waiting[1].pk}/",
        f"/matches/{waiting[0].pk}/?look=movie:603&words=Kiln",
        f"/why/match:{waiting[1].pk}/",
        f"/why/title:{title.pk}/",
        f"/queue/{job.pk}/",
        "/why/source:tmdb/",
        "/history/",
        "/history/?q=nothing&kind=jobs",
        "/sources/",
        "/sources/tmdb/",
    ]
    signed_in.are_sound(pages)


def state_of(match):
    return list(Match.objects.filter(pk=match.pk).values_list("state", "title__tmdb_id"))[0]  # noqa: RUF015


def test_folders_are_decided_one_after_the_other_by_key(signed_in, waiting):
    order = sorted(waiting, key=lambda match: match.key)
    page = signed_in.open("/unmatched/")

    page.keyboard.press("j")
    page.keyboard.press("1")
    page.wait_for_selector(f"#m{order[0].pk}", state="detached")
    focused = page.evaluate("document.activeElement.id")
    page.keyboard.press("i")
    page.wait_for_selector(f"#m{order[1].pk}", state="detached")

    assert focused == f"m{order[1].pk}"
    assert [state_of(match) for match in order[:2]] == [("matched", 603), ("ignored", None)]

    page.wait_for_selector("#toasts >> text=Ignored:")
    page.keyboard.press("u")
    page.wait_for_selector("#toasts >> text=Taken back")
    assert state_of(order[1]) == ("unmatched", None)


def test_the_search_opens_in_place_and_says_what_stands_in_the_way(signed_in, waiting):
    page = signed_in.open("/unmatched/")

    page.keyboard.press("j")
    page.keyboard.press("/")
    field = page.wait_for_selector("[data-row] input[type=search]")
    assert field.evaluate("field => field === document.activeElement")
    field.fill("603")
    page.keyboard.press("Enter")
    page.wait_for_selector("[data-row] .note")
    page.keyboard.press("j")

    assert field.input_value() == "603" or page.locator("[data-row] .note").count() == 1
    assert "There is no TMDB key" in page.locator("[data-row] .note").inner_text()
    page.locator("[data-row] .note ~ form button", has_text="Pick").first.click()
    page.wait_for_selector("#toasts form")


def test_what_is_ticked_is_ignored_together(signed_in, waiting):
    page = signed_in.open("/unmatched/")

    page.locator("[name=pick]").first.check()
    page.locator("[name=pick]").nth(2).click(modifiers=["Shift"])
    assert "3 selected" in page.locator(".bar").inner_text()
    page.locator(".bar button", has_text="Ignore").click()
    page.wait_for_load_state("networkidle")

    assert Match.objects.filter(state="ignored").count() == 3


def test_without_keys_nothing_happens_and_the_buttons_do_it(signed_in, waiting):
    Preference.objects.create(user=get_user_model().objects.get(), shortcuts=False)
    page = signed_in.open("/unmatched/")

    page.keyboard.press("j")
    page.keyboard.press("1")
    page.keyboard.press("i")

    assert {state_of(match) for match in waiting} == {("unmatched", None)}


@pytest.fixture
def browser_without_scripts(browser, live_server, signed_in):
    context = browser.new_context(java_script_enabled=False)
    context.add_cookies(signed_in.page.context.cookies())
    yield context.new_page(), live_server.url
    context.close()


def test_without_scripts_everything_works_by_forms(browser_without_scripts, waiting):
    page, home = browser_without_scripts
    order = sorted(waiting, key=lambda match: match.key)
    page.goto(f"{home}/unmatched/")

    page.locator(f"#m{order[0].pk} button", has_text="Pick").first.click()
    assert page.url.endswith(f"#m{order[1].pk}")
    assert state_of(order[0]) == ("matched", 603)
    page.locator("button", has_text="Undo").click()

    assert state_of(order[0]) == ("unmatched", None)
