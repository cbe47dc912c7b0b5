"""Troubles of the remote services, and their cures."""

from __future__ import annotations

import dataclasses
import datetime as dt
from contextlib import ExitStack
from email.utils import format_datetime

from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone
from zeal import zeal_ignore

from mediasync.health import acts
from mediasync.health.finding import Level
from mediasync.notify import sending
from mediasync.notify.models import Notifier
from outbound import services, skew, sources
from outbound.models import Source
from outbound.sources import SourceSpec, allowed_with_base
from scanner.providers import tmdb
from scanner.services import household
from tests.fakes import stub as stubs
from tests.jobs_in_tests import run_job

NEVER_SLOW = ((1_000, 1.0),)


def _source(name="tmdb", **fields):
    return Source.objects.update_or_create(name=name, defaults={"rules": [[35, 10]], **fields})[0]


def _soon(**span):
    return timezone.now() + dt.timedelta(**(span or {"hours": 1}))


def a_service_that_failed(world):
    _source(circuit="open", open_until=_soon(), failures=5, last_error="api.example answered 503.")
    yield Level.WARNING
    call_command("sources", "reset", "tmdb")


def a_service_that_asked_us_to_wait(world):
    now = timezone.now()
    _source(paused_at=now, paused_until=_soon(), paused_as="RateLimited", paused_reason="we are asked to slow down.")
    yield Level.WARNING
    world.patch.setattr(timezone, "now", lambda: now + dt.timedelta(hours=2))  # it is tried again by itself


def a_service_that_is_tested_on_the_page(world):
    """A real answer of a real server, over HTTP, closes the circuit."""
    with ExitStack() as left, zeal_ignore():
        stub = left.enter_context(stubs.serving())
        known = dict(sources.specs)
        left.callback(sources.specs.update, known)
        left.callback(sources.specs.clear)
        sources.register(SourceSpec("films", stub.url, rules=NEVER_SLOW, allow_hosts=allowed_with_base(stub.url)))
        stub.on("/", stubs.data({}))
        _source("films", circuit="open", open_until=_soon(), failures=5, last_error="x", rules=[[1000, 1]])
        yield Level.WARNING
        acts.do("test", "films", actor="anna")
        run_job("health.source", "source:films")
        assert stub.paths() == ["/"]


def a_service_that_turns_us_away(world):
    now = timezone.now()
    _source(paused_at=now, paused_until=_soon(), paused_as="Blocked", paused_reason="x refuses us (403 Forbidden).")
    yield Level.ERROR
    acts.do("reset", "tmdb", actor="anna")


def a_refused_key(world):
    world.settings.TMDB = dataclasses.replace(world.settings.TMDB, api_key="w" * 32)
    tmdb.register_sources()
    spec = sources.spec_of("tmdb")
    _source(settings_key=spec.settings_key(), paused_reason="api.example answered 401.", paused_as="NotConfigured")
    yield Level.ERROR
    world.restart(TMDB_API_KEY="r" * 32)  # the right one, in .env
    tmdb.register_sources()
    with zeal_ignore():
        sources.declare_all()  # as each start does


def a_budget_that_lets_nothing_through(world):
    _source(rules=[[0, 10]])
    yield Level.WARNING
    world.anna.post(reverse("settings-source", args=["tmdb"]), {"rules": "35/10"})


def a_service_without_a_budget(world):
    _source(rules=[])
    yield Level.WARNING
    world.anna.post(reverse("settings-source", args=["tmdb"]), {"rules": "35/10"})


def no_key(world):
    world.settings.TMDB = dataclasses.replace(world.settings.TMDB, api_key="")
    yield Level.NOTICE
    household.choose_key("k" * 32, actor="anna")  # what Settings does once the key was tried


def a_notice_that_does_not_arrive(world):
    with ExitStack() as left, zeal_ignore():
        stub = left.enter_context(stubs.serving())
        known = dict(sources.specs)
        left.callback(sources.specs.update, known)
        left.callback(sources.specs.clear)
        world.settings.OUTBOUND_ALLOW_HOSTS, world.settings.MAX_RETRIES_PER_ITEM = ["127.0.0.1"], 0
        stub.on("*", stubs.status(404))
        notifier = Notifier(name="phone", kind="webhook", url=f"{stub.url}/wrong/s3cretpath")
        sending.add(notifier)
        assert sending.try_out(notifier)
        yield Level.WARNING
        stub.on("*", stubs.status(200))
        assert sending.try_out(notifier) == ""  # "try it out" in Settings


def _answer(stub, *, off: dt.timedelta):
    date = format_datetime(dt.datetime.now(dt.UTC) + off, usegmt=True).encode()
    head = b"HTTP/1.1 200 OK\r\nDate: " + date + b"\r\nContent-Length: 2\r\nContent-Type: application/json\r\n\r\n{}"
    stub.on("/", stubs.spoken(head))


def a_clock_that_is_wrong(world):
    """The server's own date tells, in an answer that came anyway."""
    with ExitStack() as left, zeal_ignore():
        stub = left.enter_context(stubs.serving())
        known = dict(sources.specs)
        left.callback(sources.specs.update, known)
        left.callback(sources.specs.clear)
        left.callback(skew._ahead.clear)
        sources.register(SourceSpec("films", stub.url, rules=NEVER_SLOW, allow_hosts=allowed_with_base(stub.url)))
        _answer(stub, off=dt.timedelta(hours=-1))
        skew.forget("films")
        assert services.test("films")[0]
        yield Level.WARNING
        _answer(stub, off=dt.timedelta())  # timedatectl set-ntp true
        acts.do("test", "films", actor="anna")
        run_job("health.source", "source:films")


CASES = [
    ("source", a_service_that_failed),
    ("source", a_service_that_asked_us_to_wait),
    ("source", a_service_that_is_tested_on_the_page),
    ("source-blocked", a_service_that_turns_us_away),
    ("source-key", a_refused_key),
    ("source-budget", a_budget_that_lets_nothing_through),
    ("source-budget", a_service_without_a_budget),
    ("metadata-key", no_key),
    ("notices", a_notice_that_does_not_arrive),
    ("clock", a_clock_that_is_wrong),
]
