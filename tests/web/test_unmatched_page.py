"""The Unmatched page: every folder without a title, decided one after the other or as a set."""

from __future__ import annotations

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from jobs.models import Job
from journal.models import Event
from scanner.models import Match, Title
from tests.web.rows import make_file, make_library, make_match, make_title

FRAME, PAGE = 5, 6
HTMX = {"HX-Request": "true", "HX-Request-Type": "partial"}
KILN = {"id": 603, "kind": "movie", "name": "Kiln", "year": 1999, "votes": 12, "original_name": ""}
OTHERS = [{**KILN, "id": 604, "year": 2004}, {**KILN, "id": 605, "name": "Kilns", "year": None}]


def make_unmatched(key="Kiln (2000)", **fields):
    given = {"state": "unmatched", "name": "Kiln", "year": 2000, "candidates": [KILN, *OTHERS], **fields}
    match = make_match(key=key, **given)
    make_file(match, f"{key}/Kiln.mkv")
    return match


def state_of(match):
    return list(Match.objects.filter(pk=match.pk).values_list("state", "locked", "title__tmdb_id"))[0]  # noqa: RUF015


def test_a_folder_says_what_it_holds_what_was_read_and_why_nothing_was_taken(visit):
    make_unmatched(reason="3 titles come close and none is clearly ahead", kind="movie")

    html = visit.get("/unmatched/").content.decode()

    for text in (
        "Kiln (2000)/Kiln.mkv",
        "1 file",
        "2.0",
        "none is clearly ahead",
        "same name, year off by one",
        "TMDB 604",
    ):
        assert text in html


def test_only_pictures_of_our_own_are_shown(visit):
    make_unmatched()
    make_title("Kiln", tmdb_id=604, poster="ab" * 32)

    html = visit.get("/unmatched/").content.decode()

    assert html.count("<img") == 1
    assert f"/artwork/{'ab' * 32}-185.webp" in html
    assert "in the library" in html


def test_a_candidate_is_taken_with_one_click_and_the_row_goes(visit):
    match = make_unmatched()
    row = visit.get("/unmatched/").context["rows"][0]

    answer = visit.post(f"/matches/{match.pk}/do/", {"do": "movie:603", "seen": row.seen, "back": "list"}, headers=HTMX)

    html = answer.content.decode()
    assert state_of(match) == ("matched", True, 603)
    assert 'hx-swap-oob="true"' in html
    assert "Undo" in html
    assert "data-row" not in html
    assert Title.objects.get().name == "Kiln"


def test_without_scripts_a_pick_leads_back_to_the_list_at_the_next_folder(visit):
    first, second = make_unmatched("A"), make_unmatched("B")

    answer = visit.post(
        f"/matches/{first.pk}/do/", {"do": "movie:603", "back": "list", "next": second.pk, "kind": "movie"}
    )
    html = visit.get(answer.headers["Location"].partition("#")[0]).content.decode()

    assert answer.headers["Location"] == f"/unmatched/?kind=movie&done={first.pk}#m{second.pk}"
    assert "Undo" in html


@pytest.mark.repeats
def test_two_tabs_the_second_is_told_that_it_moved_on(visit):
    match = make_unmatched()
    seen = visit.get("/unmatched/").context["rows"][0].seen

    visit.post(f"/matches/{match.pk}/do/", {"do": "ignore", "seen": seen}, headers=HTMX)
    late = visit.post(f"/matches/{match.pk}/do/", {"do": "movie:603", "seen": seen}, headers=HTMX)

    assert late.status_code == 409
    assert "has moved on" in late.content.decode()
    assert state_of(match)[0] == "ignored"


@pytest.mark.parametrize("do", ["movie:603", "ignore"])
@pytest.mark.repeats
def test_a_double_click_does_it_once_and_says_so(visit, do):
    match = make_unmatched()
    seen = visit.get("/unmatched/").context["rows"][0].seen

    answers = [visit.post(f"/matches/{match.pk}/do/", {"do": do, "seen": seen}, headers=HTMX) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [200, 200]
    assert Event.objects.filter(actor="anna").count() == 1


@pytest.mark.parametrize(
    ("query", "keys"),
    [
        ("", ["A", "B"]),
        ("?q=b", ["B"]),
        ("?kind=show", ["B"]),
        ("?state=ignored", ["C"]),
        ("?library=99", []),
        ("?library=x&kind=nope&state=%00&page=99999&per=7&q=%20", ["A", "B"]),
    ],
)
def test_it_is_filtered(visit, query, keys):
    make_unmatched("A")
    make_unmatched("B", kind="show")
    make_unmatched("C", state="ignored")

    rows = visit.get(f"/unmatched/{query}").context["rows"]

    assert [row.match.key for row in rows] == keys


def test_the_filter_is_there_on_the_next_visit(visit):
    visit.get("/unmatched/?kind=show", headers={"Referer": "http://testserver/unmatched/"})

    assert visit.get("/unmatched/").headers["Location"] == "/unmatched/?kind=show"


def test_what_is_ticked_is_ignored_and_looked_up_again(visit):
    gone, stays = make_unmatched("A"), make_unmatched("B")

    visit.post("/unmatched/do/", {"do": "ignore", "pick": [gone.pk]})
    assert (state_of(gone)[:2], state_of(stays)[0]) == (("ignored", True), "unmatched")
    assert Job.objects.filter(kind="scanner.write", key=f"match:{gone.pk}").exists()

    visit.post("/unmatched/do/", {"do": "again", "pick": [gone.pk], "state": "ignored"})
    assert state_of(gone)[:2] == ("new", False)
    assert Job.objects.filter(kind="scanner.match", key=f"match:{gone.pk}").exists()


def test_everything_that_the_filter_finds_is_ignored_and_nothing_else(visit):
    for number in range(30):
        make_unmatched(f"A {number}")
    other = make_unmatched("B")

    visit.post("/unmatched/do/", {"do": "ignore", "everything": "1", "q": "A "})

    assert Match.objects.filter(state="ignored").count() == 30
    assert state_of(other)[0] == "unmatched"


def test_ignoring_a_set_forgets_titles_that_only_their_names_made(visit):
    match = make_unmatched(title=make_title("Kiln"))

    visit.post("/unmatched/do/", {"do": "ignore", "pick": [match.pk]})

    assert not Title.objects.exists()


def test_who_is_no_staff_sees_and_cannot_decide(visit_as_guest):
    match = make_unmatched()

    html = visit_as_guest.get("/unmatched/").content.decode()
    tried = [
        visit_as_guest.post(f"/matches/{match.pk}/do/", {"do": "ignore"}).status_code,
        visit_as_guest.post("/unmatched/do/", {"do": "ignore", "pick": [match.pk]}).status_code,
        visit_as_guest.post(f"/matches/{match.pk}/undo/1/").status_code,
    ]

    assert "Kiln (2000)" in html
    assert "/do/" not in html
    assert tried == [403, 403, 403]


@pytest.mark.parametrize("do", ["burn", "movie:0", "movie:x", "cat:3", f"movie:{'9' * 40}", ""])
def test_a_decision_that_is_none_is_not_found(visit, do):
    match = make_unmatched()

    assert visit.post(f"/matches/{match.pk}/do/", {"do": do}).status_code == 404
    assert state_of(match)[0] == "unmatched"


def test_a_match_that_is_gone_is_not_found(visit):
    for path in ("/matches/999/", "/matches/999/search/"):
        assert visit.get(path, headers=HTMX).status_code == 404
    assert visit.post("/matches/999/do/", {"do": "ignore"}).status_code == 404
    assert visit.post("/matches/999/undo/1/").status_code == 404


HOSTILE = ["<script>alert(1)</script>", "\u202eevil", "x" * 500, "a\\xff", "{{ 7 }}"]


@pytest.mark.parametrize("name", HOSTILE)
def test_names_from_outside_are_text(visit, name):
    candidates = [{**KILN, "name": name, "overview": name}, {"id": "x"}, 7, {"candidate": None}]
    match = make_unmatched(name, name=name, candidates=candidates)

    for path in ("/unmatched/", f"/matches/{match.pk}/", f"/why/match:{match.pk}/"):
        html = visit.get(path).content.decode()
        assert "<script>alert" not in html


@pytest.mark.parametrize("rows", [20, 400])
def test_its_queries_stay_within_their_limit(visit, rows):
    make_library()
    for number in range(rows):
        make_match(key=f"Folder {number:03}", state="unmatched", candidates=[{**KILN, "id": number + 1}])
    make_title("Kiln", tmdb_id=3, poster="ab" * 32)

    with CaptureQueriesContext(
        connection,
    ) as found:
        answer = visit.get("/unmatched/")

    assert len(found) <= FRAME + PAGE, [query["sql"][:90] for query in found]
    assert len(answer.content) < 35_000


def test_nothing_left_is_said_to_be_so(visit):
    make_library()

    assert "Every folder has its title." in visit.get("/unmatched/").content.decode()
    assert "Nothing is ignored." in visit.get("/unmatched/?state=ignored").content.decode()


def test_a_set_that_was_ignored_is_given_back_with_one_undo(visit):
    named = make_unmatched("A", title=make_title("Kiln"), reason="nothing was found")
    other, later = make_unmatched("B", locked=True), make_unmatched("C")
    ticked = [match.pk for match in (named, other, later)]

    there = visit.post("/unmatched/do/", {"do": "ignore", "pick": ticked, "kind": "movie"}).headers["Location"]
    html = visit.get(there).content.decode()
    undo = re.search(r"/unmatched/undo/\d+/", html).group()
    visit.post(f"/matches/{later.pk}/do/", {"do": "again"})
    back = visit.post(undo, {"kind": "movie"})

    assert [state_of(match)[:2] for match in (named, other, later)] == [
        ("unmatched", False),
        ("unmatched", True),
        ("new", False),
    ]
    named.refresh_from_db()
    assert (named.title.name, named.reason) == ("Kiln", "nothing was found")
    assert back.headers["Location"] == "/unmatched/?kind=movie"
    assert "2 folders are as they were." in visit.get(back.headers["Location"]).content.decode()
    assert Event.objects.filter(subject="scanner.match:set").count() == 2


def test_what_was_taken_back_or_decided_anew_as_a_set_is_not_taken_back_again(visit):
    match = make_unmatched()
    ignore = {"do": "ignore", "pick": [match.pk]}
    first = int(visit.post("/unmatched/do/", ignore).headers["Location"].rpartition("=")[2])

    for _ in range(2):
        visit.post(f"/unmatched/undo/{first}/")
    visit.post("/unmatched/do/", ignore)
    visit.post(f"/unmatched/undo/{first}/")

    assert state_of(match)[0] == "ignored"
    assert Event.objects.filter(subject="scanner.match:set", new="unmatched").count() == 1
    assert visit.post("/unmatched/undo/4711/").status_code == 303


def test_a_verb_that_is_none_ignores_nobody(visit, visit_as_guest):
    match = make_unmatched()

    assert visit.post("/unmatched/do/", {"do": "burn", "pick": [match.pk]}).status_code == 404
    assert visit_as_guest.post("/unmatched/undo/1/").status_code == 403
    assert state_of(match)[0] == "unmatched"
