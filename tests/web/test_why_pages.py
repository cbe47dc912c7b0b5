"""Why: for every title, match, file, episode, job and source the state, the rule, what was weighed, what is next."""

from __future__ import annotations

import dataclasses
import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from jobs.models import Drain, Hold
from journal.moves import record
from outbound.models import Source
from scanner.models import Episode
from tests.web.rows import make_file, make_job, make_match, make_movie, make_pool, make_show, make_title, make_worker

FRAME, PAGE = 5, 9
KILN = {"id": 603, "kind": "movie", "name": "Kiln", "year": 1999, "votes": 12}


def why(visit, subject):
    answer = visit.get(f"/why/{subject}/")
    assert answer.status_code == 200
    return answer.context["why"]


def in_minutes(n):
    return timezone.now() + datetime.timedelta(minutes=n)


@pytest.mark.parametrize(
    ("candidates", "rule"),
    [
        ([KILN, {**KILN, "id": 2}], "The best two are 0.0 points apart; to take one, 6 are needed."),
        ([{**KILN, "name": "Kilimanjaro"}], "below 70 nothing is taken."),
        ([], "nothing with this name was found"),
    ],
)
def test_an_unclear_match_says_how_far_the_candidates_were_apart(visit, candidates, rule):
    reason = "nothing with this name was found"
    match = make_match(state="unmatched", name="Kiln", year=1999, candidates=candidates, reason=reason)

    said = why(visit, f"match:{match.pk}")

    assert rule in said.rule
    assert [one.taken for one in said.considered] == [False] * len(candidates)
    assert "waits for you" in said.next


def test_a_match_that_a_search_settled_says_whom_it_refused(visit):
    title = make_title("Kiln", tmdb_id=603)
    match = make_match(title, by="search", score=100.0)
    told = [{"id": 603, "name": "Kiln", "year": 1999, "score": 100.0, "reason": "same name, same year"}]
    record(match, reason="same name, same year", facts={"considered": [*told, {**told[0], "id": 7, "score": 71}]})

    said = why(visit, f"match:{match.pk}")

    assert [(one.taken, one.what) for one in said.considered] == [(True, "Kiln (1999)"), (False, "Kiln (1999)")]
    assert "at least 70 of 100" in said.rule


@pytest.mark.parametrize(
    ("fields", "rule"),
    [
        ({"by": "hand", "locked": True}, "A person picked this title. It is locked"),
        ({"by": "tag"}, "ids beat names"),
        ({"by": "nfo"}, "beside the media names the id"),
        ({"by": "name"}, "no key"),
        ({"state": "ignored"}, "leave this folder alone"),
        ({"state": "new"}, "not looked up yet"),
        ({"by": ""}, ""),
    ],
)
def test_a_match_says_the_rule_that_led_there(visit, fields, rule):
    match = make_match(make_title("Kiln"), **fields)

    assert rule in why(visit, f"match:{match.pk}").rule


def test_a_title_says_who_described_it_and_when_it_is_looked_at_again(visit):
    soon = in_minutes(60 * 24 * 9)
    title = make_movie(described_by="tmdb", refresh_at=soon, released_on=datetime.date(1990, 1, 1), tmdb_id=603)
    make_job(f"title:{title.pk}", state="failed", last_error="HTTP 503", attempts=5)

    said = why(visit, f"title:{title.pk}")

    assert (said.rule, said.next_at) == ("TMDB describes it.", soon)
    assert "150 days" in said.next
    assert [(step.what, step.why) for step in said.steps] == [("Describe", "HTTP 503")]
    assert said.considered[0].what.startswith("Films / ")


@pytest.mark.parametrize("state", ["new", "stale", "error", "indexed"])
def test_every_state_of_a_title_has_its_rule_and_what_is_next(visit, state):
    said = why(visit, f"title:{make_title('Kiln', state=state).pk}")

    assert said.rule
    assert said.next


@pytest.mark.parametrize(
    ("fields", "rule", "next_"),
    [
        ({"state": "missing", "missing_since": timezone.now()}, "did not find it any more", "it is forgotten"),
        ({"state": "error", "last_error": "Permission denied"}, "Permission denied", "next scan"),
        ({"state": "changed"}, "differs from what was known", "looked at closer"),
        ({"extra": "trailer"}, "it is an extra (trailer)", "Nothing"),
        ({}, "It belongs to Kiln", "Nothing"),
    ],
)
def test_a_file_says_why_it_is_shown_as_it_is(visit, fields, rule, next_):
    file = make_file(make_match(make_title("Kiln")), **fields)

    said = why(visit, f"file:{file.pk}")

    assert rule in said.rule
    assert next_ in said.next
    assert bool(said.next_at) == (fields.get("state") == "missing")


def test_an_episode_says_whether_a_file_holds_it(visit):
    show = make_show(owned=1, missing=1, upcoming=1)
    there, missing, upcoming = Episode.objects.filter(title=show).order_by("number")

    assert why(visit, f"episode:{there.pk}").rule == "1 file holds it."
    assert "no file of it is known" in why(visit, f"episode:{missing.pk}").rule
    assert "not aired yet" in why(visit, f"episode:{upcoming.pk}").rule


def test_a_job_says_how_often_it_failed_and_how_often_it_is_tried_again(visit):
    make_worker()
    make_pool()
    later = in_minutes(4)
    job = make_job(attempts=3, due_at=later, last_error="HTTP 503 from mirror-c")

    said = why(visit, f"job:{job.pk}")

    assert (said.state, said.rule) == (("job", "waiting"), "HTTP 503 from mirror-c")
    assert (said.next, said.next_at) == ("It is tried again; 2 tries are left.", later)
    assert ("Tries so far", 3) in said.inputs


@pytest.mark.parametrize(
    ("arrange", "fields", "next_"),
    [
        (lambda: None, {}, "Nothing works on the queue at present"),
        (lambda: (make_worker(), make_pool(paused_at=timezone.now())), {}, "when somebody resumes the pool"),
        (
            lambda: (make_worker(), make_pool(limit=1), make_job("a", state="leased"), make_job("b", rank=-5)),
            {},
            "is full: 1 of 1 run, and 1 jobs wait before this one",
        ),
        (
            lambda: (
                make_pool(),
                Drain.objects.create(name="d", node="x", pid=1, pid_started=1, blind_to=["metadata"]),
            ),
            {},
            "No running node sees every library",
        ),
        (
            lambda: (make_worker(), Hold.objects.create(source="tmdb", until=in_minutes(900), reason="It failed.")),
            {"needs": "tmdb"},
            "when its source may be asked again",
        ),
        (lambda: (make_worker(), make_pool()), {}, "as soon as a worker is free"),
        (lambda: (make_worker(), make_pool()), {"state": "failed"}, "until you try it again"),
        (lambda: None, {"state": "done", "ended_at": timezone.now()}, "forgotten after a week"),
    ],
    ids=["nobody", "paused", "full", "blind", "held", "free", "failed", "done"],
)
def test_a_job_says_what_it_waits_for(visit, arrange, fields, next_):
    arrange()
    job = make_job("title:9", **fields)

    assert next_ in visit.get(f"/queue/{job.pk}/").context["why"].next


@pytest.mark.parametrize(
    ("fields", "rule"),
    [
        ({}, "It answers."),
        ({"failures": 2}, "of late it failed 2 times in a row, and rests at 5"),
        ({"circuit": "open", "failures": 5, "open_until": in_minutes(900)}, "It failed 5 times in a row"),
        ({"circuit": "half_open"}, "One request is on its way"),
        ({"paused_until": in_minutes(900), "paused_reason": "asked to slow down"}, "asked to slow down"),
        ({"settings_key": "x", "paused_reason": "401"}, "It refused our key"),
    ],
)
def test_a_source_says_why_it_is_asked_or_rests(visit, settings, fields, rule):
    settings.TMDB = dataclasses.replace(settings.TMDB, api_key="0" * 32)
    Source.objects.create(name="tmdb", rules=[[35, 10]], **fields)

    said = why(visit, "source:tmdb")

    assert rule in said.rule
    assert ("Rules", "35 in 10 s") in said.inputs


@pytest.mark.parametrize(
    "subject", ["title:999", "title:x", "title:0", "cat:1", "job:99999999999999999999", "source:nope", "match:-1"]
)
def test_what_is_gone_or_was_never_there_is_not_found(visit, subject):
    assert visit.get(f"/why/{subject}/").status_code == 404


def test_htmx_gets_a_window_with_the_name_and_a_way_out_that_needs_no_script(visit):
    title = make_movie("Kiln")

    html = visit.get(f"/why/title:{title.pk}/", headers={"HX-Request": "true"}).content.decode()

    assert html.strip().startswith('<form class="head" method="dialog">')
    assert "Kiln" in html
    assert f"/library/{title.pk}-" in html
    assert "<html" not in html


@pytest.mark.parametrize(("page", "leads"), [("/library/{}-kiln/", False), ("/queue/", True), ("http://[", True)])
def test_the_window_leads_to_the_thing_unless_one_is_there(visit, page, leads):
    title = make_movie("Kiln")
    asked = {"HX-Request": "true", "HX-Current-URL": page.format(title.pk)}

    html = visit.get(f"/why/title:{title.pk}/", headers=asked).content.decode()

    assert (f'href="/library/{title.pk}-' in html) == leads


@pytest.mark.parametrize("many", [20, 400])
@pytest.mark.repeats
def test_no_answer_asks_more_than_nine_questions(visit, many):
    make_worker()
    make_pool()
    show = make_show(owned=many)
    match = show.matches.get()
    for number in range(many):
        record(show, reason=f"event {number}")
    job = make_job(f"title:{show.pk}")
    Source.objects.create(name="tmdb", rules=[[35, 10]])
    things = {"title": show, "match": match, "job": job, "file": match.files.first(), "episode": show.episodes.first()}
    subjects = ["source:tmdb", *(f"{scope}:{thing.pk}" for scope, thing in things.items())]

    for subject in subjects:
        with CaptureQueriesContext(connection) as found:
            visit.get(f"/why/{subject}/")
        assert (subject, len(found) <= FRAME + PAGE) == (subject, True), [query["sql"][:80] for query in found]


def test_every_job_episode_and_file_leads_to_its_why(visit):
    show, film = make_show(owned=1, missing=1), make_movie("Kiln")
    job = make_job(f"title:{film.pk}")
    file = film.matches.get().files.get()
    missing = Episode.objects.get(number=2)

    assert f'href="/queue/{job.pk}/"' in visit.get("/queue/").content.decode()
    assert f"/why/file:{file.pk}/" in visit.get(f"/library/{film.pk}-kiln/").content.decode()
    assert f"/why/episode:{missing.pk}/" in visit.get(f"/library/{show.pk}-signal-to-noise/s1/").content.decode()
