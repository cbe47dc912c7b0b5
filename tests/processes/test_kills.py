"""kill -9 of any process leaves no orphan and no hang: work goes on."""

import os
import signal

import psutil
import pytest

from benches.household import stop, until, workers
from jobs import queue
from jobs.models import Drain, Job

pytestmark = pytest.mark.processes


def test_an_idle_worker_is_replaced(household):
    main = household.start("work")
    until(lambda: len(workers()) == 2)
    killed = workers()[0]

    os.kill(killed, signal.SIGKILL)

    until(lambda: killed not in workers() and len(workers()) == 2)
    assert _works(household)
    stop(main)


def test_the_jobs_of_a_killed_worker_are_run_again_alone(household_on_both):
    household = household_on_both
    queue.enqueue(*(queue.Work("bench.nap", f"nap:2:{number}") for number in range(6)))
    main = household.start("work")
    until(lambda: len(household.runs()) == 6)
    job = Job.objects.filter(kind="bench.nap").exclude(leased_by="").first()
    drain = Drain.objects.get(name=job.leased_by.split("/")[0])

    os.kill(drain.pid, signal.SIGKILL)

    until(lambda: Job.objects.filter(kind="bench.nap", state="done").count() == 6)
    job.refresh_from_db()
    assert job.attempts == 2
    assert household.runs().count(job.key) == 2
    stop(main)


def test_a_killed_main_process_leaves_no_orphans(household):
    main = household.start("work")
    until(lambda: len(workers()) == 2)

    main.kill()
    main.wait()

    until(lambda: household.processes() == [])
    main = household.start("work")
    assert _works(household)
    stop(main)


@pytest.mark.parametrize("which", ["guard", "pusher or monitor"])
def test_the_supervisor_replaces_a_cluster_that_lost_a_helper(household, which):
    main = household.start("up", "--port", "0")
    until(lambda: len(workers()) == 2)
    guard = psutil.Process(workers()[0]).parent()
    others = [child for child in guard.children() if child.pid not in workers()]

    for process in [guard] if which == "guard" else others:
        process.kill()

    assert _works(household)
    stop(main)
    assert household.processes() == []


@pytest.mark.parametrize("name", ["manage.py work", "gunicorn"])
def test_the_supervisor_starts_its_children_again(household, name):
    main = household.start("up", "--port", "0")
    until(lambda: len(workers()) == 2)
    child = next(process for process in psutil.Process(main.pid).children() if name in " ".join(process.cmdline()))
    family = [child, *child.children(recursive=True)]

    child.kill()

    until(lambda: not any(process.is_running() and process.status() != "zombie" for process in family))
    until(lambda: any(name in " ".join(p.cmdline()) for p in psutil.Process(main.pid).children() if p != child))
    assert _works(household)
    stop(main)
    assert household.processes() == []


def test_a_killed_supervisor_takes_everything_along(household):
    main = household.start("up", "--port", "0")
    until(lambda: len(workers()) == 2)

    main.kill()
    main.wait()

    until(lambda: household.processes() == [], what="nothing was left")
    assert household.processes() == []


def _works(household) -> bool:
    """Queue a job and wait for its end."""
    queue.enqueue(queue.Work("bench.quick", f"after:{len(household.runs())}"))
    until(lambda: not Job.objects.filter(kind="bench.quick").exclude(state="done").exists())
    return True
