"""Signing in, being locked out, and the link that makes the first account."""

from __future__ import annotations

import pytest
import zeal
from django.contrib.auth import get_user_model
from django.test import Client

from mediasync import setup_link
from scanner.models import Scan

GOOD = {"username": "anna", "password1": "a-long-password-7", "password2": "a-long-password-7"}


@pytest.fixture(autouse=True)
def _data(settings, tmp_path, db):
    settings.DATA_DIR = tmp_path


def key_of(path: str) -> str:
    return path.partition("key=")[2]


def test_the_link_makes_the_first_account_and_signs_in(client):
    path = setup_link.make()

    shown = client.get(path)
    made = client.post("/setup/", {**GOOD, "key": key_of(path)})

    assert shown.status_code == 200
    assert made.headers["Location"] == "/setup/folders/"
    assert get_user_model().objects.get().is_superuser
    assert client.get("/library/").status_code == 200


def test_who_comes_without_the_link_is_told_where_it_is(client, django_user_model):
    assert "the link that the terminal shows" in client.get("/login/").content.decode()

    django_user_model.objects.create_user("anna")

    assert "the link that the terminal shows" not in client.get("/login/").content.decode()


def test_the_link_works_once(client):
    path = setup_link.make()
    client.post("/setup/", {**GOOD, "key": key_of(path)})

    again = Client().post("/setup/", {**GOOD, "username": "eve", "key": key_of(path)})

    assert again.status_code == 403
    assert get_user_model().objects.count() == 1


def test_a_used_link_says_to_sign_in_and_leaves_no_traceback(client, anna, caplog):
    answer = client.get(setup_link.make())

    assert (answer.status_code, b"This link has been used" in answer.content) == (403, True)
    assert b"for staff" not in answer.content
    assert b'href="/login/"' in answer.content
    assert not [record for record in caplog.records if record.exc_info]


def test_a_wrong_link_says_where_the_right_one_is(client):
    setup_link.make()

    assert b"start mediasync again and it prints a fresh one" in client.get("/setup/?key=wrong").content


def test_of_two_who_spend_it_at_once_one_wins():
    key = key_of(setup_link.make())

    assert [setup_link.use(key), setup_link.use(key)] == [True, False]


@pytest.mark.parametrize("query", ["", "?key=", "?key=wrong", "?key=%ff%00", "?key=ключ"])
def test_without_the_key_nobody_claims_the_server(client, query):
    setup_link.make()

    assert client.get(f"/setup/{query}").status_code == 403
    assert client.post("/setup/", {**GOOD, "key": query[5:]}).status_code == 403


def test_no_link_was_made_and_none_works(client):
    assert client.get("/setup/?key=x").status_code == 403


def test_a_newer_link_ends_the_older_one(client):
    old, new = setup_link.make(), setup_link.make()

    assert (client.get(old).status_code, client.get(new).status_code) == (403, 200)


def test_the_link_ends_when_somebody_has_an_account(client):
    path = setup_link.make()
    get_user_model().objects.create_user("ben", password="x")

    assert client.get(path).status_code == 403


def test_only_a_hash_is_kept_and_only_for_us(tmp_path):
    key = key_of(setup_link.make())

    (file,) = tmp_path.iterdir()
    assert key not in file.read_text()
    assert file.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("password", ["short", "12345678901", "password"])
def test_a_weak_password_is_explained_and_the_link_stays(client, password):
    path = setup_link.make()

    answer = client.post(
        "/setup/", {"username": "anna", "password1": password, "password2": password, "key": key_of(path)}
    )

    assert answer.status_code == 422
    assert b'role="alert"' in answer.content
    assert client.get(path).status_code == 200


def test_five_wrong_passwords_lock_the_name_out(client, anna):
    for _try in range(5):
        last = client.post("/login/", {"username": "anna", "password": "wrong"})

    right = client.post("/login/", {"username": "anna", "password": "a-long-password"})

    assert last.status_code == right.status_code == 429
    assert b"Too many tries" in right.content


def test_signing_in_leads_back_to_the_page_and_never_elsewhere(client, anna):
    person = {"username": "anna", "password": "a-long-password"}

    there = client.post("/login/", {**person, "next": "/queue/"})
    elsewhere = Client().post("/login/", {**person, "next": "https://elsewhere.example/"})

    assert there.headers["Location"] == "/queue/"
    assert elsewhere.headers["Location"] == "/"


def test_who_was_signed_out_and_presses_a_button_comes_back_to_the_page_and_knows_that_nothing_was_done(client, anna):
    page = {"Referer": "http://testserver/scans/?state=done"}

    sent = client.post("/scans/start/", headers=page)
    told = client.get(sent.headers["Location"])
    person = {"username": "anna", "password": "a-long-password", "next": "/scans/?state=done"}

    assert sent.headers["Location"] == "/login/?next=/scans/%3Fstate%3Ddone"
    assert b"so nothing was done" in told.content
    assert client.post("/login/", person).headers["Location"] == "/scans/?state=done"
    assert not Scan.objects.exists()


@pytest.mark.parametrize(
    "page", ["", "https://elsewhere.example/scans/", "http://testserver:1/x", "javascript:x", "//a"]
)
def test_a_button_pressed_elsewhere_leads_to_home(client, db, page):
    assert client.post("/scans/start/", headers={"Referer": page}).headers["Location"] == "/login/?next=/"


def test_the_address_of_a_button_says_that_it_is_one(visit):
    answer = visit.get("/scans/start/")

    assert (answer.status_code, answer.headers["Allow"]) == (405, "POST")
    assert b"where a button of a page leads" in answer.content


def test_signing_out_takes_a_form(visit):
    assert visit.get("/logout/").status_code == 405
    with zeal.zeal_ignore():  # Django looks the session up twice to end it
        assert visit.post("/logout/").headers["Location"] == "/login/"
    assert visit.get("/library/").status_code == 302
