"""SIGTERM ends everything, gives back what was cut, and nothing is lost or done twice."""

import os
import signal

import pytest

from benches.household import stop, until, workers
from jobs import queue
from jobs.models import Drain, Job
from journal.models import Event

pytestmark = pytest.mark.processes
REQUESTS = [f"request:{number}" for number in range(6)]


@pytest.mark.parametrize("group", [False, True], ids=["to the main process", "to the whole group"])
def test_sigterm_with_six_requests_in_flight(household_on_both, slow, group):
    household_on_both.set(BENCH_STUB=str(slow.port))
    queue.enqueue(*(queue.Work("bench.request", key) for key in REQUESTS))
    main = household_on_both.start("work")
    until(lambda: len(slow.asked) == len(REQUESTS))

    stop(main, group=group)

    assert main.returncode == 0
    assert household_on_both.processes() == []
    cut = Job.objects.filter(kind="bench.request")
    assert set(cut.values_list("state", "attempts", "leased_by", "alone")) == {("ready", 0, "", False)}
    assert not Drain.objects.exists()


def test_what_was_cut_is_done_once_after_the_next_start(household, slow):
    household.set(BENCH_STUB=str(slow.port))
    queue.enqueue(*(queue.Work("bench.request", key) for key in REQUESTS))
    main = household.start("work")
    until(lambda: len(slow.asked) == len(REQUESTS))
    stop(main)
    slow.open.set()

    main = household.start("work")
    until(lambda: Job.objects.filter(kind="bench.request", state="done").count() == len(REQUESTS))
    stop(main)

    ended = Event.objects.filter(new="done").values_list("subject", flat=True)
    assert sorted(ended) == [f"bench:{key}" for key in REQUESTS]


def test_a_worker_that_listens_to_nobody_is_killed(household):
    queue.enqueue(queue.Work("bench.stubborn", "nap:60"))
    main = household.start("work")
    until(lambda: household.runs() == ["nap:60"])
    drain = Drain.objects.get(name=Job.objects.get(kind="bench.stubborn").leased_by.split("/")[0])
    os.kill(drain.pid, signal.SIGSTOP)

    seconds = stop(main)

    assert seconds < 30
    assert household.processes() == []


def test_up_ends_web_server_and_cluster(household):
    main = household.start("up", "--port", "0")
    until(lambda: len(workers()) == 2)

    stop(main)

    assert main.returncode == 0
    assert household.processes() == []
