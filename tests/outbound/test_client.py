"""What a caller gets for what a source answers."""

from __future__ import annotations

import gc
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
import time_machine
from django.utils import timezone

from jobs import running
from jobs.models import Hold
from outbound.client import Client
from outbound.errors import (
    BadContent,
    Blocked,
    CircuitOpen,
    Forbidden,
    NotConfigured,
    NotFound,
    RateLimited,
    Rejected,
    Stalled,
    Transient,
)
from outbound.models import Grant, Source
from outbound.sources import register
from tests.fakes import stub as stubs
from tests.outbound.conftest import make_spec

TIDE = stubs.data({"title": "Tide"})


def row() -> Source:
    return Source.objects.fresh("films")


def test_json_comes_back_decoded_with_its_etag(client, stub):
    stub.on("/movie/1", stubs.data({"title": "Tide"}, ETag='W/"abc"'))

    answer = client.get_json("/movie/1", params={"language": "de"})

    assert (answer.data, answer.etag, answer.not_modified) == ({"title": "Tide"}, 'W/"abc"', False)
    assert stub.paths() == ["/movie/1?language=de"]


def test_an_etag_is_sent_and_not_modified_is_told(client, stub):
    stub.on("/movie/1", stubs.status(304))

    answer = client.get_json("/movie/1", etag='W/"abc"')

    assert (answer.data, answer.etag, answer.not_modified) == (None, 'W/"abc"', True)
    assert stub.arrivals[0].headers["if-none-match"] == 'W/"abc"'


def test_we_say_who_we_are_and_take_gzip(client, stub):
    stub.on("/movie/1", TIDE)

    client.get_json("/movie/1")

    headers = stub.arrivals[0].headers
    assert headers["user-agent"].startswith("mediasync/")
    assert headers["accept-encoding"] == "gzip"
    assert headers["authorization"] == "Bearer very-secret-token"


def test_pictures_come_as_bytes(client, stub):
    stub.on("/p.jpg", stubs.raw(b"\xff\xd8picture", Content_Type="image/jpeg"))

    assert client.get_bytes("/p.jpg") == b"\xff\xd8picture"


def test_every_request_takes_a_grant_that_is_settled_at_the_headers(client, stub):
    stub.on("/movie/1", stubs.redirect("/movie/2"))
    stub.on("/movie/2", stubs.status(404))

    with pytest.raises(NotFound):
        client.get_json("/movie/1")

    grants = Grant.objects.all()
    assert len(grants) == len(stub.arrivals) == 2
    assert all(grant.arrived_by - grant.taken_at < 1 for grant in grants)


@pytest.mark.parametrize(
    ("behaviour", "failure", "says"),
    [
        (stubs.status(400), Rejected, "answered 400 Bad Request"),
        (stubs.status(404), NotFound, "answered 404 Not Found"),
        (stubs.status(410), NotFound, "answered 410 Gone"),
        (stubs.status(500), Transient, "answered 500 Internal Server Error"),
        (stubs.page("Bad gateway", 502), Transient, "answered 502 Bad Gateway"),
        (stubs.raw(b'{"cut": [1, 2', Content_Type="application/json"), Transient, "JSON that is cut"),
        (stubs.raw(b"", Content_Type="application/json"), Transient, "an empty answer"),
        (stubs.raw(b"\xff\xfe\xfa", Content_Type="application/json"), Transient, "JSON that is cut"),
        (stubs.raw(b"[" * 100_000, Content_Type="application/json"), BadContent, "nested too deeply"),
        (stubs.cut_short(b'{"a": 1', announced=900, reset=True), Transient, "broke off in the middle"),
        (stubs.cut_short(b'{"a": 1}', announced=900, reset=False), Transient, "broke off in the middle"),
        (stubs.endless(), BadContent, "more than the 32 MB"),
        (stubs.gzip_bomb(), BadContent, "more than the 32 MB"),
        (
            stubs.raw(b"no gzip", Content_Type="application/json", Content_Encoding="gzip"),
            Transient,
            "cannot be unpacked",
        ),
        (stubs.page("Welcome to this hotel's network"), Blocked, "sent a web page where data was due"),
        (stubs.redirect("http://127.0.0.2/"), Forbidden, "private network"),
        (stubs.redirect("file:///etc/passwd"), Forbidden, "Only http and https"),
        (stubs.redirect("http://name:word@127.0.0.1/"), Forbidden, "carries a user name"),
        (stubs.redirect("http://[broken"), Forbidden, "no valid URL"),
        (stubs.redirect("/movie/1"), Rejected, "redirects in circles"),
        (stubs.redirect(f"http://{'a' * 70}.example/"), Forbidden, "is no name of a host"),
        (lambda request: request.cut(), Transient, "closed the connection before it answered"),
        (stubs.spoken(b"SSH-2.0-OpenSSH_9.2\r\n\r\n"), Transient, "closed the connection before it answered"),
        (stubs.spoken(b"HTTP/1.1 200 OK\r\n" + b"X: 1\r\n" * 200 + b"\r\n"), Transient, "before it answered"),
        (stubs.spoken(b"HTTP/1.1 200 OK\r\nContent-Length: 1, 2\r\n\r\n{}"), Transient, "broke off"),
        (stubs.spoken(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n"), Transient, "broke off"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_is_no_answer_becomes_a_failure_that_names_the_host(client, stub, behaviour, failure, says):
    stub.on("/movie/1", behaviour)

    with pytest.raises(failure) as caught:
        client.get_json("/movie/1")

    assert type(caught.value) is failure
    assert says in str(caught.value)
    assert "127.0.0." in str(caught.value) or failure is Forbidden
    assert "very-secret-token" not in str(caught.value)


@pytest.mark.parametrize(
    ("behaviour", "failure"),
    [
        (stubs.after(2, TIDE), Transient),
        (stubs.trickling_headers(0.05), Transient),
        (stubs.trickle(0.02), Stalled),
    ],
    ids=["slow headers", "trickling headers", "trickling body"],
)
def test_a_source_that_dawdles_is_given_up_however_it_trickles(client, stub, settings, behaviour, failure):
    settings.REQUEST_TIMEOUT = 0.1
    stub.on("/movie/1", behaviour)

    with pytest.raises(failure):
        client.get_json("/movie/1")


def test_after_a_timeout_the_request_may_still_be_on_its_way(client, stub, settings):
    settings.REQUEST_TIMEOUT = 0.1
    stub.on("/movie/1", stubs.after(1, TIDE))

    with pytest.raises(Transient):
        client.get_json("/movie/1")

    grant = Grant.objects.get()
    assert 2.09 <= grant.arrived_by - grant.taken_at < 2.5


def test_a_refused_address_gives_its_grant_back(stub, source):
    register(make_spec(stub, allow_hosts=()))

    with pytest.raises(Forbidden):
        Client("films").get_json("/movie/1")

    assert not Grant.objects.exists()
    assert not stub.arrivals


def test_a_server_error_is_tried_again_within_one_retry_budget(client, stub, settings, naps):
    settings.MAX_RETRIES_PER_ITEM = 2
    stub.on("/movie/1", stubs.status(503), stubs.status(500), TIDE)

    assert client.get_json("/movie/1").data == {"title": "Tide"}
    assert len(stub.arrivals) == Grant.objects.count() == 3
    assert len(naps) == 2


def test_retries_end(client, stub, settings, naps):
    settings.MAX_RETRIES_PER_ITEM = 2
    stub.on("/movie/1", stubs.status(500))

    with pytest.raises(Transient):
        client.get_json("/movie/1")

    assert len(stub.arrivals) == 3


def test_credentials_stay_behind_when_the_source_redirects_elsewhere(client, stub):
    with stubs.serving() as other:
        register(make_spec(stub, allow_hosts=("127.0.0.1",)))
        stub.on("/movie/1", stubs.redirect(f"{other.url}/movie/1"))
        other.on("/movie/1", TIDE)

        Client("films", headers={"Authorization": "Bearer very-secret-token"}).get_json("/movie/1")

        assert "authorization" in stub.arrivals[0].headers
        assert "authorization" not in other.arrivals[0].headers


def test_connections_are_kept(client, stub):
    stub.on("*", stubs.raw(b"{}", Content_Type="application/json"))

    for number in range(5):
        client.get_json(f"/movie/{number}")

    assert len({arrival.port for arrival in stub.arrivals}) == 1


@pytest.mark.parametrize("spoken", ["seconds", "date"])
def test_retry_after_stops_all_workers(client, stub, spoken):
    later = datetime.now(UTC) + timedelta(seconds=120)
    words = {"seconds": "120", "date": format_datetime(later, usegmt=True)}[spoken]
    stub.on("/movie/1", stubs.status(429, Retry_After=words))

    with pytest.raises(RateLimited) as caught:
        client.get_json("/movie/1")
    with pytest.raises(RateLimited):
        client.get_json("/movie/2")

    seconds = (caught.value.until - timezone.now()).total_seconds()
    assert 110 < seconds < 130
    assert stub.paths() == ["/movie/1"]
    assert abs((Hold.objects.get(source="films").until - caught.value.until).total_seconds()) < 5


def test_a_short_retry_after_is_waited_for_in_place(client, stub, settings, monkeypatch):
    settings.MAX_RETRIES_PER_ITEM = 2
    stub.on("/movie/1", stubs.status(429, Retry_After="7"), TIDE)

    with time_machine.travel("2026-03-01 12:00Z", tick=False) as clock:
        monkeypatch.setattr(running, "wait", clock.shift)
        answer = client.get_json("/movie/1")

        assert timezone.now().second == 7
    assert answer.data == {"title": "Tide"}
    assert len(stub.arrivals) == 2


def test_too_many_requests_without_a_time_pause_longer_each_time(client, stub):
    stub.on("/movie/1", stubs.status(429))
    pauses = []

    for _ in range(3):
        with pytest.raises(RateLimited):
            client.get_json("/movie/1")
        source = row()
        pauses.append(round((source.paused_until - source.paused_at).total_seconds()))
        shift = source.paused_until - timezone.now()
        source.paused_at -= shift
        source.paused_until -= shift
        source.save()

    assert pauses == [10, 20, 40]


def test_an_answer_with_senseless_headers_leaves_no_socket_open(client, stub):
    stub.on("/movie/1", stubs.spoken(b"HTTP/1.1 200 OK\r\nContent-Length: 1, 2\r\n\r\n{}"))

    with pytest.raises(Transient):
        client.get_json("/movie/1")

    gc.collect()  # an open socket warns, and warnings are errors


def test_an_endless_retry_after_is_cut_to_a_day(client, stub):
    stub.on("/movie/1", stubs.status(503, Retry_After="99999999"))

    with pytest.raises(Transient):
        client.get_json("/movie/1")

    source = row()
    assert source.paused_until - source.paused_at == timedelta(days=1)


def test_a_wall_stops_the_source_and_says_what_helps(client, stub):
    stub.on("/movie/1", stubs.page("Just a moment...", 403, cf_mitigated="challenge"))

    with pytest.raises(Blocked) as caught:
        client.get_json("/movie/1")
    with pytest.raises(Blocked):
        client.get_json("/movie/2")

    assert "Cloudflare" in str(caught.value)
    assert "open its site in a browser" in str(caught.value)
    assert len(stub.arrivals) == 1


def test_a_picture_that_is_a_page_fails_alone(client, stub):
    stub.on("/p.jpg", stubs.page("Not here"))
    stub.on("/q.jpg", stubs.raw(b"picture", Content_Type="image/png"))

    with pytest.raises(BadContent, match="text/html instead of image/"):
        client.get_bytes("/p.jpg")

    assert client.get_bytes("/q.jpg") == b"picture"


def test_refused_credentials_hold_the_source_until_they_change(stub, source):
    key = "wrong-key-1"
    register(make_spec(stub, credentials=lambda: key))
    stub.on("/movie/1", stubs.status(401), TIDE)
    client = Client("films")

    with pytest.raises(NotConfigured):
        client.get_json("/movie/1")
    with pytest.raises(NotConfigured) as caught:
        client.get_json("/movie/1")
    assert len(stub.arrivals) == 1
    assert caught.value.until > timezone.now() + timedelta(hours=23)
    assert Hold.objects.filter(source="films").exists()

    key = "right-key-2"
    register(make_spec(stub, credentials=lambda: key))
    assert Client("films").get_json("/movie/1").data == {"title": "Tide"}
    assert not Hold.objects.filter(source="films").exists()


def test_five_failures_open_the_circuit_and_nothing_more_is_sent(client, stub):
    stub.on("*", stubs.status(500))

    for number in range(5):
        with pytest.raises(Transient):
            client.get_json(f"/movie/{number}")
    with pytest.raises(CircuitOpen) as caught:
        client.get_json("/movie/6")

    assert len(stub.arrivals) == 5
    assert row().circuit == "open"
    assert 50 < (caught.value.until - timezone.now()).total_seconds() <= 60
    assert Hold.objects.get(source="films").until == row().open_until


def test_answers_below_500_are_no_failures(client, stub):
    stub.on("*", stubs.status(500), stubs.status(500), stubs.status(404), stubs.status(500), TIDE)

    for number in range(4):
        with pytest.raises((Transient, NotFound)):
            client.get_json(f"/movie/{number}")

    assert row().failures == 1
