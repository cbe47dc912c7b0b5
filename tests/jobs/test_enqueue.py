"""Enqueue says that something happened; seed only fills gaps."""

from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import timezone

from jobs import queue
from jobs.models import Job, Priority
from tests.jobs_in_tests import job_for, lease_job, run_job

pytestmark = pytest.mark.django_db
W = queue.Work


def test_two_hundred_episodes_make_one_job():
    queue.enqueue(*(W("test.plain", "title:1") for _ in range(200)))

    assert Job.objects.count() == 1


def test_a_job_takes_pool_and_source_from_its_kind():
    queue.enqueue(W("test.ending", "a"))

    job = job_for("test.ending", "a")
    assert (job.pool, job.needs) == ("artwork", "source")


def test_an_open_job_takes_the_better_priority_and_the_earlier_time():
    later = timezone.now() + timedelta(hours=1)
    queue.enqueue(W("test.plain", "a", Priority.HIGH, due_at=later))

    queue.enqueue(W("test.plain", "a", Priority.LOW))

    job = job_for("test.plain", "a")
    assert job.priority == Priority.HIGH
    assert job.due_at < later


def test_a_worse_priority_and_a_later_time_change_nothing():
    queue.enqueue(W("test.plain", "a", Priority.HIGH))
    before = job_for("test.plain", "a")

    queue.enqueue(W("test.plain", "a", Priority.LOW, due_at=timezone.now() + timedelta(hours=1)))

    after = job_for("test.plain", "a")
    assert (after.priority, after.due_at, after.rank) == (before.priority, before.due_at, before.rank)


def test_a_change_while_it_runs_is_remembered():
    lease_job("test.plain", "a")

    queue.enqueue(W("test.plain", "a"))

    assert job_for("test.plain", "a").again


def test_a_failed_job_is_revived_with_all_attempts():
    queue.enqueue(W("test.plain", "a"))
    Job.objects.update(state="failed", attempts=3)

    queue.enqueue(W("test.plain", "a"))

    job = job_for("test.plain", "a")
    assert (job.state, job.attempts) == ("ready", 0)


def test_a_seed_leaves_failed_jobs_to_a_person():
    queue.enqueue(W("test.plain", "a"))
    Job.objects.update(state="failed", attempts=3)

    assert queue.seed([W("test.plain", "a"), W("test.plain", "b")]) == 1

    assert job_for("test.plain", "a").state == "failed"


def test_a_seed_touches_neither_backoff_nor_again():
    lease_job("test.plain", "a")

    queue.seed([W("test.plain", "a", Priority.CRITICAL)])

    job = job_for("test.plain", "a")
    assert (job.again, job.priority) == (False, Priority.MEDIUM)


def test_a_done_job_makes_room_for_a_new_one():
    run_job("test.plain", "a")

    queue.enqueue(W("test.plain", "a"))

    assert sorted(Job.objects.values_list("state", flat=True)) == ["done", "ready"]


def test_jobs_vanish_with_the_transaction_that_made_the_work():
    with transaction.atomic():
        queue.enqueue(W("test.plain", "a"))
        transaction.set_rollback(True)

    assert not Job.objects.exists()


def test_a_kind_nobody_handles_is_refused():
    with pytest.raises(LookupError, match="nobody handles"):
        queue.enqueue(W("no.such", "a"))


def test_thousands_of_jobs_are_a_few_statements(django_assert_max_num_queries):
    with django_assert_max_num_queries(8):
        written = queue.enqueue(*(W("test.plain", f"title:{number}") for number in range(2_000)))

    assert written == 2_000
