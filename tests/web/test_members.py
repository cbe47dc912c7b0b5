"""Who of the household may do what: members look, scan and refresh; staff decides; the owner gives rights."""

from __future__ import annotations

import pytest
from django.contrib.auth import get_user_model

from mediasync.models import ApiKey
from mediasync.notify.models import Notifier
from scanner.models import Match
from tests.web.conftest import signed_in_as
from tests.web.rows import make_match, make_movie

NEW = "rain on tin roofs"


@pytest.fixture
def helper(db):
    """Staff without all rights, as only the admin can make one."""
    return get_user_model().objects.create_user("cleo", password="a-long-password", is_staff=True)


def test_a_member_looks_scans_and_refreshes_and_decides_nothing(visit_as_guest):
    title = make_movie()
    match = title.matches.get()
    many = {"pick": [title.pk]}

    refreshed = visit_as_guest.post("/library/many/refresh/", many)
    tried = {
        path: visit_as_guest.post(path, {"slot": "poster", **many}).status_code
        for path in (
            f"/matches/{match.pk}/lock/",
            f"/matches/{match.pk}/unlock/",
            "/library/many/lock/",
            "/library/many/write/",
            f"/library/{title.pk}/artwork/choose/",
            f"/library/{title.pk}/artwork/upload/",
            f"/library/{title.pk}/artwork/release/",
        )
    }

    assert refreshed.status_code == 303
    assert set(tried.values()) == {403}, tried
    assert not Match.objects.filter(locked=True).exists()


def test_a_member_is_offered_no_button_that_would_refuse(visit_as_guest):
    title = make_movie()

    pages = [
        visit_as_guest.get(path).content.decode()
        for path in ("/library/", f"/library/{title.pk}-kiln/", f"/library/{title.pk}-kiln/artwork/?slot=poster")
    ]

    assert "many/refresh" in pages[0]
    assert not [
        word for page in pages for word in ("many/lock", "many/write", "/lock/", "artwork/upload") if word in page
    ]


def test_everybody_may_ask_why_a_folder_has_no_title(visit_as_guest):
    match = make_match(state="unmatched")

    assert f"/why/match:{match.pk}/" in visit_as_guest.get("/unmatched/").content.decode()


def test_rights_are_given_only_by_whoever_has_them_all(helper, anna):
    client = signed_in_as(helper)

    made = client.post("/settings/people/", {"username": "dan", "password1": NEW, "password2": NEW, "staff": "1"})
    raised = client.post(f"/settings/people/{helper.pk}/", {"staff": "1", "active": "1"})
    taken = client.post(
        f"/settings/people/{anna.pk}/", {"staff": "1", "active": "1", "new_password1": NEW, "new_password2": NEW}
    )

    assert [answer.status_code for answer in (made, raised, taken)] == [403, 403, 403]
    assert not get_user_model().objects.get(pk=helper.pk).is_superuser
    assert "/settings/people/" not in client.get("/settings/folders/").content.decode()


def test_a_new_password_of_ones_own_keeps_one_signed_in(visit, anna):
    fields = {"staff": "1", "active": "1", "new_password1": NEW, "new_password2": NEW}

    visit.post(f"/settings/people/{anna.pk}/", fields)

    assert visit.get("/settings/people/").status_code == 200


def test_a_password_typed_into_one_field_alone_is_not_passed_over(visit, guest):
    answer = visit.post(f"/settings/people/{guest.pk}/", {"staff": "1", "active": "1", "new_password2": NEW})

    assert answer.status_code == 422
    assert 'name="staff" value="1" checked' in answer.content.decode(), "what was ticked stays ticked"


def test_a_key_that_cannot_be_made_leaves_what_was_typed(visit):
    answer = visit.post("/settings/programs/", {"name": "Kodi\n", "scope": "act", "days": "30"} | {"name": "a\x07b"})

    html = answer.content.decode()
    assert answer.status_code == 422
    assert 'value="act" selected' in html
    assert 'value="30"' in html


def test_a_double_click_leaves_one_key(visit):
    for _ in range(2):
        shown = visit.post("/settings/programs/", {"name": "Kodi", "scope": "read"})

    alive = ApiKey.objects.filter(revoked_at=None)
    assert alive.count() == 1
    assert alive.get().prefix in shown.context["made"]


def test_an_address_is_told_once(visit):
    Notifier.objects.create(name="Phone", kind="ntfy", url="https://ntfy.example/ours")

    answer = visit.post(
        "/settings/notices/", {"name": "Again", "kind": "ntfy", "url": "https://ntfy.example/ours", "least": "error"}
    )

    assert answer.status_code == 422
    assert "This address is told already." in answer.content.decode()
    assert Notifier.objects.count() == 1
