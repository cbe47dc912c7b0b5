"""Notices: what turned bad is told once, as each service wants it, and nothing else leaves the house."""

from __future__ import annotations

import json

import pytest
from django.utils.translation import override
from zeal import zeal_ignore

from jobs.models import Job
from journal.moves import record
from mediasync.notify import sending
from mediasync.notify.models import Notifier
from mediasync.notify.shapes import Line, NoAddress, message
from outbound import sources
from outbound.errors import Transient
from tests.fakes import stub as stubs

WRONG = [Line("error", "The disk is full.")]


@pytest.fixture
def stub(settings, db):
    settings.OUTBOUND_ALLOW_HOSTS = ["127.0.0.1"]
    settings.MAX_RETRIES_PER_ITEM = 0
    known = dict(sources.specs)
    with stubs.serving() as server, zeal_ignore([{"model": "outbound.*", "field": "*"}]):
        server.on("*", stubs.status(200))
        yield server
    sources.specs.clear()
    sources.specs.update(known)


def make_notifier(stub, **fields) -> Notifier:
    made = Notifier(**{"name": "phone", "kind": "webhook", "url": f"{stub.url}/hook/s3cretpath", **fields})
    sending.add(made)
    return made


def turn(new: str, *, old: str = "ok", text: str = "The disk is full.", subject: int = 1) -> None:
    record(f"health.result:{subject}", reason=text, old=old, new=new)


def told(stub) -> list[dict]:
    return [json.loads(arrival.body) for arrival in stub.arrivals]


def test_what_turned_bad_is_told_once(stub):
    notifier = make_notifier(stub)
    turn("error")

    assert sending.look() == 1
    sending.send(notifier)
    notifier.refresh_from_db()
    sending.send(notifier)

    assert [document["items"][0]["text"] for document in told(stub)] == ["The disk is full."]
    assert told(stub)[0]["title"] == "mediasync needs you"
    Job.objects.all().delete()
    assert sending.look() == 0


def test_what_changed_twice_among_others_is_told_once(stub):
    notifier = make_notifier(stub)
    turn("error")
    turn("warning", subject=2)
    turn("ok", old="error", text="There is room.")

    sending.send(notifier)
    notifier.refresh_from_db()
    sending.send(notifier)

    assert [[item["level"] for item in document["items"]] for document in told(stub)] == [["warning", "ok"]]


def test_an_address_with_a_password_in_it_is_refused_since_it_would_be_shown_with_the_sources():
    with pytest.raises(NoAddress, match="no user name"):
        message("webhook", "https://anna:secret@example.org/hook", "x", WRONG)


def test_what_happened_before_it_was_added_is_not_told(stub):
    turn("error")
    make_notifier(stub)

    assert sending.look() == 0


def test_what_is_well_again_by_then_is_told_as_it_is_now(stub):
    notifier = make_notifier(stub)
    turn("error")
    turn("ok", old="error", text="There is room again.")

    sending.send(notifier)

    assert [item["text"] for item in told(stub)[0]["items"]] == ["There is room again."]


def test_what_turned_back_and_forth_beside_another_thing_is_told_once(stub):
    notifier = make_notifier(stub)
    turn("error", subject=1)
    turn("error", subject=2)
    turn("ok", old="error", subject=1)

    sending.send(notifier)

    assert sending.look() == 0


def test_errors_only_leaves_warnings_out(stub):
    make_notifier(stub, least="error")
    turn("warning")

    assert sending.look() == 0


def test_a_notice_that_did_not_arrive_is_told_later_and_says_so(stub):
    notifier = make_notifier(stub)
    stub.on("/hook/s3cretpath", stubs.status(503), stubs.status(200))
    turn("error")

    with pytest.raises(Transient):
        sending.send(notifier)
    notifier.refresh_from_db()
    said = sending.about(notifier)
    sending.send(notifier)

    assert "did not arrive" in said
    assert "s3cretpath" not in said
    assert len(stub.arrivals) == 2


@pytest.mark.parametrize(
    ("kind", "url", "address", "part"),
    [
        ("ntfy", "https://ntfy.sh/my-topic", "https://ntfy.sh/", {"topic": "my-topic", "priority": 4}),
        ("ntfy", "https://home.example/push/films", "https://home.example/push", {"topic": "films"}),
        ("gotify", "https://g.example/message?token=x", "https://g.example/message?token=x", {"priority": 8}),
        ("discord", "https://d.example/api/x", "https://d.example/api/x", {"allowed_mentions": {"parse": []}}),
        ("webhook", "https://h.example/", "https://h.example/", {"source": "mediasync"}),
    ],
)
def test_each_service_is_told_in_its_own_shape(kind, url, address, part):
    to, document = message(kind, url, "mediasync needs you", WRONG)

    assert to == address
    assert document.items() >= part.items()
    assert "The disk is full." in json.dumps(document)


@pytest.mark.parametrize(
    ("kind", "url"),
    [
        ("ntfy", "https://ntfy.sh/"),
        ("gotify", "https://g.example/message"),
        ("webhook", "ftp://x/"),
        ("webhook", "http://["),
        ("webhook", ""),
    ],
)
def test_an_address_that_cannot_be_one_is_refused(kind, url):
    with pytest.raises(NoAddress):
        message(kind, url, "", WRONG)


def test_a_long_story_fits():
    _url, document = message("discord", "https://d.example/x", "t", [Line("error", "x" * 9_000)])

    assert len(document["content"]) < 2_000


def test_a_notifier_is_added_and_tried_on_its_page(visit, stub):
    wrong = visit.post("/settings/notices/", {"name": "a", "kind": "ntfy", "url": stub.url, "least": "error"})
    visit.post("/settings/notices/", {"name": "a", "kind": "webhook", "url": f"{stub.url}/s3cret", "least": "error"})

    page = visit.get("/settings/notices/").content.decode()
    assert wrong.status_code == 422
    assert len(stub.arrivals) == 1
    assert "The last notice arrived." in page
    assert "s3cret" not in page


def test_an_address_in_the_house_that_nobody_allowed_is_not_told(visit, stub, settings):
    settings.OUTBOUND_ALLOW_HOSTS = []

    answer = visit.post(
        "/settings/notices/", {"name": "a", "kind": "webhook", "url": stub.url, "least": "error"}, follow=True
    )

    assert "could not be told" in answer.content.decode()
    assert stub.arrivals == []


@pytest.mark.parametrize(("verb", "left", "on"), [("remove", 0, []), ("switch", 1, [False])])
def test_a_notifier_is_switched_off_and_removed(visit, stub, verb, left, on):
    made = make_notifier(stub)

    visit.post(f"/settings/notices/{made.pk}/{verb}/")

    assert Notifier.objects.count() == left
    assert list(Notifier.objects.values_list("enabled", flat=True)) == on


def test_a_notice_speaks_the_language_of_whoever_added_it(stub):
    with override("de"):
        notifier = make_notifier(stub)
    turn("error", text="The pool “Artwork” rests (paused by ben): its work waits.")

    sending.send(notifier)

    document = told(stub)[-1]
    text = "Der Pool „Bilder“ ruht (pausiert von ben): Seine Arbeit wartet."
    assert (document["title"], document["items"][0]["text"]) == ("mediasync braucht dich", text)


def test_trying_a_notice_teaches_it_the_language(stub):
    notifier = make_notifier(stub)
    with override("de"):
        assert sending.try_out(notifier) == ""
    turn("error")
    notifier.refresh_from_db()

    sending.send(notifier)

    assert told(stub)[-1]["title"] == "mediasync braucht dich"


def test_a_notice_is_asked_about_before_it_is_removed(visit, stub):
    notifier = make_notifier(stub)
    address = f"/settings/notices/{notifier.pk}/remove/"

    assert f'href="{address}"' in visit.get("/settings/notices/").content.decode()
    assert "Remove phone?" in visit.get(address).content.decode()
    assert Notifier.objects.exists()
    visit.post(address)
    assert not Notifier.objects.exists()
