"""The queue's own upkeep, what a person does by hand, and the command."""

import json
from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from jobs import backoff, queue, reseeds
from jobs.models import Hold, Job, Priority
from journal.models import Event
from tests.jobs_in_tests import lease_job, run_job

W = queue.Work


@pytest.mark.parametrize(
    ("attempt", "expected"), [(1, 60), (2, 120), (3, 240), (20, 600)], ids=["first", "second", "third", "capped"]
)
def test_backoff_doubles_up_to_its_cap(attempt, expected):
    assert backoff.delay(attempt, base=60, cap=600, chance=lambda: 0.5) == expected


def test_backoff_is_spread():
    assert backoff.delay(1, base=60, cap=600, chance=lambda: 0) == pytest.approx(48)
    assert backoff.delay(1, base=60, cap=600, chance=lambda: 1) == pytest.approx(72)


pytestmark = pytest.mark.django_db


@pytest.fixture
def seeds(monkeypatch):
    """Only the reseeds of the test."""
    monkeypatch.setattr(reseeds, "sources", {})
    return reseeds


def test_the_reseed_brings_lost_jobs_back(seeds):
    seeds.register("one", lambda: [W("test.plain", "a"), W("test.plain", "b")])

    run_job("jobs.reseed", "")

    assert Job.objects.filter(kind="test.plain", state="ready").count() == 2


def test_one_reseed_with_a_bug_stops_no_other(seeds):
    seeds.register("bad", lambda: 1 / 0)
    seeds.register("good", lambda: [W("test.plain", "a")])

    job = run_job("jobs.reseed", "", raises=False)

    assert job.error_class == "ZeroDivisionError"
    assert Job.objects.filter(kind="test.plain").count() == 1


def test_a_reseed_makes_at_most_two_thousand_jobs(seeds):
    seeds.register("many", lambda: (W("test.plain", str(number)) for number in range(3_000)))

    run_job("jobs.reseed", "")

    assert Job.objects.filter(kind="test.plain").count() == 2_000


def test_pruning_forgets_what_ended_long_ago_and_nothing_open():
    queue.enqueue(*(W("test.plain", key) for key in ("old", "new", "failed")))
    Job.objects.filter(key="old").update(state="done", ended_at=timezone.now() - timedelta(days=8))
    Job.objects.filter(key="new").update(state="done", ended_at=timezone.now())
    Job.objects.filter(key="failed").update(state="failed")
    queue.hold("source", until=timezone.now() - timedelta(days=1), reason="long ago")

    run_job("jobs.prune", "")

    assert set(Job.objects.filter(kind="test.plain").values_list("key", flat=True)) == {"new", "failed"}
    assert not Hold.objects.exists()


def test_a_retry_by_hand_goes_first_and_is_remembered():
    queue.enqueue(W("test.plain", "a"))
    Job.objects.update(state="failed", attempts=3)

    assert queue.retry(Job.objects.all(), actor="ada") == 1

    job = Job.objects.get()
    assert (job.state, job.attempts, job.priority) == ("ready", 0, Priority.CRITICAL)
    event = Event.objects.get()
    assert (event.subject, event.old, event.new, event.actor) == (f"jobs.job:{job.pk}", "failed", "ready", "ada")


def test_a_retry_of_an_ended_job_makes_a_new_one():
    run_job("test.plain", "a")

    assert queue.retry(Job.objects.all(), actor="ada") == 1

    assert Job.objects.filter(state="ready").count() == 1


def test_a_retry_of_many_does_not_go_before_people():
    queue.enqueue(W("test.plain", "a"), W("test.plain", "b"))
    Job.objects.update(state="failed")

    queue.retry(Job.objects.all(), actor="ada")

    assert set(Job.objects.values_list("priority", flat=True)) == {Priority.HIGH}


def test_cancelling_an_origin_leaves_the_others_and_what_failed():
    queue.enqueue(W("test.plain", "a", origin="scan:1"), W("test.plain", "b", origin="scan:2"))
    queue.enqueue(W("test.plain", "c", origin="scan:1"))
    Job.objects.filter(key="c").update(state="failed")

    assert queue.cancel_origin("scan:1", actor="ada") == 1

    assert dict(Job.objects.values_list("key", "state")) == {"a": "cancelled", "b": "ready", "c": "failed"}


def test_a_released_lease_costs_no_attempt():
    lease_job("test.plain", "a")

    queue.release_lease(Job.objects.all(), actor="ada")

    job = Job.objects.get()
    assert (job.state, job.attempts, job.leased_by) == ("ready", 0, "")


def test_priority_by_hand_moves_a_job_in_the_line():
    queue.enqueue(W("test.plain", "a", Priority.LOW), W("test.plain", "b"))

    queue.prioritise(Job.objects.filter(key="a"), Priority.HIGH, actor="ada")

    assert list(Job.objects.order_by("rank").values_list("key", flat=True)) == ["a", "b"]


def test_the_command_lists_open_jobs_as_json(capsys):
    queue.enqueue(W("test.plain", "a", reason="new file"))
    run_job("test.plain", "done")

    call_command("queue", "list", "--json")

    (row,) = json.loads(capsys.readouterr().out)
    assert (row["key"], row["state"], row["reason"]) == ("a", "ready", "new file")
    assert set(row) >= {
        "id", "kind", "key", "pool", "priority", "state", "due_at", "leased_until", "attempts", "last_error", "reason",
        "done_units", "total_units",
    }  # fmt: skip


@pytest.mark.parametrize("arguments", [["retry"], ["cancel"], ["priority", "high"]], ids=lambda words: words[0])
def test_the_command_changes_jobs_by_number(arguments, capsys):
    queue.enqueue(W("test.plain", "a"))

    call_command("queue", *arguments, str(Job.objects.get().pk))

    assert capsys.readouterr().out.startswith("1 job changed\n")


def test_the_command_wants_to_know_which_jobs():
    with pytest.raises(CommandError) as error:
        call_command("queue", "cancel")

    assert error.value.returncode == 2


def test_the_command_says_when_there_is_no_such_job():
    with pytest.raises(CommandError) as error:
        call_command("queue", "show", "4711")

    assert error.value.returncode == 1
