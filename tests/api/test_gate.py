"""What every request passes: methods, bodies, odd values, ETags; every error is told alike."""

from __future__ import annotations

import json

import pytest
from django.db import OperationalError

from mediasync.api import system
from tests.api.conftest import BASE
from tests.api.household import furnish
from tests.web.rows import make_title

pytestmark = [pytest.mark.django_db, pytest.mark.repeats]
PROBLEM = "application/problem+json"
HOSTILE = [
    "\x00",
    "a\x00b",
    "%00",
    "\u202e",
    "\ud800".encode("utf-8", "surrogatepass"),
    "x" * 5_000,
    "10" * 30,
    "-1",
    "1e400",
    "'; DROP TABLE jobs_job; --",
    "<script>",
    "../../etc/passwd",
    "NaN",
    "1.5",
    "\u0663",
    "[]",
    "\u0085",
]


def problem(answer, status: int) -> dict:
    assert answer.status_code == status, answer.content
    assert answer.headers["Content-Type"] == PROBLEM
    told = json.loads(answer.content)
    assert told["status"] == status
    assert told["detail"]
    return told


def test_what_is_no_address_is_told_as_a_problem(program):
    assert problem(program.get("/nonsense"), 404)["instance"] == "/api/v1/nonsense"
    problem(program.get("/titles/"), 404)
    problem(program.get("/titles/4711"), 404)


def test_another_method_is_answered_with_those_there_are(program):
    answer = program.delete("/titles")

    problem(answer, 405)
    assert answer.headers["Allow"] == "GET, HEAD"


def test_head_is_get_without_a_body(program):
    answer = program.client.head(f"{BASE}/titles")

    assert (answer.status_code, answer.content) == (200, b"")
    assert int(answer.headers["Content-Length"]) > 0


def test_who_holds_the_same_already_gets_304(program):
    title = make_title()
    address = f"/titles/{title.pk}"
    tag = program.get(address).headers["ETag"]

    same = program.get(address, headers={"If-None-Match": tag})
    type(title).objects.update(name="Another")
    changed = program.get(address, headers={"If-None-Match": tag})

    assert (same.status_code, changed.status_code) == (304, 200)


@pytest.mark.parametrize("asked", ["stat=failed", "state=nonsense", "limit=0", "limit=201", "sort=", "limit=1&limit=x"])
def test_a_wrong_filter_is_named_and_not_passed_over(program, asked):
    told = problem(program.get(f"/jobs?{asked}"), 422)

    assert told["errors"][0]["in"] == "query"
    assert told["errors"][0]["field"] in asked


@pytest.mark.parametrize(
    ("body", "kind", "status"),
    [
        (b"{", "application/json", 400),
        (b"\xff\xfe", "application/json", 400),
        (b'{"priority": NaN}', "application/json", 400),
        (b"[" * 100_000, "application/json", 400),
        (b'{"priority": ' + b"9" * 10_000 + b"}", "application/json", 400),
        (b"priority=1", "application/x-www-form-urlencoded", 415),
        (b"<priority/>", "text/xml", 415),
        (b"x", "", 415),
        (b" " * (3 << 20), "application/json", 413),
        (b" " * (2 << 20), "application/json", 413),
        (b'"priority"', "application/json", 422),
        (b'{"priority": 1e400}', "application/json", 422),
        (b'{"priority": 5}', "application/json", 422),
        (b'{"priority": true}', "application/json", 422),
        (b'{"priority": "1"}', "application/json", 422),
        (b'{"priority": 1, "also": "\\ud800"}', "application/json", 422),
        (b'{"priority": "\\ud800\\u0000"}', "application/json", 422),
        (b"", "application/json", 422),
    ],
)
def test_a_body_that_is_not_as_agreed_is_told_so(program, body, kind, status):
    furnish()

    problem(program.client.generic("POST", f"{BASE}/jobs/1/priority", body, content_type=kind), status)


@pytest.mark.parametrize(
    "path", ["titles", "items", "matches", "jobs", "events", "scans", "libraries", "sources", "pools"]
)
def test_hostile_values_in_any_filter_or_address_are_no_mistake_of_ours(program, path):
    furnish()
    names = (
        "q",
        "state",
        "library",
        "cursor",
        "limit",
        "subject",
        "actor",
        "pool",
        "genre",
        "year",
        "include",
        "since",
    )

    for value in HOSTILE:
        for name in names:
            assert program.client.get(f"{BASE}/{path}", {name: value}).status_code in (200, 422)
        text = value if isinstance(value, str) else "%ED%A0%80"
        assert program.client.get(f"{BASE}/{path}/{text}").status_code in (404, 422)


@pytest.mark.parametrize("number", ["0", "-1", str(2**63), "1" + "0" * 30, "1" * 5_000])
def test_a_number_no_database_knows_is_no_mistake_of_ours(program, number):
    problem(program.get(f"/titles/{number}"), 422)
    body = f'{{"ids": [{number}]}}'
    problem(
        program.client.post(f"{BASE}/titles/refresh", body, "application/json"), 422 if len(number) < 4_300 else 400
    )


def test_a_database_that_is_away_is_told_with_a_time_to_come_back(program, monkeypatch):
    def away():
        raise OperationalError("database is locked")

    monkeypatch.setattr(system, "gather", away)

    answer = program.get("/status")

    problem(answer, 503)
    assert answer.headers["Retry-After"] == "5"


def test_a_mistake_of_ours_is_told_without_its_traceback_and_logged_with_it(program, monkeypatch, caplog):
    def broken():
        raise RuntimeError("a secret of ours")

    monkeypatch.setattr(system, "gather", broken)

    told = problem(program.get("/status"), 500)

    assert "secret" not in json.dumps(told)
    assert "a secret of ours" in caplog.text


def test_a_wrong_host_is_told_as_a_problem_too(program):
    problem(program.client.get(f"{BASE}/titles", headers={"Host": "evil.example"}), 400)


def test_the_api_speaks_english_to_everybody(program):
    german = program.get("/jobs?limit=0", headers={"Accept-Language": "de"}).json()

    assert german == program.get("/jobs?limit=0").json()


def test_answers_differ_by_who_asks(program):
    assert {"Cookie", "X-Api-Key", "Authorization"} <= set(program.get("/pools").headers["Vary"].split(", "))
