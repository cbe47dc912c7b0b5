"""Counters per source and hour."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from django.db import DatabaseError
from django.utils import timezone

from jobs.errors import Interrupted
from outbound import services, statistics
from outbound.errors import Forbidden, NotFound, Transient
from outbound.models import Source, SourceHour
from outbound.statistics import Meter, tally
from tests.fakes import stub as stubs


def test_attempts_failures_retries_and_bytes_are_counted(client, stub, settings, naps):
    settings.MAX_RETRIES_PER_ITEM = 1
    stub.on("/movie/1", stubs.status(500), stubs.raw(b'{"a": 1}', Content_Type="application/json"))
    stub.on("/movie/2", stubs.status(404))

    client.get_json("/movie/1")
    with pytest.raises(NotFound):
        client.get_json("/movie/2")

    hour = SourceHour.objects.get()
    assert (hour.attempts, hour.successes, hour.retries) == (3, 1, 1)
    assert hour.failures == {"Transient": 1, "NotFound": 1}
    assert hour.bytes >= 8
    assert hour.seconds > 0


def test_a_burst_is_written_once_by_its_last_request(source, client, stub, django_assert_num_queries):
    stub.on("*", stubs.data({}))
    client.get_json("/movie/1")
    before = SourceHour.objects.get().attempts

    with Meter("films", waited=0.0, is_retry=False):
        with django_assert_num_queries(0), Meter("films", waited=0.0, is_retry=False):
            pass
        assert SourceHour.objects.get().attempts == before

    assert SourceHour.objects.first().attempts == before + 2


def test_what_cannot_be_written_now_is_written_later(client, stub, monkeypatch):
    stub.on("*", stubs.data({}))
    write = statistics._add

    def refuse(*_):
        raise DatabaseError("database is locked")

    monkeypatch.setattr(statistics, "_add", refuse)
    client.get_json("/movie/1")
    monkeypatch.setattr(statistics, "_add", write)
    tally.flush()

    assert SourceHour.objects.get().attempts == 1


@pytest.mark.parametrize(("flies", "attempts"), [(Interrupted, 1), (Forbidden, 0)])
def test_a_stop_is_no_failure_and_what_was_not_sent_no_attempt(source, client, stub, flies, attempts):
    stub.on("*", stubs.data({}))
    client.get_json("/movie/1")
    sent = statistics.sent_by_this_process()

    with pytest.raises(flies), Meter("films", waited=0.0, is_retry=False):
        raise flies("no")

    hour = SourceHour.objects.first()
    assert (hour.attempts - 1, hour.failures) == (attempts, {})
    assert statistics.sent_by_this_process() - sent == attempts


def test_what_is_older_than_an_hour_is_counted_by_hours(client, stub):
    stub.on("*", stubs.data({}))
    client.get_json("/movie/1")

    assert statistics.requests_sent(timezone.now() - timedelta(hours=5)) == 1


def test_the_facts_of_a_source_can_be_printed(client, stub):
    stub.on("*", stubs.status(500))
    with pytest.raises(Transient):
        client.get_json("/movie/1")

    facts = services.facts(Source.objects.fresh("films"))

    assert json.dumps(facts, default=str)
    assert facts["rules"] == [{"requests": 1000, "seconds": 1.0}]
    assert facts["budget_free"] == 999
    assert facts["last_24h"]["failures"] == {"Transient": 1}
    assert "answered 500" in facts["last_error"]
