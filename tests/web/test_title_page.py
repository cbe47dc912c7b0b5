"""The Title page: one title with everything that belongs to it, in few queries."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from jobs.models import Job, Priority
from journal.models import Event
from journal.moves import record
from scanner.models import FormerTitle
from tests.web.rows import add_season, make_file, make_job, make_match, make_movie, make_show, make_title

FRAME, PAGE = 5, 9


def test_the_slug_is_decoration_and_a_wrong_one_redirects(visit):
    title = make_movie("Harbour Lights")

    answer = visit.get(f"/library/{title.pk}-something-else/?season=2")

    assert answer.headers["Location"] == f"/library/{title.pk}-harbour-lights/?season=2"
    assert visit.get(f"/library/{title.pk}/").headers["Location"] == f"/library/{title.pk}-harbour-lights/"


@pytest.mark.parametrize("name", ["千と千尋の神隠し", "???", "-", ""])
def test_a_name_without_latin_letters_has_an_address_too(visit, name):
    title = make_movie(name)

    assert visit.get(f"/library/{title.pk}-title/").status_code == 200


def test_a_merged_title_redirects_to_the_one_that_stayed(visit):
    title = make_movie("Kiln")
    FormerTitle.objects.create(former_id=title.pk + 1000, title=title)

    answer = visit.get(f"/library/{title.pk + 1000}-old-name/")

    assert answer.headers["Location"] == f"/library/{title.pk}-kiln/"


def test_a_title_that_never_was_is_not_found(visit):
    assert visit.get("/library/123456-x/").status_code == 404


def test_it_shows_files_cast_match_and_what_happened(visit):
    title = make_title("Kiln", details={"cast": [{"name": "Ada Benson", "role": "Mara"}, "broken", {"role": "x"}]})
    match = make_match(title, key="Kiln (2021)", reason="same name, same year", by="search", score=0.97)
    make_file(match, "Kiln (2021)/Kiln.mkv", state="missing")
    record(title, reason="described by TMDB", old="new", new="indexed")

    html = visit.get(f"/library/{title.pk}-kiln/").content.decode()

    for text in (
        "Kiln (2021)/Kiln.mkv",
        "2.0\u202fGiB",
        "Gone",
        "Ada Benson",
        "same name, same year",
        "described by TMDB",
    ):
        assert text in html


def test_one_season_is_shown_at_a_time(visit):
    title = make_show(owned=2)
    add_season(title, title.matches.get(), owned=1, missing=1, season=2)

    first, second = (visit.get(f"/library/{title.pk}-signal-to-noise/{q}").content.decode() for q in ("", "?season=2"))

    assert "Part 1.1" in first
    assert "Part 2.1" not in first
    assert "Part 2.1" in second
    assert "Missing" in second


def test_a_job_that_needs_a_person_is_told_with_its_error(visit):
    title = make_movie("Kiln")
    make_job(f"title:{title.pk}", state="failed", last_error="HTTP 503 from example.test")

    assert "HTTP 503 from example.test" in visit.get(f"/library/{title.pk}-kiln/").content.decode()


def test_hostile_details_are_text(visit):
    title = make_movie("Kiln", overview="<script>alert(1)</script>", tagline="<b>x</b>", genres=["<i>"])

    html = visit.get(f"/library/{title.pk}-kiln/").content.decode()

    assert "<script>alert(1)" not in html
    assert "<b>x</b>" not in html


def test_the_queries_are_the_same_for_20_and_400_episodes(visit):
    counts = []
    for many in (20, 400):
        title = make_title(f"Show {many}", kind="show")
        match = make_match(title)
        add_season(title, match, owned=many)
        for number in range(many):
            make_file(match, f"{many}/extra {number}.mkv", extra="trailer")
            record(title, reason=f"event {number}")
        with CaptureQueriesContext(connection) as seen:
            visit.get(f"/library/{title.pk}-show-{many}/")
        counts.append(len(seen))

    assert counts[0] == counts[1] <= FRAME + PAGE


def test_refresh_marks_the_title_and_goes_before_everything(visit):
    title = make_movie("Kiln")

    answer = visit.post(f"/library/{title.pk}/refresh/")

    title.refresh_from_db()
    job = Job.objects.get(kind="scanner.title", key=f"title:{title.pk}")
    assert answer.headers["Location"] == f"/library/{title.pk}-kiln/"
    assert (title.state, job.priority) == ("stale", Priority.CRITICAL)
    assert Event.objects.get(new="stale").actor == "anna"


def test_a_match_is_locked_and_unlocked(visit):
    title = make_movie("Kiln")
    match = title.matches.get()

    visit.post(f"/matches/{match.pk}/lock/")
    match.refresh_from_db()
    locked = match.locked
    visit.post(f"/matches/{match.pk}/unlock/")
    match.refresh_from_db()

    assert (locked, match.locked) == (True, False)


@pytest.mark.parametrize(
    "path", ["/library/1/refresh/", "/matches/1/lock/", "/scans/start/", "/scans/1/stop/", "/theme/"]
)
def test_what_changes_something_is_never_a_plain_link(visit, path):
    assert visit.get(path).status_code in (404, 405)
