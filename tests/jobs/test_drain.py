"""A drain with threads, on databases that threads can share."""

import threading
import time
from datetime import timedelta

import pytest
from django.utils import timezone

from jobs import drain, lease, pools, presence, queue, reap, running, stopping
from jobs.drain import Drain
from jobs.models import Drain as DrainRow
from jobs.models import Job
from tests.jobs import kinds

W = queue.Work


@pytest.fixture(autouse=True)
def _no_n_plus_one():
    """Looking again and again is what a drain does."""


@pytest.fixture(autouse=True)
def _threads_end(both_databases):
    """The threads of a test end before its database goes."""
    yield
    for thread in threading.enumerate():
        if thread.name == "job":
            thread.join(30)


def test_it_works_off_what_is_there(both_databases):
    queue.enqueue(*(W("test.plain", str(number)) for number in range(50)))

    tally = drain.run_until_idle(due_within=0)

    assert tally.done == 50
    assert not DrainRow.objects.exists()


def test_work_made_by_work_is_done_too(both_databases):
    kinds.does["first"] = lambda: queue.enqueue(W("test.ending", "second"))
    queue.enqueue(W("test.plain", "first"))

    drain.run_until_idle(due_within=0)

    assert Job.objects.get(key="second").state == "done"


def test_it_does_not_wait_for_what_is_held_or_paused_or_far_away(both_databases):
    queue.hold("source", until=timezone.now() + timedelta(hours=1), reason="down")
    queue.pause("scan", "by hand", actor="me")
    queue.enqueue(
        W("test.ending", "held"),
        W("test.plain", "later", due_at=timezone.now() + timedelta(hours=1)),
        W("test.plain", "now"),
    )

    assert drain.run_until_idle().done == 1


def test_it_never_has_more_jobs_than_threads(both_databases):
    most, active, lock = [0], [0], threading.Lock()

    def act():
        with lock:
            active[0] += 1
            most[0] = max(most[0], active[0])
        time.sleep(0.02)
        with lock:
            active[0] -= 1

    for number in range(12):
        kinds.does[str(number)] = act
    queue.enqueue(*(W("test.plain", str(number)) for number in range(12)))

    drain.run_until_idle(threads=3, due_within=0)

    assert 1 <= most[0] <= 3


def test_a_cancelled_job_is_told_to_stop(both_databases):
    heard = []

    def act():
        queue.cancel(Job.objects.filter(key="a"), actor="me")
        try:
            running.wait(60)
        finally:
            heard.append("stop")

    kinds.does["a"] = act
    queue.enqueue(W("test.plain", "a"))

    drain.run_until_idle(due_within=0)

    assert heard == ["stop"]
    assert Job.objects.get().state == "cancelled"


def test_a_stop_shuts_sockets_and_gives_leases_back(both_databases):
    began, shut = threading.Event(), threading.Event()

    def act():
        with running.interruptible(shut.set):
            began.set()
            assert shut.wait(60)
            raise ConnectionError("shut")

    kinds.does["a"] = act
    queue.enqueue(W("test.plain", "a"))
    threading.Timer(0.3, stopping.ask).start()

    drain.run_until_idle()

    assert began.is_set()
    job = Job.objects.get()
    assert (job.state, job.attempts, job.leased_by) == ("ready", 0, "")


def test_a_thread_that_listens_to_nobody_keeps_no_lease(both_databases):
    leave = threading.Event()
    kinds.does["a"] = lambda: leave.wait(60) and None
    queue.enqueue(W("test.plain", "a"))
    threading.Timer(0.3, stopping.ask).start()

    drain.run_until_idle()

    assert Job.objects.get().state == "ready"
    leave.set()
    for thread in threading.enumerate():
        if thread.name == "job":
            thread.join(30)  # its late end must change nothing
    assert Job.objects.get().state == "ready"


def test_a_stuck_thread_renews_the_drain(both_databases):
    leave = threading.Event()
    kinds.does["a"] = lambda: leave.wait(60) and None
    queue.enqueue(W("test.plain", "a"))
    pools.ensure()
    one = Drain()
    one.turn()
    (job,) = one.running.values()
    job.tell_to_stop()
    job.told_at -= 60

    one.serve(until=lambda: False)

    assert one.watch.renew
    leave.set()


def test_leases_of_a_dead_process_come_back_at_once_and_alone(both_databases):
    queue.enqueue(W("test.plain", "a"))
    row = presence.register("worker")
    DrainRow.objects.filter(pk=row.pk).update(pid=2**22 + 1)
    Job.objects.update(
        state="leased", leased_by=f"{row.name}/1", attempts=1, leased_until=timezone.now() + timedelta(minutes=1)
    )

    assert reap.reap() == 1

    job = Job.objects.get()
    assert (job.state, job.alone, job.attempts, job.leased_by) == ("ready", True, 1, "")


def test_a_process_of_the_same_number_is_not_the_same(both_databases):
    row = presence.register("worker")
    assert presence.lives(row)

    row.pid_started -= 1

    assert not presence.lives(row)


def test_a_lease_that_ran_out_comes_back_and_fails_at_its_limit(both_databases):
    queue.enqueue(W("test.plain", "a"))
    past = timezone.now() - timedelta(seconds=1)
    Job.objects.update(state="leased", leased_by="elsewhere/1", attempts=3, leased_until=past)

    reap.reap()

    job = Job.objects.get()
    assert (job.state, job.error_class) == ("failed", "LeaseLost")
    assert kinds.failed == [("a", reap.OVERDUE)]


def test_a_lease_extended_in_the_last_moment_is_left_alone(both_databases):
    queue.enqueue(W("test.plain", "a"))
    past = timezone.now() - timedelta(seconds=1)
    Job.objects.update(state="leased", leased_by="d/1", attempts=1, leased_until=past)
    seen = Job.objects.get()

    lease.extend([seen.pk], drain="d")

    assert not reap._bring_back(seen, reap.OVERDUE)
    assert Job.objects.get().state == "leased"


def test_an_extension_does_not_touch_a_job_that_was_taken_over(both_databases):
    queue.enqueue(W("test.plain", "a"))
    soon = timezone.now() + timedelta(seconds=5)
    Job.objects.update(state="leased", leased_by="other/1", leased_until=soon)

    lease.extend(Job.objects.values_list("pk", flat=True), drain="d")

    assert Job.objects.get().leased_until == soon
