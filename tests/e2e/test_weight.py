"""What a first visit costs, and that nothing jumps: the bars that only a browser can tell."""

from __future__ import annotations

import gzip
import io

import pytest
from django.utils import timezone
from PIL import Image

from jobs.models import Job
from scanner.models import Title
from tests.web.rows import make_job, make_movie, make_pool, make_scan, make_show, make_worker

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]

RAW, COMPRESSED, REQUESTS = 100 * 1024, 35 * 1024, 6
SHIFTS = """() => {
    window.shifts = [];
    new PerformanceObserver(seen => seen.getEntries().forEach(entry => window.shifts.push(
        [entry.value, entry.sources.map(source => source.node?.outerHTML?.slice(0, 120) ?? "")]
    ))).observe({type: "layout-shift", buffered: true});
}"""


@pytest.fixture
def shelves(signed_in):
    """A page full of titles, some with long names, and work to look at."""
    make_worker()
    make_pool()
    for number in range(30):
        poster = f"{number:064x}" if number % 2 else ""
        make_movie(f"The Name of Film {number:02}", poster=poster, overview="It is told. " * 20)
    for number in range(20):
        make_show(f"Show {number:02}", owned=8, missing=4, upcoming=2)
    for number in range(48):
        make_job(f"title:{number}", state="failed" if number % 3 else "ready", last_error="HTTP 503 from mirror-c")
    return Title.objects.get(name="Show 03")


@pytest.fixture
def pages(shelves, signed_in):
    drawn = io.BytesIO()
    Image.new("RGB", (342, 513), "#345").save(drawn, "webp")
    signed_in.page.context.route("**/artwork/**", lambda route: route.fulfill(body=drawn.getvalue()))
    return {
        "home": "/",
        "library": "/library/",
        "table": "/library/?view=table",
        "title": f"/library/{shelves.pk}-show-03/",
        "queue": "/queue/",
    }


def test_a_first_visit_is_light(signed_in, pages, browser, live_server):
    cookies = signed_in.page.context.cookies()
    for name, path in pages.items():
        context = browser.new_context()  # with nothing kept from before
        context.add_cookies(cookies)
        page, answers = context.new_page(), []
        page.on("response", lambda answer, answers=answers: answers.append(answer))
        page.goto(live_server.url + path)
        page.wait_for_load_state("networkidle")
        counted = [answer for answer in answers if "/artwork/" not in answer.url]
        bodies = [answer.body() for answer in counted if answer.status == 200]
        raw, compressed = sum(map(len, bodies)), sum(len(gzip.compress(body, 6)) for body in bodies)
        context.close()

        assert {name: len(counted)} == {name: min(len(counted), REQUESTS)}
        assert {name: raw} == {name: min(raw, RAW)}
        assert {name: compressed} == {name: min(compressed, COMPRESSED)}


def test_nothing_jumps_when_pages_load_and_are_polled(signed_in, pages):
    signed_in.page.add_init_script(f"({SHIFTS})()")
    scan = make_scan(state="open", expected_files=90, started_at=timezone.now())
    make_job(f"scan:{scan.pk}", kind="scanner.walk", state="leased", done_units=9, total_units=90)
    for name, path in {**pages, "scan": f"/scans/{scan.pk}/", "sources": "/sources/", "system": "/system/"}.items():
        page = signed_in.open(path)
        page.wait_for_load_state("networkidle")

        assert {name: page.evaluate("window.shifts")} == {name: []}


def test_nothing_jumps_when_a_number_changes_under_the_eyes(signed_in, pages):
    signed_in.page.add_init_script(f"({SHIFTS})()")
    scan = make_scan(state="open", expected_files=90, started_at=timezone.now())
    job = make_job(f"scan:{scan.pk}", kind="scanner.walk", state="leased", done_units=19, total_units=90)
    page = signed_in.open(f"/scans/{scan.pk}/")

    Job.objects.filter(pk=job.pk).update(done_units=47)
    page.locator("#progress .big", has_text="47").wait_for()

    assert page.evaluate("window.shifts") == []
