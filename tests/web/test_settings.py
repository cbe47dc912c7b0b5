"""Settings and the first run: each step is tried before it is kept, and only staff change the household."""

from __future__ import annotations

import pytest
from django.contrib.auth import get_user_model

from journal.models import Event
from mediasync import setup_link
from mediasync.models import ApiKey
from outbound import sources
from outbound.models import Source
from pages.models import Preference
from scanner.demo.service import KEY
from scanner.models import Library, Scan
from scanner.services import art_roles
from tests.web.rows import make_library, make_scan

STAFF_ONLY = (
    "/settings/folders/",
    "/settings/folders/add/",
    "/settings/metadata/",
    "/settings/sources/",
    "/settings/people/",
    "/settings/programs/",
    "/setup/folders/",
    "/setup/key/",
    "/setup/scan/",
)


@pytest.mark.parametrize("path", STAFF_ONLY)
def test_the_household_is_changed_by_staff_only(visit, visit_as_guest, path):
    assert visit.get(path).status_code == 200
    assert visit_as_guest.get(path).status_code == 403


def test_everybody_has_an_appearance_of_their_own(visit_as_guest):
    assert visit_as_guest.get("/settings/", follow=True).redirect_chain == [("/settings/appearance/", 302)]

    visit_as_guest.post("/settings/appearance/", {"theme": "dark", "language": "klingon"})

    mine = Preference.objects.get()
    assert (mine.theme, mine.language, mine.shortcuts) == ("dark", "", False)
    assert b'id="keys"' not in visit_as_guest.get("/library/").content


def test_a_folder_is_found_by_clicking_and_read_at_once(visit, tmp_path):
    (tmp_path / "films" / "Moss (2019)").mkdir(parents=True)
    (tmp_path / "films" / "Moss (2019)" / "Moss (2019).mkv").touch()

    above = visit.get("/settings/folders/add/", {"at": str(tmp_path)}).content.decode()
    there = visit.get("/settings/folders/add/", {"at": str(tmp_path / "films")}).content.decode()
    visit.post("/settings/folders/add/", {"path": str(tmp_path / "films")})

    assert f"?at={tmp_path}/films" in above
    assert "look like movies" in there
    assert Library.objects.get().kind == "movies"
    assert Scan.objects.get().actor == "anna"


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("films", "Give the whole path"),
        ("/nowhere/at/all", "does not exist"),
        ("/etc/hostname", "is a file"),
        ("/proc", "belongs to the system"),
        ("/", "whole file system"),
        ("/nowhere/\0x", "does not exist"),
    ],
)
def test_a_path_that_cannot_be_a_folder_of_media_says_why(visit, path, said):
    answer = visit.post("/settings/folders/add/", {"path": path})

    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert not Library.objects.exists()


@pytest.mark.parametrize(
    "at", ["/nowhere", "relative", "\0", "/etc/hostname", "~nobody-at-all", "/" + "x" * 5000, "\\xff"]
)
def test_looking_into_anything_is_no_error(visit, at):
    assert visit.get("/settings/folders/add/", {"at": at}).status_code == 200


def test_a_folder_is_forgotten_only_after_a_question(visit, tmp_path):
    library = make_library()

    asked = visit.get(f"/settings/folders/{library.pk}/remove/").content.decode()
    assert Library.objects.exists()
    visit.post(f"/settings/folders/{library.pk}/remove/")

    assert "stay on disk" in asked
    assert not Library.objects.exists()


def test_what_a_folder_holds_is_changed_with_an_event(visit):
    library = make_library()

    form = {"name": "Attic", "kind": "shows", "sidecars": "off", "art": list(art_roles.of(library))}
    visit.post(f"/settings/folders/{library.pk}/", form)

    library.refresh_from_db()
    assert (library.name, library.kind, library.sidecars) == ("Attic", "shows", "off")
    assert Event.objects.get(subject=f"scanner.library:{library.pk}").actor == "anna"


def test_pictures_of_a_folder_are_switched_off(visit):
    library = make_library()

    visit.post(
        f"/settings/folders/{library.pk}/", {"name": "Attic", "kind": "shows", "sidecars": "all", "art": "poster"}
    )

    library.refresh_from_db()
    assert art_roles.of(library) == {"poster"}


def test_a_key_of_a_program_is_shown_once(visit):
    made = visit.post("/settings/programs/", {"name": "remote", "scope": "read"})
    full = made.context["made"]

    assert visit.get("/api/v1/libraries", headers={"X-Api-Key": full}).status_code == 200
    assert full in made.content.decode()
    assert full not in visit.get("/settings/programs/").content.decode()


def test_a_key_that_was_taken_back_opens_nothing(visit, client):
    full = visit.post("/settings/programs/", {"name": "remote", "scope": "read"}).context["made"]
    asked = visit.get(f"/settings/programs/{ApiKey.objects.get().pk}/revoke/").content.decode()
    assert "Take back the key of remote?" in asked
    assert client.get("/api/v1/libraries", headers={"X-Api-Key": full}).status_code == 200
    visit.post(f"/settings/programs/{ApiKey.objects.get().pk}/revoke/")

    assert client.get("/api/v1/libraries", headers={"X-Api-Key": full}).status_code == 401


def test_a_key_needs_a_name(visit):
    assert visit.post("/settings/programs/", {"name": "", "scope": "read"}).status_code == 422
    assert not ApiKey.objects.exists()


def test_a_limit_holds_at_once(visit, fake):
    sources.ready(sources.spec_of("tmdb"))

    wrong = visit.post("/settings/sources/tmdb/", {"rules": "lots"})
    visit.post("/settings/sources/tmdb/", {"rules": "20/10 400/3600"})

    assert wrong.status_code == 422
    assert "such as 35/10" in wrong.content.decode()
    assert Source.objects.get(pk="tmdb").rules == [[20, 10.0], [400, 3600.0]]


def test_a_member_is_added_and_signs_in(visit, client):
    visit.post(
        "/settings/people/", {"username": "ben", "password1": "rain on tin roofs", "password2": "rain on tin roofs"}
    )

    assert client.post("/login/", {"username": "ben", "password": "rain on tin roofs"}).status_code == 302
    assert not get_user_model().objects.get(username="ben").is_staff


def test_nobody_takes_their_own_rights_away(visit, anna):
    answer = visit.post(f"/settings/people/{anna.pk}/", {"active": "1"})

    assert answer.status_code == 422
    anna.refresh_from_db()
    assert anna.is_staff


def test_a_member_who_may_not_sign_in_any_more_is_out_at_once(visit, visit_as_guest, guest):
    visit.post(f"/settings/people/{guest.pk}/", {})

    assert visit_as_guest.get("/library/").status_code == 302


def test_the_first_run_goes_from_the_link_to_the_first_scan(client, fake, tmp_path):
    (tmp_path / "films" / "Moss (2019)").mkdir(parents=True)
    (tmp_path / "films" / "Moss (2019)" / "Moss (2019).mkv").touch()
    account = {"username": "anna", "password1": "rain on tin roofs", "password2": "rain on tin roofs"}
    key = setup_link.make().partition("key=")[2]

    made = client.post("/setup/", {"key": key, **account})
    added = client.post("/setup/folders/", {"path": str(tmp_path / "films")}, follow=True)
    kept = client.post("/setup/key/", {"key": KEY})
    read = client.post("/setup/scan/")

    assert made.headers["Location"] == "/setup/folders/"
    assert "Next: metadata key" in added.content.decode()
    assert kept.headers["Location"] == "/setup/scan/"
    assert read.headers["Location"] == "/"
    assert Scan.objects.get().state == "open"


def test_a_folder_added_by_mistake_is_removed_in_the_first_run(visit):
    library = make_library()
    scan = make_scan(library=library, state="open")

    reading = visit.get("/setup/folders/").content.decode()
    Scan.objects.filter(pk=scan.pk).update(state="done")
    read = visit.get("/setup/folders/").content.decode()
    address = f"/settings/folders/{library.pk}/remove/?setup"
    asked = visit.get(address).content.decode()

    assert "is being read" in reading
    assert "has been read" in read
    assert "is being read" not in read
    assert f'href="{address}"' in read
    assert 'href="/setup/folders/"' in asked
    assert visit.post(address).headers["Location"] == "/setup/folders/"


def test_a_wrong_folder_or_key_keeps_one_on_the_step(visit, fake):
    assert visit.post("/setup/folders/", {"path": "/nowhere"}).status_code == 422
    assert visit.post("/setup/key/", {"key": "f" * 32}).status_code == 422
    assert visit.get("/setup/dancing/").status_code == 404


def test_about_carries_the_notice_that_tmdb_asks_for(visit):
    shown = visit.get("/about/").content.decode()

    assert "not endorsed, certified, or otherwise approved by TMDB" in shown
    assert "tmdb.svg" in shown
