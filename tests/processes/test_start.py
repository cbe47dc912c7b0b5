"""Starting: migrations once, newer databases refused, ports said plainly, tickets through Redis."""

import re
import socket
import subprocess

import pytest
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder

from benches.household import Household, stop, until, workers
from jobs import queue
from jobs.models import Job

pytestmark = pytest.mark.processes


def test_two_starts_at_the_same_moment_migrate_once(tmp_path, django_db_blocker):
    household = Household(tmp_path)
    processes = [household.start("up", "--port", "0") for _ in range(2)]
    try:
        until(lambda: any(process.poll() is not None for process in processes))
    finally:
        household.kill_all()

    assert sorted(process.returncode for process in processes) == [-9, 2]
    assert "Traceback" not in household.log()
    with django_db_blocker.unblock(), household.open():
        assert not Job.objects.filter(state="failed").exists()


def test_a_database_of_a_newer_version_is_refused(household):
    MigrationRecorder(connection).record_applied("jobs", "0999_from_the_future")

    main = household.start("up", "--port", "0")

    assert main.wait(60) == 2
    assert "newer mediasync (jobs 0999_from_the_future)" in household.log()


def test_a_port_in_use_is_said_plainly(household):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        main = household.start("up", "--port", str(taken.getsockname()[1]))

        assert main.wait(60) == 2

    assert re.search(r"Nobody can listen at 127\.0\.0\.1 port \d+: Address already in use", household.log())
    assert "Traceback" not in household.log()


def test_the_web_server_answers_at_the_address_that_is_shown(household):
    main = household.start("up", "--port", "0")
    until(lambda: "http://127.0.0.1:" in household.log())
    port = int(re.search(r"127\.0\.0\.1:(\d+)", household.log())[1])

    with socket.create_connection(("127.0.0.1", port), timeout=60) as client:
        client.sendall(b"GET /no-such-page/ HTTP/1.0\r\nHost: 127.0.0.1\r\n\r\n")
        assert client.recv(8).startswith(b"HTTP/1.")
    stop(main)


@pytest.mark.redis
def test_tickets_through_redis(household, tmp_path):
    path = tmp_path / "redis.sock"
    server = subprocess.Popen(
        ["redis-server", "--port", "0", "--unixsocket", path, "--save", "", "--dir", tmp_path],
        stdout=subprocess.DEVNULL,
    )
    try:
        until(path.exists)
        household.set(REDIS_URL=f"unix://{path}")
        main = household.start("work")
        until(lambda: len(workers()) == 2)
        queue.enqueue(queue.Work("bench.quick", "through redis"))

        until(lambda: Job.objects.get(kind="bench.quick").state == "done")

        stop(main)
        assert household.processes() == []
    finally:
        server.terminate()
        server.wait(30)
