"""The Library page: genre and year, the table, more rows on one page, and what is done with many titles."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from jobs.models import Job
from journal.models import Event
from pages.models import Preference
from scanner.models import Episode, EpisodeFile, Match, Title
from scanner.services import genres, many
from tests.jobs_in_tests import run_job
from tests.web.conftest import signed_in_as
from tests.web.rows import make_file, make_library, make_match, make_movie, make_show, make_title

FRAME, PAGE = 5, 6
PARTIAL = {"HX-Request": "true", "HX-Request-Type": "partial"}


def names(answer) -> list[str]:
    return [row[0].name for row in answer.context["cards"]]


def shelve(name: str, *words: str, **fields) -> Title:
    title = make_movie(name, genres=list(words), **fields)
    genres.shelve({title.pk: list(words)})
    return title


def act(visit, verb: str, *titles: Title, query: str = "", **fields):
    picks = [str(title.pk) for title in titles]
    return visit.post(f"/library/many/{verb}/{query}", {"pick": picks, **fields})


def said(visit, answer) -> str:
    return visit.get(answer.headers["Location"]).content.decode().split('aria-live="polite">')[1].split("</div>")[0]


# Filters


def test_a_genre_finds_its_titles_and_is_offered_while_any_has_it(visit):
    shelve("Kiln", "Drama", "Crime")
    other = shelve("Moss", "Drama")
    genres.shelve({other.pk: ["Comedy"]})

    answer = visit.get("/library/?genre=Drama")

    assert names(answer) == ["Kiln"]
    assert answer.context["genres"] == ["Comedy", "Crime", "Drama"]
    genres.shelve({other.pk: []})
    assert visit.get("/library/?all").context["genres"] == ["Crime", "Drama"]


@pytest.mark.parametrize(
    ("year", "found"),
    [
        ("1987", ["B"]),
        ("1980s", ["A", "B"]),
        ("1987-1999", ["B", "C"]),
        ("1980–1986", ["A"]),
        ("soon", ["A", "B", "C"]),
        ("198", ["A", "B", "C"]),
        ("١٩٨٧", ["A", "B", "C"]),
        ("1999-1987", []),
    ],
)
def test_a_year_a_decade_or_a_span_is_found(visit, year, found):
    for name, released in (("A", 1980), ("B", 1987), ("C", 1999)):
        make_movie(name, year=released)

    assert names(visit.get("/library/", {"year": year})) == found


def test_hostile_genres_are_text_and_find_nothing(visit):
    shelve("Kiln", "<script>alert(1)</script>", "x" * 500, 'a"b')

    html = visit.get("/library/?genre=%3Cscript%3E").content.decode()

    assert "<script>alert" not in html
    assert names(visit.get("/library/", {"genre": "x" * 60})) == ["Kiln"]
    assert names(visit.get("/library/", {"genre": 'a"b'})) == ["Kiln"]


def test_what_was_set_here_is_there_at_the_next_visit_and_can_be_cleared(visit):
    make_movie("Kiln")
    visit.get("/library/?type=movie&view=table&q=kiln", headers={"referer": "http://testserver/library/"})

    back = visit.get("/library/")
    visit.get("/library/?all", headers={"referer": "http://testserver/library/"})

    assert back.headers["Location"] == "/library/?type=movie&view=table"
    assert visit.get("/library/").status_code == 200
    assert Preference.objects.get().lists == {"library": ""}


# Table and more rows


def test_the_table_says_where_a_title_lies_and_how_large_it_is(visit):
    show = make_show("Signal to Noise", owned=2, missing=1)
    make_file(make_match(show, key="Other/Signal"), state="missing")

    html = visit.get("/library/?view=table").content.decode()

    for text in ("4.0\u202fGiB", "Folder 0", "+1", "2/3", "1 missing"):
        assert text in html


def test_more_rows_come_without_the_page_around_them(visit):
    for number in range(30):
        make_title(f"Film {number:02}")

    first = visit.get("/library/?per=24").content.decode()
    more = visit.get("/library/?page=2&per=24&more", headers=PARTIAL).content.decode()

    assert 'href="?page=2&amp;per=24" hx-get="?page=2&amp;per=24&amp;more"' in first
    assert more.count("<li>") == 6
    assert "Load more" not in more
    assert "<section" not in more


@pytest.mark.parametrize("filters", ["", "view=table&", "genre=Drama&", "year=1980s&state=missing&"])
def test_no_list_needs_more_queries_at_400_titles(visit, filters):
    counts = []
    for upto in (20, 400):
        for number in range(upto // 4):
            shelve(f"{upto} {number} Film", "Drama", f"Genre {number % 9}")
            make_show(f"{upto} {number} Show", owned=1, missing=1)
        with CaptureQueriesContext(connection) as seen:
            visit.get(f"/library/?{filters}per=96")
        counts.append(len(seen))

    assert counts[0] == counts[1] <= FRAME + PAGE


def test_the_table_stays_within_its_weight(visit):
    for number in range(50):
        make_show(f"A Show With A Long Name {number}", owned=1, missing=1)

    assert len(visit.get("/library/?view=table").content) < 42_000


# Many at once


def test_a_few_titles_are_refreshed_at_once_with_one_event(visit):
    kiln, moss, other = (make_movie(name) for name in ("Kiln", "Moss", "Other"))

    answer = act(visit, "refresh", kiln, moss, query="?type=movie")

    assert answer.status_code == 303
    assert answer.headers["Location"] == "/library/?type=movie"
    assert set(Job.objects.values_list("kind", "key")) == {("scanner.title", f"title:{t.pk}") for t in (kiln, moss)}
    assert set(Title.objects.filter(state="stale")) == {kiln, moss}
    assert Event.objects.get().facts == {"verb": "refresh", "titles": [kiln.pk, moss.pk]}
    other.refresh_from_db()
    assert other.state == "indexed"


def test_matches_are_locked_and_unlocked(visit):
    kiln, moss = make_movie("Kiln"), make_movie("Moss")

    act(visit, "lock", kiln, moss)
    locked = set(Match.objects.values_list("locked", flat=True))
    act(visit, "unlock", kiln)

    assert locked == {True}
    assert Match.objects.get(locked=True).title == moss
    assert Job.objects.filter(kind="scanner.write").count() == 2


def test_files_are_written_again_for_what_is_matched(visit):
    kiln, unclear = make_movie("Kiln"), make_title("Unclear")
    make_match(unclear, state="unmatched")

    act(visit, "write", kiln, unclear)

    assert Job.objects.get().key == f"match:{kiln.matches.get().pk}"


def test_ignoring_asks_first_and_then_leaves_files_alone(visit):
    show, stays = make_show("Signal to Noise", owned=2), make_movie("Stays")

    asked = act(visit, "ignore", show)
    before = Match.objects.filter(state="ignored").count()
    act(visit, "ignore", show, sure="1")

    match = Match.objects.get(state="ignored")
    assert "Ignore 1 title?" in asked.content.decode()
    assert (before, match.locked, match.title, match.files.count()) == (0, True, None, 2)
    assert list(Title.objects.all()) == [stays]
    assert not EpisodeFile.objects.exists()
    assert Job.objects.get().kind == "scanner.write"


def test_ignoring_is_for_those_who_run_the_server(visit_as_guest):
    kiln = make_movie("Kiln")

    assert act(visit_as_guest, "ignore", kiln, sure="1").status_code == 403
    assert "many/ignore" not in visit_as_guest.get("/library/").content.decode()


def test_everything_that_the_filter_finds_is_one_job_that_can_be_joined(visit, django_assert_max_num_queries):
    library = make_library()
    Title.objects.bulk_create(
        Title(kind="movie", state="indexed", name=f"Film {n}", sort_name=f"film {n}") for n in range(10_000)
    )
    titles = list(Title.objects.order_by("pk"))
    Match.objects.bulk_create(
        Match(library=library, key=str(t.pk), folder=str(t.pk), kind="movie", title=t, state="matched") for t in titles
    )
    make_show("Not a movie")

    with django_assert_max_num_queries(20):
        first = act(visit, "lock", query="?type=movie", everything="1")
    second = act(visit, "lock", query="?type=movie", everything="1")
    job = Job.objects.get()

    assert "10000 titles: it is under way" in said(visit, first)
    assert second.status_code == 303
    assert Event.objects.count() == 1
    assert (job.kind, job.state) == (many.KIND, "ready")


@pytest.mark.repeats
def test_the_job_does_what_was_asked_and_may_be_repeated(visit):
    titles = [make_movie(f"Film {n:03}") for n in range(many.AT_ONCE + 50)]
    act(visit, "lock", everything="1")
    key = Job.objects.get(kind=many.KIND).key
    titles[0].delete()

    run_job(many.KIND, key)
    many.carry_on(key)

    assert Match.objects.filter(locked=True).count() == len(titles) - 1
    assert Job.objects.filter(kind="scanner.write").count() == len(titles) - 1
    assert Job.objects.get(kind=many.KIND).done_units == len(titles)


def test_a_job_nobody_asked_for_does_nothing(db):
    many.carry_on("lock:0000000000000000")

    assert not Event.objects.exists()


@pytest.mark.parametrize(
    ("fields", "words"),
    [({}, "No title was ticked."), ({"pick": ["999"]}, "gone in the meantime"), ({"pick": ["x", "-1"]}, "No title")],
)
def test_picking_nothing_says_so(visit, fields, words):
    make_movie("Kiln")

    answer = visit.post("/library/many/refresh/", fields)

    assert words in said(visit, answer)


def test_an_unknown_action_and_a_plain_link_are_refused(visit):
    assert visit.post("/library/many/explode/", {"pick": ["1"]}).status_code == 404
    assert visit.get("/library/many/refresh/").status_code == 405


def test_two_tabs_may_decide_the_same_title(visit, anna):
    kiln, other = make_movie("Kiln"), signed_in_as(anna)

    act(visit, "ignore", kiln, sure="1")
    answer = act(other, "refresh", kiln)

    assert "gone in the meantime" in said(other, answer)


def test_without_scripts_the_list_has_all_its_parts(visit):
    make_movie("Kiln")

    html = visit.get("/library/").content.decode()

    assert '<form method="post" action="/library/many/refresh/' in html
    assert 'formaction="/library/many/lock/' in html
    assert "csrfmiddlewaretoken" in html.split("data-picks>")[1][:100]


def test_an_ignored_episode_is_not_missed(visit):
    make_show("Signal to Noise", owned=1, missing=1)
    missing = names(visit.get("/library/?state=missing"))
    Episode.objects.filter(number=2).update(wish="ignored")

    ((_title, strip),) = visit.get("/library/?all").context["cards"]

    assert missing == ["Signal to Noise"]
    assert names(visit.get("/library/?state=missing")) == []
    assert strip.segments == ["available", "ignored"]
