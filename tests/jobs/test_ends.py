"""How a run ends: done, again, put off, failed, given back, lost."""

from datetime import timedelta

import pytest
from django.db import OperationalError
from django.utils import timezone

from jobs import claim, pools, queue, running
from jobs.errors import GiveUp, Interrupted, RetryLater
from jobs.models import Job, Priority
from jobs.perform import Outcome, perform
from jobs.running import Running
from journal.models import Event
from tests.jobs import kinds
from tests.jobs_in_tests import job_for, lease_job, run_job

pytestmark = pytest.mark.django_db


def raises(error):
    def act():
        raise error

    return act


def test_a_handler_that_returns_is_done():
    job = run_job("test.plain", "a")

    assert (job.state, job.leased_by) == ("done", "")
    assert job.ended_at is not None


def test_what_was_reached_and_the_end_are_one_transaction():
    kinds.does["a"] = raises(RuntimeError("in the middle"))

    job = run_job("test.ending", "a", raises=False)

    assert job.state == "ready"
    assert not Event.objects.exists()


def test_a_lost_lease_rolls_back_what_was_reached():
    job = lease_job("test.ending", "a")
    Job.objects.update(leased_by="another/1")

    assert perform(job) == Outcome.LOST

    assert not Event.objects.exists()
    assert job_for("test.ending", "a").leased_by == "another/1"


def test_a_change_during_the_run_turns_the_end_into_ready():
    kinds.does["a"] = lambda: queue.enqueue(queue.Work("test.plain", "a", reason="grew"))

    job = run_job("test.plain", "a")

    assert (job.state, job.again, job.attempts) == ("ready", False, 0)
    assert job.due_at <= timezone.now()


def test_a_job_may_ask_for_its_own_next_run():
    later = timezone.now() + timedelta(minutes=5)
    kinds.does["a"] = lambda: queue.enqueue(queue.Work("test.ending", "a", due_at=later))

    job = run_job("test.ending", "a")

    assert (job.state, job.due_at) == ("ready", later)


def test_retry_later_with_a_moment_gives_the_attempt_back():
    slot = timezone.now() + timedelta(hours=2)
    kinds.does["a"] = raises(RetryLater("no room before then", until=slot))

    job = run_job("test.plain", "a")

    assert (job.state, job.attempts, job.due_at) == ("ready", 0, slot)
    assert job.last_error == "no room before then"


def test_retry_later_is_at_least_a_second_ahead():
    kinds.does["a"] = raises(RetryLater("now", until=timezone.now() - timedelta(hours=1)))

    job = run_job("test.plain", "a")

    assert job.due_at > timezone.now()


def test_while_its_source_is_held_the_hold_does_the_waiting():
    tomorrow = timezone.now() + timedelta(days=1)
    queue.hold("source", until=tomorrow, reason="the key was refused")
    kinds.does["a"] = raises(RetryLater("the key was refused", until=tomorrow))

    run_job("test.ending", "a")
    assert not claim.claim("artwork", 1, token="d/1")
    queue.unhold("source")

    assert job_for("test.ending", "a").due_at < timezone.now() + timedelta(seconds=2)


def test_a_job_that_waits_longer_than_its_source_is_held_keeps_its_own_time():
    slot = timezone.now() + timedelta(days=1)
    queue.hold("source", until=timezone.now() + timedelta(minutes=1), reason="it was asked too often")
    kinds.does["a"] = raises(RetryLater("no room before then", until=slot))

    assert run_job("test.ending", "a").due_at == slot


def test_retry_later_without_a_moment_backs_off():
    kinds.does["a"] = raises(RetryLater("it did not answer"))

    job = run_job("test.plain", "a")

    wait = (job.due_at - timezone.now()).total_seconds()
    assert (job.state, job.attempts) == ("ready", 1)
    assert 45 <= wait <= 73


def test_after_its_last_attempt_a_job_rests_and_its_thing_is_marked():
    kinds.does["a"] = raises(RetryLater("it did not answer"))

    for _ in range(3):
        job = run_job("test.plain", "a")

    assert (job.state, job.attempts, job.error_class) == ("failed", 3, "RetryLater")
    assert kinds.failed == [("a", "it did not answer")]


def test_give_up_rests_at_once():
    kinds.does["a"] = raises(GiveUp("there is no such title"))

    job = run_job("test.plain", "a")

    assert (job.state, job.last_error) == ("failed", "there is no such title")


def test_give_up_after_a_change_is_another_chance():
    def act():
        queue.enqueue(queue.Work("test.plain", "a"))
        raise GiveUp("there was no such title")

    kinds.does["a"] = act

    job = run_job("test.plain", "a")

    assert (job.state, job.attempts, job.again) == ("ready", 0, False)
    assert not Event.objects.exists()


@pytest.mark.parametrize("until", [None, timedelta(days=1)])
def test_a_change_during_a_run_that_is_put_off_is_due_at_once(until):
    def act():
        queue.enqueue(queue.Work("test.plain", "a", priority=Priority.CRITICAL, reason="asked for by ann"))
        raise RetryLater("the key was refused", until=until and timezone.now() + until)

    kinds.does["a"] = act

    job = run_job("test.plain", "a")

    assert (job.state, job.again, job.attempts) == ("ready", False, 0)
    assert job.due_at <= timezone.now()
    assert job.rank < 0


def test_a_job_put_off_keeps_the_time_it_asked_for_itself():
    later = timezone.now() + timedelta(minutes=5)

    def act():
        queue.enqueue(queue.Work("test.plain", "a", due_at=later))
        raise RetryLater("it did not answer")

    kinds.does["a"] = act

    assert run_job("test.plain", "a").due_at == later


def test_a_bug_keeps_its_class_and_is_tried_again(caplog):
    kinds.does["a"] = raises(ZeroDivisionError("division by zero"))

    job = run_job("test.plain", "a", raises=False)

    assert (job.state, job.error_class, job.attempts) == ("ready", "ZeroDivisionError", 1)
    assert "Traceback" in caplog.text


def test_secrets_in_errors_are_not_stored():
    kinds.does["a"] = raises(RetryLater("https://x/?api_key=geheim did not answer"))

    assert "geheim" not in run_job("test.plain", "a").last_error


def test_a_database_that_is_away_costs_no_attempt():
    kinds.does["a"] = raises(OperationalError("deadlock detected"))

    job = run_job("test.plain", "a")

    assert (job.state, job.attempts) == ("ready", 0)


def test_an_interrupted_job_is_due_at_once_and_keeps_its_attempts():
    kinds.does["a"] = raises(Interrupted("the process ends"))

    job = run_job("test.plain", "a")

    assert (job.state, job.attempts, job.leased_by) == ("ready", 0, "")


def test_an_interrupted_job_leaves_the_others_of_its_batch_alone():
    pools.ensure()
    queue.enqueue(queue.Work("test.plain", "a"), queue.Work("test.plain", "b"))
    first, _ = claim.claim("metadata", 2, token="d/1")
    kinds.does["a"] = raises(Interrupted("cancelled"))

    perform(Running(first))

    assert job_for("test.plain", "a").state == "ready"
    assert job_for("test.plain", "b").state == "leased"


def test_a_shut_socket_is_no_failure_of_the_job():
    job = lease_job("test.plain", "a")

    def act():
        job.tell_to_stop()
        raise ConnectionError("shut")

    kinds.does["a"] = act

    assert perform(job) == Outcome.GIVEN_BACK
    assert job_for("test.plain", "a").attempts == 0


def test_a_cancelled_job_stays_cancelled():
    job = lease_job("test.plain", "a")
    kinds.does["a"] = lambda: queue.cancel(Job.objects.all(), actor="me") and None

    assert perform(job) == Outcome.LOST
    cancelled = job_for("test.plain", "a")
    assert (cancelled.state, cancelled.attempts) == ("cancelled", 0)


def test_a_kind_of_another_version_fails_with_a_sentence():
    job = lease_job("test.plain", "a")
    Job.objects.update(kind="later.kind")
    object.__setattr__(job.claim, "kind", "later.kind")

    perform(job)

    assert "knows no work called later.kind" in Job.objects.get().last_error


def test_outside_a_job_ending_is_a_plain_transaction():
    with running.ending():
        queue.enqueue(queue.Work("test.plain", "a"))

    assert job_for("test.plain", "a").state == "ready"


def test_progress_is_on_the_row_at_the_end():
    kinds.does["a"] = lambda: running.beat(done=30, total=40, unit="files")

    job = run_job("test.plain", "a")

    assert (job.done_units, job.total_units, job.unit) == (30, 40, "files")


def test_check_and_closers_hear_of_a_stop():
    job, shut = lease_job("test.plain", "a"), []

    with running.bound(job), running.interruptible(lambda: shut.append("socket")):
        running.check()
        job.tell_to_stop()
        with pytest.raises(Interrupted):
            running.check()
        with pytest.raises(Interrupted):
            running.wait(60)
        assert not running.still_mine()

    assert shut == ["socket"]
