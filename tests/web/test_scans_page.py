"""The Scans pages: starting, watching, and deciding about what is held."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from scanner.models import Artwork, Scan, Watch
from tests.web.rows import make_file, make_job, make_library, make_match, make_movie, make_scan, make_title

FRAME, PAGE = 5, 5
PARTIAL = {"HX-Request": "true", "HX-Request-Type": "partial"}


def test_a_press_starts_a_scan_and_a_second_one_joins_it(visit):
    make_library()

    first, second = visit.post("/scans/start/"), visit.post("/scans/start/")

    scan = Scan.objects.get()
    assert first.headers["Location"] == second.headers["Location"] == f"/scans/{scan.pk}/"
    assert (scan.mode, scan.actor) == ("quick", "anna")


def test_without_a_folder_it_says_so(visit):
    answer = visit.post("/scans/start/", follow=True)

    assert b"There is no folder to scan yet" in answer.content


@pytest.mark.parametrize("mode", ["dirs", "refresh", "nonsense", ""])
def test_only_quick_and_full_are_started_from_the_page(visit, mode):
    make_library()

    visit.post("/scans/start/", {"mode": mode})

    assert Scan.objects.get().mode == "quick"


def test_a_full_scan_is_for_staff_and_asks_first(visit, visit_as_guest):
    make_library()
    for name in ("Kiln", "Salt Road", "Amber River"):
        make_movie(name)

    assert visit_as_guest.get("/scans/full/").status_code == 403
    assert visit_as_guest.post("/scans/start/", {"mode": "full"}).status_code == 403
    assert not Scan.objects.exists()
    assert "about 3 requests" in visit.get("/scans/full/").content.decode()


@pytest.mark.repeats
def test_what_a_full_scan_costs_is_counted_for_the_chosen_folders(visit):
    shows = make_library(path="/media/shows", name="Shows")
    kiln = make_movie("Kiln")
    make_match(make_title("Salt Road", kind="show"), library=shows)
    make_match(make_title("Named by its files"), library=shows, state="unmatched")
    make_title("Known once, in no folder now")
    Artwork.objects.create(title=kiln, role="poster", sha256="ab" * 32)

    everything = visit.get("/scans/full/").content.decode()
    one = visit.get("/scans/full/", {"library": shows.pk}).content.decode()
    visit.post("/scans/start/", {"mode": "full", "library": [shows.pk]})

    assert "about 3 requests to the metadata service and up to 7 pictures" in everything
    assert "about 2 requests to the metadata service and up to 4 pictures" in one
    assert f'name="library" value="{shows.pk}"' in one
    assert list(Scan.objects.values_list("library", "mode")) == [(shows.pk, "full")]


def test_a_running_scan_shows_its_numbers_folders_and_troubles(visit):
    scan = make_scan(
        state="open",
        expected_files=1180,
        new=14,
        folders={"A": {"files": 410, "new": 3}},
        troubles=["lost+found: denied"],
    )
    make_job(f"scan:{scan.pk}", kind="scanner.walk", pool="scan", state="leased", done_units=812)

    html = visit.get(f"/scans/{scan.pk}/").content.decode()

    for text in ("812", "1\u202f180", "410", "lost+found: denied", 'hx-trigger="every 2s"'):
        assert text in html


def test_its_poll_is_304_until_something_moved(visit):
    scan = make_scan(state="open")
    revision = visit.get(f"/scans/{scan.pk}/").context["revision"]

    same = visit.get(f"/scans/{scan.pk}/", headers={**PARTIAL, "If-None-Match": revision})
    Scan.objects.update(new=1)

    assert same.status_code == 304
    assert visit.get(f"/scans/{scan.pk}/", headers={**PARTIAL, "If-None-Match": revision}).status_code == 200


def test_an_ended_scan_ends_the_poll_and_reloads_the_page(visit):
    scan = make_scan(state="done", ended_at=timezone.now())

    answer = visit.get(f"/scans/{scan.pk}/", headers=PARTIAL)

    assert answer.headers["HX-Refresh"] == "true"
    assert b"hx-trigger" not in answer.content


def test_a_held_scan_shows_what_would_be_lost_and_takes_a_decision(visit):
    file = make_file(make_match(), "Kiln (2021)/Kiln.mkv")
    scan = make_scan(state="held", reason="31 % of the files are gone.", losses=[file.pk])

    html = visit.get(f"/scans/{scan.pk}/").content.decode()
    asked = visit.get(f"/scans/{scan.pk}/confirm/").content.decode()
    scan.refresh_from_db()
    before = scan.losses_confirmed
    visit.post(f"/scans/{scan.pk}/confirm/")
    scan.refresh_from_db()

    assert "31 % of the files are gone." in html
    assert "Kiln (2021)/Kiln.mkv" in html
    assert "Mark 1 file of Films as gone?" in asked
    assert "Kiln (2021)/Kiln.mkv" in asked
    assert (before, scan.losses_confirmed) == (False, True)


def test_what_a_held_scan_offers_first_loses_nothing(visit):
    scan = make_scan(state="held", reason="31 % of the files are gone.", losses=[1, 2])

    html = visit.get(f"/scans/{scan.pk}/").content.decode()
    visit.post("/scans/start/", {"library": scan.library.pk})
    scan.refresh_from_db()

    main = html.split('class="button main"')[1].split("<")[0]
    assert main.endswith("Scan again")
    assert html.count('class="button main"') == 1
    assert f'<a class="button danger" href="/scans/{scan.pk}/confirm/">' in html
    assert (scan.state, scan.losses_confirmed) == ("open", False)


def test_a_scan_that_is_not_held_is_not_confirmed(visit):
    scan = make_scan(state="done")

    answer = visit.get(f"/scans/{scan.pk}/confirm/", follow=True)

    assert "moved on in the meantime" in answer.content.decode()


def test_only_staff_confirms_losses(visit_as_guest):
    scan = make_scan(state="held", reason="31 % of the files are gone.")

    html = visit_as_guest.get(f"/scans/{scan.pk}/").content.decode()

    assert "31 % of the files are gone." in html
    assert "/confirm/" not in html
    assert visit_as_guest.post(f"/scans/{scan.pk}/confirm/").status_code == 403
    scan.refresh_from_db()
    assert scan.state == "held"


def test_a_scan_is_stopped(visit):
    scan = make_scan(state="open")

    visit.post(f"/scans/{scan.pk}/stop/")

    scan.refresh_from_db()
    assert scan.state == "stopped"


def test_the_slowest_work_of_a_scan_is_listed(visit):
    scan = make_scan(state="done", started_at="2026-01-01T00:00:00Z", ended_at="2026-01-01T01:00:00Z")
    times = {"leased_at": "2026-01-01T00:00:00Z", "ended_at": "2026-01-01T00:02:30Z"}
    make_job("title:7", state="done", origin=f"scan:{scan.pk}", **times)

    assert "2 min 30 s" in visit.get(f"/scans/{scan.pk}/").content.decode()


def test_the_list_needs_the_same_queries_for_3_and_60_scans(visit):
    counts = []
    for upto in (3, 60):
        for _scan in range(upto):
            make_scan(ended_at=timezone.now())
        with CaptureQueriesContext(connection) as seen:
            visit.get("/scans/?all")
        counts.append(len(seen))

    assert counts[0] == counts[1] <= FRAME + PAGE


def test_the_page_says_which_folders_are_watched_and_why_others_are_not(visit):
    watched, share = make_library(), make_library(path="/media/share")
    Watch.objects.create(library=watched, node="here", watching=True, folders=12_345)
    Watch.objects.create(library=share, node="here", problem="It lies on a share.", cure="Nothing has to be done")

    page = visit.get("/scans/?all").content.decode()

    assert "345 folders: new files show within seconds." in page
    assert "No: timed scans find what is new. It lies on a share." in page
    assert "Nothing has to be done" in page


def test_a_scan_says_which_folders_it_listed_and_why(visit):
    scan = make_scan(state="done", mode="dirs", method="All 7 folders were listed: as at least once an hour.")

    assert scan.method in visit.get(f"/scans/{scan.pk}/").content.decode()
    assert scan.method in visit.get("/scans/?all").content.decode()


@pytest.mark.parametrize("library", ["4711", "x", "-1", "9" * 40])
def test_a_folder_that_is_not_there_is_no_scan_of_all_the_others(visit, library):
    make_library()

    answer = visit.post("/scans/start/", {"library": library}, follow=True)

    assert "That is not there any more." in answer.content.decode()
    assert not Scan.objects.exists()


def test_scans_by_the_clock_that_found_nothing_do_not_bury_the_others(visit):
    quiet = make_scan(actor="mediasync")
    told = [make_scan(actor="mediasync", new=1), make_scan(actor="anna"), make_scan(actor="mediasync", state="failed")]

    shown = {scan.pk for scan in visit.get("/scans/").context["scans"]}
    everything = {scan.pk for scan in visit.get("/scans/?all").context["scans"]}

    assert shown == {scan.pk for scan in told}
    assert everything == shown | {quiet.pk}
