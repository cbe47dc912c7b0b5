"""The Logs page: for staff, from the end, escaped, followed only where somebody wants that."""

from __future__ import annotations

import html
import logging
import re

import pytest
from django.test import Client
from django.urls import reverse

from mediasync import middleware
from mediasync.logs.file import SharedFile
from mediasync.views import frame

PARTIAL = {"HX-Request": "true", "HX-Request-Type": "partial"}


@pytest.fixture
def log(settings, tmp_path):
    """A logger that writes where the page reads."""
    settings.DATA_DIR = tmp_path
    made = logging.Logger("scanner.walk")
    made.addHandler(SharedFile(tmp_path / "logs"))
    yield made
    made.handlers[0].close()


def test_only_staff_read_the_log(visit_as_guest, log):
    log.warning("of the house")

    for address in (reverse("logs"), reverse("logs-download"), reverse("log-line", args=["1-0"])):
        assert visit_as_guest.get(address).status_code == 403


@pytest.mark.parametrize("rows", [20, 400])
def test_the_database_is_asked_nothing_beyond_the_frame(visit, log, django_assert_max_num_queries, rows):
    for number in range(rows):
        log.warning("line %d", number)
    visit.get(reverse("logs"))

    with django_assert_max_num_queries(3):
        answer = visit.get(reverse("logs"), headers=PARTIAL)

    assert f"line {rows - 1}" in answer.content.decode()


def test_what_is_hostile_is_shown_and_does_nothing(visit, log):
    log.warning("<script>alert(1)</script> \x1b[2J \u202e \u2066 \0 \ud800")
    log.warning("x" * 1_000_000)

    page = visit.get(reverse("logs")).content.decode()

    assert "<script>alert" not in page
    assert "\\x1b[2J \\u202e \\u2066 \\x00 \\ud800" in html.unescape(page)
    assert "\u202e" not in page
    assert len(page) < 20_000


def test_tracebacks_are_folded_but_not_where_the_region_is_polled(visit, log):
    try:
        raise KeyError("poster")
    except KeyError:
        log.exception("a bug")

    still = visit.get(reverse("logs")).content.decode()
    followed = visit.get(reverse("logs"), {"follow": "1"}).content.decode()

    assert "<details><summary>KeyError: &#x27;poster&#x27;</summary>" in still
    assert "<details" not in followed
    line = visit.get(re.search(r'href="(/system/logs/\d+-\d+/)"', followed)[1]).content.decode()
    assert "Traceback (most recent call last)" in line


def test_it_polls_only_when_somebody_follows_and_an_idle_log_is_answered_304(visit, log):
    log.warning("one")

    assert "hx-trigger" not in visit.get(reverse("logs")).content.decode().split('id="live"')[1]
    page = visit.get(reverse("logs"), {"follow": "1"}).content.decode()
    assert 'hx-trigger="every 3s"' in page
    held = {**PARTIAL, "If-None-Match": re.search(r'id="live" data-live="(\w+)"', page)[1]}
    assert visit.get(reverse("logs"), {"follow": "1"}, headers=held).status_code == 304

    log.warning("two")
    answer = visit.get(reverse("logs"), {"follow": "1"}, headers=held)
    assert answer.status_code == 200
    assert "two" in answer.content.decode()


def test_the_part_that_is_polled_stays_small(visit, log):
    for _ in range(100):
        log.error("a line of ordinary length, such as a worker writes about a title it described")

    assert len(visit.get(reverse("logs"), {"follow": "1"}, headers=PARTIAL).content) < 12_000


def test_filters_narrow_and_older_lines_are_a_link_away(visit, log):
    for number in range(120):
        log.info("note %d", number)
    log.error('trouble with "quotes" & more')

    page = visit.get(reverse("logs")).content.decode()
    older = visit.get(reverse("logs") + html.unescape(re.search(r'href="(\?before=[^"]+)"', page)[1])).content.decode()
    errors = visit.get(reverse("logs"), {"level": "error", "q": '"QUOTES" &'}).content.decode()

    assert "note 119" in page
    assert "note 25" in page
    assert "note 24" in older
    assert "Newest" in older
    assert "trouble" in errors
    assert "note" not in errors.split("<tbody>")[1].replace("notes", "")


@pytest.mark.parametrize(
    "query", ["?before=x&level=nope&process=nope&follow=9&per=7&page=-1", "?before=99-99&q=%00", "?q=" + "x" * 5_000]
)
def test_an_address_that_is_wrong_shows_the_log(visit, log, query):
    log.warning("one")

    assert visit.get(reverse("logs") + query).status_code == 200


def test_an_empty_log_says_so(visit, log):
    assert "Nothing was logged yet" in visit.get(reverse("logs")).content.decode()
    log.warning("x")
    assert "No line matches" in visit.get(reverse("logs"), {"q": "zzz"}).content.decode()


def test_the_download_streams_what_the_filters_let_through(visit, log):
    log.info("a note")
    log.error("trouble?api_key=0123456789abcdef")

    answer = visit.get(reverse("logs-download"), {"level": "error"})
    text = b"".join(answer.streaming_content).decode()

    assert answer.streaming
    assert "attachment; filename=" in answer["Content-Disposition"]
    assert "trouble?api_key=***" in text
    assert "a note" not in text


def test_a_line_that_is_gone_is_a_404(visit, log):
    assert visit.get(reverse("log-line", args=["1-0"])).status_code == 404


@pytest.mark.parametrize(
    ("given", "kept"),
    [("9f8e7d6c5b4a", True), ("a.b-c_d-1", True), ("short", False), ("x" * 65, False), ("a b c d e f", False),
     ("<script>alert(1)", False), ("evil\u202e12345678", False)],
)  # fmt: skip
def test_a_request_has_an_id_its_proxys_where_that_is_sane(client, db, given, kept):
    answer = client.get("/healthz", headers={"X-Request-ID": given})

    assert (answer["X-Request-ID"] == given) is kept
    assert middleware.SANE_ID.fullmatch(answer["X-Request-ID"])


def test_an_error_shows_the_id_under_which_the_log_tells_of_it(visit, log, monkeypatch, caplog):
    visit.raise_request_exception = False
    monkeypatch.setattr(frame, "Wire", None, raising=False)
    missing = visit.get("/nowhere/")
    assert f"/system/logs/?q={missing['X-Request-ID']}" in missing.content.decode()

    monkeypatch.setattr("mediasync.views.health.Drain", None)
    broken = Client(raise_request_exception=False).get("/readyz")

    assert broken.status_code == 500
    assert broken["X-Request-ID"] in broken.content.decode()
    assert "Traceback" not in broken.content.decode()


def test_an_error_is_told_even_where_its_own_page_breaks(db, monkeypatch):
    monkeypatch.setattr("mediasync.views.health.Drain", None)
    monkeypatch.setattr("django.contrib.staticfiles.storage.staticfiles_storage.url", None)

    broken = Client(raise_request_exception=False).get("/readyz")

    assert broken.status_code == 500
    assert "Something broke on our side" in broken.content.decode()
    assert broken["X-Request-ID"] in broken.content.decode()


def test_a_strange_host_is_refused_in_one_line(client, db, settings):
    record = logging.LogRecord("django.security.DisallowedHost", 40, "x", 1, "Invalid", (), (ValueError, None, None))
    record.status_code = 400

    for handler in settings.LOGGING["handlers"].values():
        assert "refusals" in handler["filters"]
    assert client.get("/login/", headers={"Host": "evil.example"}).status_code == 400
