"""Commands say what is the matter, what it means and what helps, in words that need no manual."""

from __future__ import annotations

import contextlib
import dataclasses
import json
from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from jobs import queue
from jobs.models import Drain, Job
from outbound import pauses, sources
from outbound.models import Source
from scanner.models import Library
from scanner.providers import tmdb
from terminal.output import cut
from tests.factories import make_file, make_library, make_match

pytestmark = pytest.mark.django_db
REFUSED = "api.themoviedb.org answered 401: it does not accept the credentials. Correct the key in the settings."


@pytest.fixture
def with_key(settings):
    """A household with a library of its own, and a key."""
    settings.TMDB = dataclasses.replace(settings.TMDB, api_key="k" * 32, demo=False)
    Library.objects.create(name="films", path="/media/films")
    Drain.objects.create(name="worker", node="here", pid=1, pid_started=0)
    return Source.objects.create(name="tmdb", rules=[[35, 10]])


@pytest.fixture
def refused(with_key):
    """The key is not accepted."""
    pauses.refuse_credentials("tmdb", "a hash", REFUSED)
    return with_key


def said(capsys, *command: str) -> str:
    with contextlib.suppress(SystemExit):
        call_command(*command)
    return capsys.readouterr().out


def make_job(**fields) -> Job:
    return Job.objects.create(
        **{"kind": "scanner.title", "key": "title:1", "pool": "metadata", "needs": "tmdb"} | fields
    )


# --- status ---


def test_a_refused_key_is_not_called_well(refused, settings, capsys):
    told = said(capsys, "status")

    assert "FAIL source-key tmdb: tmdb does not accept our key" in told
    assert f"{settings.DATA_DIR}/.env" in told
    assert "TMDB_API_KEY" in told
    assert "restart mediasync" in told


def test_a_source_that_rests_is_told_with_the_time_that_is_left(with_key, capsys):
    Source.objects.update(
        paused_at=timezone.now(), paused_until=timezone.now() + timedelta(hours=23), paused_reason="x"
    )

    told = said(capsys, "status")

    assert "tried again by itself, in 23 h 0 min; ./run sources reset tmdb tries at once" in told
    assert "metadata-key" not in told


# --- sources ---


def test_sources_say_what_is_left_and_when_it_goes_on(with_key, capsys):
    answered = said(capsys, "sources")
    Source.objects.update(
        paused_at=timezone.now(), paused_until=timezone.now() + timedelta(minutes=4), last_error="answered 429"
    )
    resting = said(capsys, "sources")

    assert "answers" in answered
    assert "35 of 35 in 10 s" in answered
    assert "resting" in resting
    assert "in 4 min" in resting
    assert "answered 429" in resting
    assert "closed" not in answered + resting


def test_sources_promise_no_time_while_the_key_is_refused(with_key, capsys):
    tmdb.register_sources()
    pauses.refuse_credentials("tmdb", sources.spec_of("tmdb").settings_key(), REFUSED)

    told = said(capsys, "sources")

    assert "key refused" in told
    assert "when the key is corrected" in told
    assert "in 23 h" not in told


# --- queue ---


def test_a_retry_behind_a_paused_pool_says_that_it_waits(with_key, capsys):
    job = make_job(state="failed")
    queue.pause("metadata", "for tonight", actor="mia")

    told = said(capsys, "queue", "retry", str(job.pk))

    assert told.startswith("1 job changed")
    assert "The pool “Metadata” is paused" in told
    assert "./run queue resume metadata" in told


def test_a_retry_for_a_source_that_rests_says_until_when(with_key, capsys):
    queue.hold("tmdb", until=timezone.now() + timedelta(minutes=30, seconds=20), reason="asked to")
    job = make_job(state="failed")

    told = said(capsys, "queue", "retry", str(job.pk))

    assert "tmdb is resting: what needs it runs when that answers again, in 30 min" in told
    assert "./run sources reset tmdb" in told


def test_a_retry_with_nobody_at_work_says_so(with_key, capsys):
    Drain.objects.all().delete()
    job = make_job(state="failed", needs="")

    assert "start mediasync with ./run" in said(capsys, "queue", "retry", str(job.pk))


def test_a_retry_with_nothing_in_its_way_says_no_more(with_key, capsys):
    job = make_job(state="failed")

    assert said(capsys, "queue", "retry", str(job.pk)) == "1 job changed\n"


def test_the_next_try_is_told_as_a_time_from_now(with_key, capsys):
    make_job(key="title:1")
    make_job(key="title:2", due_at=timezone.now() + timedelta(hours=5, minutes=3, seconds=20))
    make_job(key="title:3", pool="artwork")
    queue.pause("artwork", "for tonight", actor="mia")

    told = said(capsys, "queue", "list").splitlines()

    assert [line.split("ready")[1].strip() for line in told if "title:" in line] == [
        "now",
        "in 5 h 3 min",
        "when its pool is resumed",
    ]


def test_a_pool_is_paused_and_resumed_by_hand(with_key, capsys):
    assert "./run queue resume artwork" in said(capsys, "queue", "pause", "artwork")
    assert said(capsys, "queue", "resume", "artwork") == "artwork goes on.\n"
    with pytest.raises(CommandError, match=r"no pool “art”.*artwork") as error:
        call_command("queue", "resume", "art")
    assert error.value.returncode == 2


# --- items ---


def test_items_say_why_they_are_unmatched(capsys):
    library = make_library("/media/films")
    reason = "3 titles come close and none is clearly ahead; " + "they differ in nothing but the year " * 3
    match = make_match(library, "Moss (2019)", state="unmatched", reason=reason)
    make_file(library, "Moss (2019)/Moss.mkv", match=match)

    told = said(capsys, "items", "--state", "UNMATCHED")
    whole = json.loads(said(capsys, "items", "--state", "UNMATCHED", "--json"))

    assert "3 titles come close and none is clearly ahead" in told
    assert "…" in told.splitlines()[0]
    assert whole[0]["reason"] == reason


@pytest.mark.parametrize(
    ("text", "shown"), [("short", "short"), ("one two three", "one two…"), ("x" * 12, "xxxxxxxxx…")]
)
def test_text_is_cut_at_a_word(text, shown):
    assert cut(text, 10) == shown
