"""Who may use the API: keys and sessions, wrong ones, and those that reach too little."""

from __future__ import annotations

import datetime
import logging

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from journal.models import Event
from journal.redaction import redact
from mediasync import keys
from mediasync.api import throttle
from mediasync.models import ApiKey
from tests.api.conftest import BASE, Program, key
from tests.web.conftest import signed_in_as
from tests.web.rows import make_job, make_movie

pytestmark = pytest.mark.django_db
PROBLEM = "application/problem+json"


def test_without_a_key_there_is_a_challenge():
    answer = Program().get("/titles")

    assert answer.status_code == 401
    assert answer.headers["Content-Type"] == PROBLEM
    assert answer.headers["WWW-Authenticate"] == 'Bearer realm="mediasync"'


@pytest.mark.parametrize(
    "headers", [{"X-Api-Key": "{}"}, {"Authorization": "Bearer {}"}, {"Authorization": "bearer {}"}]
)
def test_a_key_is_taken_in_either_header(headers):
    full = key("read")

    answer = Client().get(f"{BASE}/titles", headers={name: value.format(full) for name, value in headers.items()})

    assert answer.status_code == 200


def test_a_key_in_the_address_is_none():
    assert Client().get(f"{BASE}/titles", {"api_key": key("read")}).status_code == 401


def test_a_wrong_a_revoked_an_expired_key_and_that_of_an_inactive_account_are_answered_alike(guest):
    wrong = key("read")[:-1] + "!"
    revoked, expired = keys.create("Old", actor="anna"), keys.create("Short", actor="anna")
    keys.revoke(revoked[0], actor="anna")
    ApiKey.objects.filter(pk=expired[0].pk).update(expires_at=timezone.now() - datetime.timedelta(seconds=1))
    his = key("read", user=guest)
    type(guest).objects.update(is_active=False)

    answers = [Program(full).get("/titles") for full in (wrong, revoked[1], expired[1], his, "nonsense", " ", "ключ")]

    assert {answer.status_code for answer in answers} == {401}
    assert len({answer.content for answer in answers}) == 1


@pytest.mark.parametrize("hostile", ["msk_" + "a" * 100_000, "\x00", "msk_aaaaaaaa_" + "b" * 40 + "\n"])
def test_no_key_however_odd_is_a_mistake_of_ours(hostile):
    assert keys.found(hostile) is None


def test_who_may_only_look_changes_nothing(reader):
    job = make_job()

    answer = reader.post(f"/jobs/{job.pk}/cancel")

    assert answer.status_code == 403
    assert "“admin”" in answer.json()["detail"]
    job.refresh_from_db()
    assert job.state == "ready"


def test_who_may_act_does_not_remove_libraries(actor):
    assert actor.delete("/libraries/1").status_code == 403


def test_a_key_of_an_account_without_staff_rights_does_what_its_pages_let_it(guest):
    his, title = Program(key("admin", user=guest)), make_movie()

    assert his.get("/jobs").status_code == 200
    assert his.post("/jobs/1/cancel").status_code == 403
    assert his.post(f"/titles/{title.pk}/refresh").status_code == 202
    assert Program(key("read", user=guest)).post(f"/titles/{title.pk}/refresh").status_code == 403


def test_a_key_shows_when_it_was_used_once_a_minute():
    with time_machine.travel("2026-01-01 12:00Z", tick=False) as clock:
        program = Program(key("read"))
        for _time in range(3):
            program.get("/pools")
        first = ApiKey.objects.get().last_used_at
        clock.shift(61)
        program.get("/pools")

    assert first == datetime.datetime(2026, 1, 1, 12, tzinfo=datetime.UTC)
    assert ApiKey.objects.get().last_used_at == first + datetime.timedelta(seconds=61)


def test_neither_the_database_nor_the_history_holds_a_key():
    row, full = keys.create("Home", actor="anna")

    kept = repr(ApiKey.objects.values_list().get()) + repr(list(Event.objects.values_list()))

    assert full not in kept
    assert full.partition("_")[2].partition("_")[2] not in kept
    assert keys.found(full) == row


def test_a_key_never_reaches_the_log():
    full = key("read")

    assert redact(f"GET /api/v1/x {full}") == f"GET /api/v1/x {full[:13]}***"
    assert full not in redact(f"X-Api-Key: {full}")


def test_after_ten_wrong_keys_that_one_is_not_looked_at_for_a_minute():
    full = key("read")
    wrong = Program(full[:-1] + "0")

    codes = [wrong.get("/titles").status_code for _time in range(11)]
    right = Program(full).get("/titles")

    assert codes == [401] * 10 + [429]
    assert right.status_code == 429  # the same beginning: whether it is right is not told
    assert 0 < int(right.headers["Retry-After"]) <= 60
    assert Program(key("read")).get("/titles").status_code == 200


def test_a_locked_out_key_opens_again_after_a_minute(monkeypatch):
    full = key("read")
    for _time in range(10):
        Program(full[:-1] + "0").get("/titles")

    later = throttle.time.monotonic() + 61
    monkeypatch.setattr(throttle.time, "monotonic", lambda: later)

    assert Program(full).get("/titles").status_code == 200


def test_guessing_many_keys_ends_in_429_and_remembers_little():
    for number in range(100):
        throttle.wrong_keys.wrong("127.0.0.1", f"msk_{number}")

    assert Program("msk_nonsense").get("/titles").status_code == 429
    assert Program(key("read")).get("/titles").status_code == 200


def test_a_session_without_staff_rights_does_what_its_pages_let_it(visit_as_guest):
    title = make_movie()

    assert visit_as_guest.get(f"{BASE}/jobs").status_code == 200
    assert visit_as_guest.post(f"{BASE}/jobs/1/cancel").status_code == 403
    assert visit_as_guest.post(f"{BASE}/titles/{title.pk}/refresh").status_code == 202


def test_a_session_of_staff_changes_things_with_the_csrf_token_only(anna):
    job = make_job()
    browser = Client(enforce_csrf_checks=True)
    browser.cookies = signed_in_as(anna).cookies

    refused = browser.post(f"{BASE}/jobs/{job.pk}/cancel")
    browser.get("/login/")
    token = browser.cookies["mediasync_csrf"].value if "mediasync_csrf" in browser.cookies else ""
    browser.get(f"{BASE}/docs")
    token = browser.cookies["mediasync_csrf"].value
    done = browser.post(f"{BASE}/jobs/{job.pk}/cancel", headers={"X-CSRFToken": token})

    assert (refused.status_code, refused.json()["type"]) == (403, "urn:mediasync:problem:csrf")
    assert done.status_code == 200
    assert Event.objects.filter(subject=f"jobs.job:{job.pk}", actor="anna").exists()


def test_a_key_needs_no_csrf_token():
    program = Program(key("admin"))
    program.client = Client(enforce_csrf_checks=True, headers={"X-Api-Key": program.key})

    assert program.post(f"/jobs/{make_job().pk}/cancel").status_code == 200


def test_a_wrong_key_does_not_fall_back_to_the_session(visit):
    assert visit.get(f"{BASE}/jobs", headers={"X-Api-Key": "nonsense"}).status_code == 401


@pytest.mark.parametrize(
    ("fields", "says"),
    [({"name": " "}, "name"), ({"name": "a" * 61}, "name"), ({"name": "a\x00"}, "name"), ({"scope": "root"}, "scope")],
)
def test_a_key_that_cannot_be_is_not_made(fields, says):
    with pytest.raises(keys.BadKey, match=says):
        keys.create(**{"name": "x", "actor": "anna", **fields})

    assert not ApiKey.objects.exists()


def test_revoking_twice_is_told_once(caplog):
    caplog.set_level(logging.INFO)
    row, _full = keys.create("Old", actor="anna")

    assert [keys.revoke(row, actor="anna"), keys.revoke(row, actor="anna")] == [True, False]
    assert Event.objects.filter(reason="revoked by anna").count() == 1
    assert row.standing == "revoked"
