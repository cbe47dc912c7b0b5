"""The Title page: one title with everything that belongs to it, in few queries."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from jobs.models import Job, Priority
from journal.models import Event
from journal.moves import record
from scanner.models import FormerTitle, MediaInfo, Season, TitleId
from tests.web.rows import (
    add_season,
    make_file,
    make_job,
    make_match,
    make_movie,
    make_pool,
    make_show,
    make_title,
)

FRAME, PAGE = 5, 9
PARTIAL = {"HX-Request": "true", "HX-Request-Type": "partial"}


def badge(visit, title) -> str:
    html = visit.get(f"/library/{title.pk}-x/", follow=True).content.decode()
    return html.split('<ul class="facts"><li>')[1].split("</svg>")[1].split("</span>")[0]


@pytest.mark.parametrize(
    ("states", "title_state", "word"),
    [
        (["indexed"], "indexed", "Available"),
        (["missing"], "indexed", "Gone"),
        (["missing"], "stale", "Gone"),
        (["missing", "indexed"], "indexed", "Available"),
        (["error"], "indexed", "Needs you"),
        (["changed"], "indexed", "Available"),
        (["indexed"], "stale", "Description due"),
        ([], "new", "Queued"),
    ],
)
def test_the_badge_of_a_film_says_whether_it_can_be_watched(visit, states, title_state, word):
    title = make_title("Kiln", state=title_state)
    match = make_match(title)
    for state in states:
        make_file(match, state=state)
    make_file(match, extra="trailer")

    assert badge(visit, title) == word


def test_the_badge_of_a_show_is_gone_only_with_its_last_file(visit):
    title = make_show(owned=2, missing=3)
    files = title.matches.get().files
    files.filter(pk=files.first().pk).update(state="missing")
    first = badge(visit, title)
    files.update(state="missing")

    assert (first, badge(visit, title)) == ("Available", "Gone")


def test_the_head_is_polled_while_work_is_open_and_answers_304_until_it_changes(visit, django_assert_max_num_queries):
    title = make_movie("Kiln", overview="x" * 9000, tagline="y" * 200, genres=["z" * 90] * 20)
    make_pool()
    for kind in ("title", "artwork", "write", "inspect", "match"):
        make_job(f"title:{title.pk}", kind=f"scanner.{kind}", last_error="<" * 900, reason="<" * 900)
    for _another in range(6):
        make_job(f"match:{make_match(title).pk}", kind="scanner.write", last_error="<" * 900)
    page = visit.get(f"/library/{title.pk}-kiln/")
    revision = page.context["about"].revision
    url = f"/library/{title.pk}/about/"

    with django_assert_max_num_queries(3 + 3):  # session, user and what rests besides
        same = visit.get(url, headers={**PARTIAL, "If-None-Match": revision})
    Job.objects.filter(kind="scanner.title").update(state="leased")
    with django_assert_max_num_queries(3 + 3):
        changed = visit.get(url, headers={**PARTIAL, "If-None-Match": revision})

    assert f'hx-get="{url}" hx-trigger="every 2s"' in page.content.decode()
    assert (same.status_code, changed.status_code) == (304, 200)
    assert changed.content.decode().lstrip().startswith('<article class="sheet" id="about"')
    assert len(changed.content) < 12_000


def test_the_poll_ends_with_the_work_and_the_page_is_loaded_once_more(visit):
    title = make_movie("Kiln")
    make_job(f"title:{title.pk}", state="failed")

    page = visit.get(f"/library/{title.pk}-kiln/").content.decode()
    last = visit.get(f"/library/{title.pk}/about/", headers=PARTIAL)

    assert f"{title.pk}/about/" not in page
    assert "hx-trigger" not in last.content.decode()
    assert last.headers["HX-Refresh"] == "true"


def test_who_waits_for_long_is_asked_for_seldom(visit):
    title = make_movie("Kiln")
    make_job(f"match:{title.matches.get().pk}", kind="scanner.write", due_at=timezone.now() + timedelta(hours=1))

    assert visit.get(f"/library/{title.pk}-kiln/").context["about"].poll == "15s"


def test_a_title_that_is_merged_while_it_is_watched_sends_the_page_on(visit):
    answer = visit.get("/library/4711/about/", headers=PARTIAL)

    assert answer.headers["HX-Redirect"] == "/library/4711-title/"


def test_sites_are_named_and_only_linked_where_they_have_a_page(visit):
    title = make_movie("Kiln", tmdb_id=603)
    for source, value in (("imdb", "tt0133093"), ("tvdb", "1/../2"), ("freebase", "/m/1")):
        TitleId.objects.create(title=title, source=source, value=value)

    html = visit.get(f"/library/{title.pk}-kiln/").content.decode()

    assert 'href="https://www.imdb.com/title/tt0133093/"' in html
    assert 'href="https://www.thetvdb.com/dereferrer/movie/1%2F..%2F2"' in html
    assert ">TMDB</a>" in html
    assert "freebase" not in html.lower()


def test_a_season_that_is_not_owned_says_so_and_the_first_owned_one_is_open(visit):
    title = make_show(owned=1, season=3)
    for number in (1, 2):
        Season.objects.create(title=title, number=number)

    html = visit.get(f"/library/{title.pk}-signal-to-noise/").content.decode()

    assert ">0/0<" not in html
    assert html.count("not on disk") == 2
    assert "Part 3.1" in html


def test_the_slug_is_decoration_and_a_wrong_one_redirects(visit):
    title = make_movie("Harbour Lights")

    answer = visit.get(f"/library/{title.pk}-something-else/?season=2")

    assert answer.headers["Location"] == f"/library/{title.pk}-harbour-lights/?season=2"
    assert visit.get(f"/library/{title.pk}/").headers["Location"] == f"/library/{title.pk}-harbour-lights/"


def test_an_address_reads_as_the_name_is_spoken(visit):
    title = make_movie("Æon of İstanbul")
    record(title, reason="it was found")

    address = f"/library/{title.pk}-aeon-of-istanbul/"

    assert visit.get(address).status_code == 200
    for page in ("/library/", "/history/", f"/why/title:{title.pk}/"):
        assert address in visit.get(page).content.decode(), page


@pytest.mark.parametrize("name", ["千と千尋の神隠し", "???", "-", ""])
def test_a_name_without_latin_letters_has_an_address_too(visit, name):
    title = make_movie(name)

    assert visit.get(f"/library/{title.pk}-title/").status_code == 200


@pytest.mark.parametrize("matched", [True, False])
def test_a_file_that_looks_broken_is_called_so_wherever_it_shows(visit, matched):
    title = make_title("Kiln")
    file = make_file(make_match(title, state="matched" if matched else "unmatched"))
    MediaInfo.objects.create(file=file, problem="The file is empty.")

    page = visit.get(f"/library/{title.pk}-kiln/").content.decode()
    why = visit.get(f"/why/file:{file.pk}/").content.decode()

    assert "Looks broken" in page
    assert "Looks broken" in why
    assert "The file is empty." in why


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


def test_what_is_missing_and_what_airs_next_is_said_in_words(visit):
    title = make_show(owned=2, missing=3, upcoming=1)
    add_season(title, title.matches.get(), owned=0, missing=1, season=2)
    add_season(title, title.matches.get(), owned=0, missing=1, season=0)
    title.episodes.filter(season=1, number=4).update(wish="ignored")

    about = visit.get(f"/library/{title.pk}-signal-to-noise/").context["about"]

    assert about.missing == ["S01E03", "S01E05", "S02E01"]
    assert str(about.upcoming) == "S01E06"


def test_runs_of_missing_episodes_are_one_word(visit):
    title = make_show(owned=1, missing=3)

    assert "S01E02–E04" in visit.get(f"/library/{title.pk}-signal-to-noise/").content.decode()


def test_versions_stand_apart_from_extras_which_are_named(visit):
    title = make_movie("Kiln")
    make_file(title.matches.get(), "Kiln/4K.mkv", version="2160p")
    make_file(title.matches.get(), "Kiln/deleted.mkv", extra="deletedscene")
    make_file(title.matches.get(), "Kiln/odd.mkv", extra="something new")

    html = visit.get(f"/library/{title.pk}-kiln/").content.decode()

    assert html.index(">Versions</h2>") < html.index("<b>2160p</b>") < html.index(">Extras</h2>")
    assert "<b>Deleted scene</b>" in html
    assert "<b>Extra</b>" in html


def test_a_long_season_is_a_page_of_dense_rows_without_paths(visit):
    title = make_show(owned=70)

    html = visit.get(f"/library/{title.pk}-signal-to-noise/").content.decode()

    assert html.count('<td class="num">S01E') == 60
    assert ".mkv" not in html
    assert len(html) < 40_000


def test_a_file_is_looked_at_again(visit):
    title = make_movie("Kiln")
    file = title.matches.get().files.get()

    answer = visit.post(f"/files/{file.pk}/look/")
    file.state = "missing"
    file.save()
    gone = visit.post(f"/files/{file.pk}/look/", follow=True)

    assert answer.headers["Location"] == f"/library/{title.pk}-kiln/"
    assert Job.objects.get().kind == "scanner.inspect"
    assert "not on disk at the moment" in gone.content.decode()


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


def test_how_far_a_title_is_stands_in_words_and_a_film_that_is_out_says_nothing(visit):
    show, film = make_title("Kiln", kind="show", status="Returning Series"), make_movie("Moss", status="Released")

    assert "<li>goes on</li>" in visit.get(f"/library/{show.pk}/", follow=True).content.decode()
    assert "Released" not in visit.get(f"/library/{film.pk}/", follow=True).content.decode()
