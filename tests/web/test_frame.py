"""The frame: who gets in, the headers, the strip on top, health, errors, the theme, artwork."""

from __future__ import annotations

import datetime
import logging
import re

import pytest
import zeal
from django.conf import settings
from django.db import InterfaceError, OperationalError, connection
from django.test import Client
from django.urls import get_resolver
from django.utils import timezone

from jobs.models import Drain
from mediasync.context import Wire
from mediasync.middleware import POLICY
from mediasync.refusals import OneLine
from outbound import budget
from outbound.models import Grant, Source
from tests.web.rows import make_job, make_scan, make_worker

PUBLIC = {"login", "setup", "healthz", "readyz"}
SHA = "ab" * 32


@pytest.mark.parametrize(
    "path", ["/", "/library/", "/library/1-x/", "/scans/", "/scans/1/", "/queue/", "/wire/", f"/artwork/{SHA}-342.webp"]
)
def test_pages_ask_strangers_to_sign_in(client, db, path):
    answer = client.get(path)

    assert answer.status_code == 302
    assert answer.headers["Location"].startswith("/login/?next=")


def test_no_named_page_is_public_by_accident(client, db):
    names = {p.name: p.pattern for p in get_resolver().url_patterns if getattr(p, "name", None)}
    for name, pattern in names.items():
        path = "/" + str(pattern)
        if "<" in path or name in PUBLIC:
            continue
        assert client.get(path).status_code in (302, 405), name


@pytest.mark.parametrize("path", ["/login/", "/healthz", "/library/", "/nowhere/", "/setup/", "/static/nothing.css"])
def test_every_answer_carries_the_one_policy(client, db, path):
    assert client.get(path).headers["Content-Security-Policy"] == POLICY


def test_no_page_breaks_the_policy_with_inline_code(visit):
    for path in ("/library/", "/scans/", "/queue/", "/system/", "/scans/full/"):
        html = visit.get(path).content.decode()
        assert " style=" not in html
        assert " onclick" not in html
        assert "<script>" not in html
        assert 'src="http' not in html


def test_healthz_asks_the_database_nothing(client):
    answer = client.get("/healthz")  # without the db fixture a query would be an error

    assert answer.content == b"ok\n"


def test_readyz_wants_a_worker_that_lives(client, db, django_assert_max_num_queries):
    without = client.get("/readyz")
    make_worker()
    with django_assert_max_num_queries(3):
        living = client.get("/readyz")
    Drain.objects.update(beat_at=timezone.now() - datetime.timedelta(seconds=90))

    assert (without.status_code, without.json()["checks"]["worker"]) == (503, False)
    assert (living.status_code, living.json()["ready"]) == (200, True)
    assert client.get("/readyz").status_code == 503


def test_the_strip_reads_only_the_requests_its_rules_still_count(visit):
    source = Source.objects.create(name="mirror-c", rules=[[35, 10.0], [40, 60.0]])
    now = budget.now()
    Grant.objects.bulk_create(
        Grant(source=source, arrived_by=now.budget - age, taken_at=now.budget - age, clock=now.clock)
        for age in (1, 2, 30, *range(100, 3_500))
    )

    strip = Wire()

    assert strip.sources[0].free == (33, 35)
    assert len(strip._signs[1]["mirror-c"]) == 3


def test_the_strip_shows_sources_scans_and_whether_work_has_stopped(visit):
    Source.objects.create(name="mirror-c", circuit="open", open_until=timezone.now() + datetime.timedelta(seconds=42))
    scan = make_scan(state="open", expected_files=1180)
    make_job(f"scan:{scan.pk}", kind="scanner.walk", pool="scan", state="leased", done_units=412)

    html = visit.get("/wire/").content.decode()

    assert "mirror-c" in html
    assert "#s-cross" in html
    assert "412/1\u202f180" in html
    assert "Background work has stopped" in html


@pytest.mark.parametrize(
    ("fields", "words", "term"),
    [
        ({"rules": [[35, 10.0]]}, ["answers", '35 of 35<span class="sr"> requests</span> left'], "circuit closed"),
        ({"circuit": "open", "open_until": "soon"}, ["resting", "next try", "in 25 min"], "circuit open"),
        ({"circuit": "open", "open_until": None}, ["about to try again"], "circuit open"),
        ({"circuit": "half_open"}, ["trying again"], "circuit half-open"),
        ({"paused_until": "soon", "paused_as": "RateLimited"}, ["resting", "next try", "in 25 min"], "paused"),
        ({"paused_until": "soon", "paused_as": "NotConfigured"}, ["key refused"], "credentials"),
        ({"settings_key": "refused"}, ["key refused"], "credentials"),  # the day of its pause is over
    ],
)
def test_the_strip_says_in_plain_words_how_a_source_is(visit, fields, words, term):
    soon = timezone.now() + datetime.timedelta(minutes=25, seconds=50)
    Source.objects.create(name="mirror-c", **{k: soon if v == "soon" else v for k, v in fields.items()})

    html = visit.get("/wire/").content.decode().partition('class="source')[2].partition('class="now"')[0]

    for word in words:
        assert word in html
    assert f'title="{term}' in html
    assert ("next try" in html) == ("next try" in words)


def test_what_is_refused_is_logged_in_one_line():
    refused = logging.LogRecord("django.request", logging.WARNING, "x", 1, "Forbidden", (), (ValueError, None, None))
    broken = logging.LogRecord("django.request", logging.ERROR, "x", 1, "Broken", (), (ValueError, None, None))
    refused.status_code, broken.status_code = 403, 500

    assert [OneLine().filter(record) for record in (refused, broken)] == [True, True]
    assert (refused.exc_info, broken.exc_info is None) == (None, False)


def test_a_form_that_came_back_with_a_remark_is_not_logged():
    refused = logging.LogRecord("django.request", logging.WARNING, "x", 1, "Unprocessable Entity", (), None)
    refused.status_code = 422

    assert not OneLine().filter(refused)


@pytest.mark.parametrize(("minutes", "alarmed"), [(0.5, False), (2, True)])
def test_workers_are_given_a_minute_to_start_beside_the_web(visit, monkeypatch, minutes, alarmed):
    began = timezone.now() - datetime.timedelta(minutes=minutes)
    monkeypatch.setattr("mediasync.context.web_began_at", began)

    assert (b"Background work has stopped" in visit.get("/wire/").content) == alarmed


def test_an_unchanged_strip_is_answered_304(visit, django_assert_max_num_queries):
    make_worker()
    Source.objects.create(name="tmdb")
    first = visit.get("/wire/")
    revision = first.content.decode().split('data-live="')[1].split('"')[0]

    with django_assert_max_num_queries(
        6 if connection.vendor == "postgresql" else 5
    ):  # there the database has the clock
        same = visit.get("/wire/", headers={"If-None-Match": revision})
    Source.objects.update(circuit="half_open")

    assert same.status_code == 304
    assert visit.get("/wire/", headers={"If-None-Match": revision}).status_code == 200


def test_a_missing_page_is_styled_and_a_fragment_where_htmx_asks(visit):
    page, fragment = visit.get("/nowhere/"), visit.get("/nowhere/", headers={"HX-Request": "true"})

    assert page.status_code == fragment.status_code == 404
    assert b"Go to the library" in page.content
    assert b'role="alert"' in fragment.content
    assert b"<html" not in fragment.content


def test_what_broke_shows_no_traceback(visit, monkeypatch):
    def broken(*_args):
        raise RuntimeError("the secret of the house")

    monkeypatch.setattr("scanner.listing.page_of", broken)
    visit.raise_request_exception = False

    answer = visit.get("/library/")

    assert answer.status_code == 500
    assert b"Something broke" in answer.content
    assert b"secret" not in answer.content


@pytest.mark.parametrize(
    ("error", "sentence"),
    [
        (OperationalError("database or disk is full"), "is full"),
        (OperationalError("attempt to write a readonly database"), "cannot be written"),
        (OperationalError("disk I/O error"), "cannot be written"),
        (InterfaceError("connection already closed"), "does not answer just now"),
    ],
)
def test_a_database_that_cannot_be_used_is_told_with_what_would_help(visit, monkeypatch, error, sentence):
    def broken(*_args, **_options):
        raise error

    monkeypatch.setattr("scanner.services.scans.start", broken)
    visit.raise_request_exception = False

    page, part = visit.post("/scans/start/"), visit.post("/scans/start/", headers={"HX-Request": "true"})

    assert [page.status_code, part.status_code] == [503, 503]
    assert "Retry-After" in page.headers
    assert sentence in page.content.decode()
    assert sentence in part.content.decode()
    assert "on our side" not in page.content.decode()


@pytest.mark.parametrize("back", ["<b>x", "-1", "\udcff", "home", "9" * 30])
def test_after_the_theme_a_page_that_is_none_leads_home(visit, back):
    sent = back.encode("utf-8", "surrogatepass").decode("latin-1")

    assert visit.post("/theme/", {"theme": "dark", "next": sent}).headers["Location"] == "/"


@pytest.mark.parametrize(("wanted", "kept"), [("dark", 'data-theme="dark"'), ("", "<html lang"), ("x", "<html lang")])
def test_the_theme_is_kept_and_rendered_by_the_server(visit, wanted, kept):
    answer = visit.post("/theme/", {"theme": wanted, "next": "//elsewhere.example/"})

    assert answer.headers["Location"] == "/"
    assert kept in visit.get("/library/").content.decode()


def test_artwork_is_sent_with_its_type_and_kept_for_ever(visit, artwork_dir):
    (artwork_dir / "ab").mkdir()
    (artwork_dir / "ab" / f"{SHA}-342.webp").write_bytes(b"RIFF")

    answer = visit.get(f"/artwork/{SHA}-342.webp")

    assert b"".join(answer.streaming_content) == b"RIFF"
    assert answer.headers["Content-Type"] == "image/webp"
    assert "immutable" in answer.headers["Cache-Control"]


@pytest.mark.parametrize(
    "path",
    [f"{SHA}-343.webp", f"{SHA}-185.webp", "..%2f..%2fdb.sqlite3", f"../{SHA}-342.webp", f"{SHA.upper()}-342.webp"],
)
def test_artwork_gives_nothing_else_away(visit, artwork_dir, path):
    assert visit.get(f"/artwork/{path}").status_code == 404


def test_forms_from_elsewhere_are_refused_with_words(anna):
    client = Client(enforce_csrf_checks=True)
    with zeal.zeal_ignore():  # signing in reads the session more than once
        client.force_login(anna)

    answer = client.post("/theme/", {"theme": "dark"})

    assert answer.status_code == 403
    assert b"reload the page" in answer.content


def test_a_form_that_is_too_old_is_told_in_its_region_or_on_a_page(anna):
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(anna)

    region = browser.post("/queue/act/", {"do": "retry"}, headers={"HX-Request": "true"})
    page = browser.post("/queue/act/", {"do": "retry"})

    assert region.status_code == page.status_code == 403
    assert region.content.decode().startswith('<div class="note bad" role="alert">')
    assert "<html" in page.content.decode()


@pytest.mark.parametrize(("name", "most"), [("app.css", 24 * 1024), ("app.js", 6 * 1024)])
def test_what_every_page_loads_stays_small(name, most):
    assert (settings.BASE_DIR / "static" / name).stat().st_size <= most


def test_the_admin_wears_the_colours_of_the_pages():
    pages, admin = ((settings.BASE_DIR / "static" / name).read_text() for name in ("app.css", "admin.css"))
    names = "bg|surface|raise|line|edge|text|muted|accent|on-accent|fail"
    tokens = re.findall(rf"--(?:{names}):(light-dark\([^)]*\))", pages)

    assert len(tokens) == 10
    for colour in tokens:
        assert colour.replace(",", ", ") in admin


@pytest.mark.parametrize(("wanted", "worn"), [("dark", "theme-dark"), ("", "dashboard")])
def test_the_admin_follows_the_theme_that_was_chosen(visit, wanted, worn):
    visit.post("/theme/", {"theme": wanted})

    html = visit.get("/admin/").content.decode()

    assert f'<body class="{worn}' in html.replace('class=" ', 'class="')
    assert "admin.css" in html
    assert "theme.js" not in html  # Django's own switch would contradict ours
