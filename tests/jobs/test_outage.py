"""A database that is away is told in a line, not in a traceback a second."""

from __future__ import annotations

import logging
from datetime import UTC, datetime, timedelta

from django.db import OperationalError

from jobs import drain, outage
from jobs.models import Drain
from jobs.outage import Outage
from mediasync.repeats import OnceAMinute
from mediasync.supervisor.main import Heartbeats


def test_an_outage_is_told_once_and_when_it_is_over(caplog, monkeypatch):
    seen, moments = Outage(), iter([0.0, 1.0, 2.0, 61.0, 65.0])
    monkeypatch.setattr(outage.time, "monotonic", lambda: next(moments))

    for _ in range(4):
        seen.tell(OperationalError("disk is\n full"))
    seen.over()
    seen.over()

    assert [record.getMessage() for record in caplog.records] == [
        "The queue cannot be reached: disk is full. It is tried again every second.",
        "The queue cannot be reached: disk is full. It is tried again every second.",
        "The queue can be reached again, after 65 s.",
    ]
    assert not any(record.exc_info for record in caplog.records)


def test_a_drain_outlives_a_database_that_is_away(db, caplog, monkeypatch):
    working = drain.Drain()

    def away(_which):
        raise OperationalError("database or disk is full")

    monkeypatch.setattr(drain, "DATABASE_PAUSE_S", 0)
    monkeypatch.setattr(drain, "close_old_connections", lambda: None)
    with monkeypatch.context() as full:
        full.setattr(drain.look, "look", away)
        for _ in range(3):
            working.turn()
    working.turn()

    said = [record for record in caplog.records if record.name == "jobs.outage"]
    assert [record.levelname for record in said] == ["ERROR", "WARNING"]
    working.leave()


def test_what_is_repeated_is_logged_once_a_minute():
    once = OnceAMinute()

    def line(text, level=logging.ERROR):
        return logging.LogRecord("django-q", level, "f", 1, text, None, None)

    assert [once.filter(line(text)) for text in ("away", "away", "other", "away")] == [True, False, True, False]
    assert once.filter(line("away", logging.DEBUG))


def test_a_clock_that_is_set_makes_no_worker_silent():
    heartbeats, beat = Heartbeats(), datetime(2026, 1, 1, tzinfo=UTC)
    worker = Drain(name="worker", pid=1, beat_at=beat)

    assert heartbeats.silent([worker], 0) == []
    worker.beat_at = beat + timedelta(hours=1)
    assert heartbeats.silent([worker], 10) == []
    assert heartbeats.silent([worker], 69) == []
    assert heartbeats.silent([worker], 71) == [worker]
