"""What several processes must agree on, with several processes."""

import json
import subprocess
import sys

import pytest

from benches.household import ROOT, Household, stop, until, workers
from jobs import queue
from jobs.models import Job, Pool, Priority
from journal.models import Event

pytestmark = pytest.mark.processes


def test_a_change_during_a_run_makes_the_job_run_again(household_on_both):
    queue.enqueue(queue.Work("bench.again", "thing"))
    main = household_on_both.start("work")

    until(lambda: household_on_both.runs() == ["thing", "thing"])
    until(lambda: Job.objects.get(kind="bench.again").state == "done")

    stop(main)
    assert household_on_both.runs() == ["thing", "thing"]


def test_a_lease_lost_at_the_end_rolls_everything_back(household_on_both):
    queue.enqueue(queue.Work("bench.nap", "nap:3:lost"))
    main = household_on_both.start("work")
    until(lambda: household_on_both.runs() == ["nap:3:lost"])

    Job.objects.filter(kind="bench.nap").update(leased_by="another/1")

    until(lambda: Job.objects.get(kind="bench.nap").leased_by == "another/1")
    stop(main)
    assert not Event.objects.filter(new="done").exists()
    assert Job.objects.get(kind="bench.nap").leased_by == "another/1"


def test_poison_among_innocents_comes_to_rest_alone(household):
    queue.enqueue(queue.Work("bench.poison", "poison"))
    queue.enqueue(*(queue.Work("bench.nap", f"nap:0.3:{number}") for number in range(20)))
    main = household.start("work")

    until(lambda: not Job.objects.filter(kind__startswith="bench", state__in=["ready", "leased"]).exists())

    stop(main)
    poison = Job.objects.get(kind="bench.poison")
    assert (poison.state, poison.attempts) == ("failed", 3)
    assert household.runs().count("poison") == 3
    assert Job.objects.filter(kind="bench.nap", state="done").count() == 20
    assert Event.objects.filter(subject="bench:poison", new="failed").count() == 1


def test_eight_processes_keep_a_limit_and_do_nothing_twice(household_on_both):
    household_on_both.set(WORKERS="8")
    queue.set_limit("metadata", 3, actor="test")
    queue.enqueue(*(queue.Work("bench.nap", f"nap:0.05:{number}") for number in range(60)))
    main = household_on_both.start("work")
    leased = Job.objects.filter(pool="metadata", state="leased")
    most = 0

    while Job.objects.filter(kind="bench.nap").exclude(state="done").exists():
        most = max(most, leased.count())

    until(lambda: len(workers()) == 8)
    stop(main)
    assert 1 <= most <= 3
    assert sorted(household_on_both.runs()) == sorted(f"nap:0.05:{number}" for number in range(60))


def test_what_a_person_asked_for_passes_a_full_pool(household):
    queue.set_limit("metadata", 2, actor="test")
    queue.enqueue(*(queue.Work("bench.nap", f"nap:60:{number}") for number in range(4)))
    main = household.start("work")
    until(lambda: len(household.runs()) == 2)

    queue.enqueue(queue.Work("bench.quick", "urgent", Priority.CRITICAL))

    until(lambda: Job.objects.get(kind="bench.quick").state == "done", seconds=30)
    assert Job.objects.filter(kind="bench.nap", state="leased").count() == 2
    stop(main)


def test_a_cancelled_job_sees_it_and_another_takes_its_place(household):
    queue.set_limit("metadata", 1, actor="test")
    queue.enqueue(queue.Work("bench.nap", "nap:60:cancelled", Priority.HIGH), queue.Work("bench.nap", "nap:0.1:next"))
    main = household.start("work")
    until(lambda: household.runs() == ["nap:60:cancelled"])

    queue.cancel(Job.objects.filter(key="nap:60:cancelled"), actor="test")

    until(lambda: Job.objects.get(key="nap:0.1:next").state == "done")
    until(lambda: Job.objects.get(key="nap:60:cancelled").state == "cancelled")
    stop(main)
    assert not Event.objects.filter(subject="bench:nap:60:cancelled").exists()


def test_a_second_cluster_on_the_data_directory_is_refused(household):
    main = household.start("work")
    until(lambda: len(workers()) == 2)

    second = household.start("work")

    assert second.wait(60) == 2
    assert f"process {main.pid}" in household.log()
    stop(main)


def test_a_second_supervisor_is_refused(household):
    main = household.start("up", "--port", "0")
    until(lambda: len(workers()) == 2)

    second = household.start("up", "--port", "0")

    assert second.wait(60) == 2
    assert "mediasync already runs" in household.log()
    stop(main)


@pytest.mark.postgres
def test_two_nodes_share_one_postgresql(tmp_path, postgres_url, django_db_blocker):
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
    with (
        django_db_blocker.unblock(),
        Household(tmp_path / "one", postgres_url).open() as one,
        Household(tmp_path / "two", postgres_url).open() as two,
    ):
        one.empty()
        mains = [one.start("work"), two.start("work")]
        until(lambda: len(workers()) == 4)
        queue.enqueue(*(queue.Work("bench.nap", f"nap:0.2:{number}") for number in range(40)))
        until(lambda: Job.objects.filter(kind="bench.nap", state="done").count() == 40)
        for main in mains:
            stop(main)

        assert one.runs()
        assert two.runs()
        assert len([*one.runs(), *two.runs()]) == 40


def test_work_until_idle_says_what_was_done(household):
    queue.enqueue(*(queue.Work("bench.quick", str(number)) for number in range(5)))

    done = subprocess.run(
        [sys.executable, ROOT / "manage.py", "work", "--until-idle", "--json"],
        env=household.environment(),
        capture_output=True,
        timeout=90,
        check=True,
    )

    assert json.loads(done.stdout)["done"] == 5
    assert Pool.objects.filter(name="metadata").exists()
