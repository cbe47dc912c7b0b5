"""What a key or a session may do is what the pages let members and staff do, operation by operation."""

from __future__ import annotations

import pytest

from mediasync import keys
from mediasync.api import openapi
from tests.api.conftest import BASE, Program, key
from tests.web.rows import make_file, make_job, make_library, make_match, make_movie, make_pool, make_scan

pytestmark = pytest.mark.django_db
CHANGES = {
    operation["operationId"]: operation["description"]
    for method, _path, operation in openapi.operations(openapi.build())
    if method != "get"
}
# "Look, scan and refresh": everything else that changes something is for staff, as at the pages.
OF_MEMBERS = {
    "change_titles",  # to refresh them
    "look_again_at_item",
    "refresh_title",
    "refresh_titles",
    "refuse_scan",
    "start_scan",  # quick ones
    "stop_scan",
    "undo_wishes",
    "wish_for_episodes",
}


def test_all_that_members_may_not_needs_a_key_of_staff():
    members = {name for name, said in CHANGES.items() if "Needs the scope `act`" in said}

    assert members == OF_MEMBERS
    assert all("Needs the scope `admin`" in said for name, said in CHANGES.items() if name not in members)


def things() -> dict[str, int | str]:
    movie, scan = make_movie("Kiln", tmdb_id=603), make_scan(state="held", losses=[])
    pool, job = make_pool("metadata"), make_job("title:1")
    match, library = movie.matches.get(), make_library()
    return {
        "title": movie.pk,
        "match": match.pk,
        "file": make_file(match, "b.mkv").pk,
        "scan": scan.pk,
        "job": job.pk,
        "pool": pool.pk,
        "library": library.pk,
    }


# The page's action, its form, and the same of the API.
PAIRS = [
    ("/library/{title}/refresh/", {}, "/titles/{title}/refresh", None),
    ("/library/many/refresh/", {"pick": "{title}"}, "/titles/bulk", {"do": "refresh", "ids": [1]}),
    ("/library/many/lock/", {"pick": "{title}"}, "/titles/bulk", {"do": "lock", "ids": [1]}),
    ("/library/many/write/", {"pick": "{title}"}, "/titles/bulk", {"do": "write", "ids": [1]}),
    ("/library/many/ignore/", {"pick": "{title}"}, "/titles/bulk", {"do": "ignore", "ids": [1]}),
    ("/files/{file}/look/", {}, "/items/{file}/look-again", None),
    ("/library/{title}/artwork/choose/", {"slot": "poster"}, "/titles/{title}/artwork/poster/choose", {"source": "/a"}),
    ("/library/{title}/artwork/ask/", {"slot": "poster"}, "/titles/{title}/artwork/poster/candidates", None),
    ("/library/{title}/artwork/release/", {"slot": "poster"}, "/titles/{title}/artwork/poster/release", None),
    ("/matches/{match}/lock/", {}, "/matches/{match}/lock", None),
    ("/matches/{match}/do/", {"do": "ignore"}, "/matches/{match}/ignore", None),
    ("/matches/{match}/undo/1/", {}, "/matches/{match}/undo", None),
    ("/unmatched/do/", {"do": "ignore"}, "/matches/bulk", {"do": "ignore", "ids": [1]}),
    ("/scans/start/", {}, "/scans", {}),
    ("/scans/start/", {"mode": "full"}, "/scans", {"mode": "full"}),
    ("/scans/{scan}/stop/", {}, "/scans/{scan}/stop", None),
    ("/scans/{scan}/confirm/", {}, "/scans/{scan}/confirm", None),
    ("/queue/{job}/retry/", {}, "/jobs/{job}/retry", None),
    ("/queue/act/", {"do": "retry"}, "/jobs/bulk", {"do": "retry", "ids": [1]}),
    ("/queue/pools/{pool}/pause/", {}, "/pools/{pool}/pause", None),
    ("/sources/test/", {}, "/sources/test", None),
    ("/system/backups/now/", {}, "/backups", None),
    ("/system/act/", {"do": "test-everything@"}, "/health/look", None),
    ("/settings/folders/add/", {"path": "/proc"}, "/libraries", {"path": "/proc"}),
]


@pytest.mark.parametrize(("page", "form", "path", "body"), PAIRS, ids=[f"{one[0]} {one[1] or ''}" for one in PAIRS])
def test_a_member_may_do_by_session_and_key_what_the_page_lets_them(visit_as_guest, guest, page, form, path, body):
    known = things()
    form = {name: value.format(**known) for name, value in form.items()}
    his = Program(key("admin", user=guest))

    answers = [
        visit_as_guest.post(page.format(**known), form),
        visit_as_guest.post(BASE + path.format(**known), body, content_type="application/json"),
        his.post(path.format(**known), body),
        Program(key("act")).post(path.format(**known), body),
    ]

    assert len({answer.status_code == 403 for answer in answers}) == 1, [answer.status_code for answer in answers]


def test_a_key_of_staff_may_no_more_than_its_scope(anna):
    assert keys.reach(keys.create("Home", scope="read", actor="anna", user=anna)[0]) == "read"
    assert keys.reach(keys.create("Home", scope="admin", actor="anna", user=anna)[0]) == "admin"


def test_a_scan_that_is_no_quick_one_is_for_staff(actor, program):
    make_library()

    assert [actor.post("/scans", {"mode": mode}).status_code for mode in ("full", "refresh", "dirs")] == [403] * 3
    assert program.post("/scans", {"mode": "full"}).status_code == 202


def test_what_can_be_chosen_is_for_staff_as_at_the_page(actor, program):
    title = make_movie("Kiln", tmdb_id=603)

    assert actor.get(f"/titles/{title.pk}/artwork/poster/candidates").status_code == 403
    assert program.get(f"/titles/{title.pk}/artwork/poster/candidates").status_code == 200


def test_several_matches_are_ignored_and_taken_back_once(program):
    lost = [make_match(key=name, state="unmatched", name=name) for name in ("Lost", "Found")]

    ignored = program.post("/matches/bulk", {"do": "ignore", "ids": [*(match.pk for match in lost), 4711]}).json()
    back = [program.post("/matches/bulk/undo", {"event": ignored["event"]}) for _time in range(2)]

    assert ignored["matches"] == 2
    assert [answer.status_code for answer in back] == [200, 409]
    for match in lost:
        match.refresh_from_db()
        assert match.state == "unmatched"
