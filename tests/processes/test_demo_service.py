"""The demo's service starts itself anew after a burst, and nobody who asks it notices."""

from __future__ import annotations

import http.client
import os
import signal
import subprocess
import sys
import threading
import time
from contextlib import closing

import psutil
import pytest

from benches.household import ROOT
from benches.waiting import until
from jobs import thrift
from mediasync import demo_place, demo_service

pytestmark = pytest.mark.processes
HASTY = "from jobs import thrift; thrift.AFTER_S = 0.2; from mediasync import demo_service; demo_service.main()"


def status(connection: http.client.HTTPConnection) -> int:
    connection.request("GET", f"/3/movie/107?api_key={demo_place.KEY}")
    answer = connection.getresponse()
    answer.read()
    return answer.status


def asked(port: int) -> int:
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=60)) as connection:
        return status(connection)


@pytest.fixture
def served(tmp_path):
    """The port of a service that starts anew a moment after its first request, and its process."""
    port = demo_place.reserve(tmp_path)
    known = {name: value for name, value in os.environ.items() if not name.startswith("MEDIASYNC")}
    environment = {**known, "MEDIASYNC_DATA": str(tmp_path), "PYTHONPATH": str(ROOT)}
    process = subprocess.Popen([sys.executable, "-c", HASTY], env=environment, cwd=ROOT)
    until(lambda: not demo_place.is_free(port), what="it listened")
    yield port, psutil.Process(process.pid)
    process.send_signal(signal.SIGKILL)
    process.wait()


def test_who_comes_while_it_starts_anew_waits_and_is_answered(served):
    port, process = served
    first = process.cmdline()
    answers = [asked(port)]
    until(lambda: process.cmdline() != first, what="it started anew")

    answers += [asked(port) for _ in range(3)]

    assert answers == [200] * 4


def test_a_connection_that_is_kept_and_used_is_not_cut(monkeypatch):
    monkeypatch.setattr(thrift, "AFTER_S", 0.5)
    anew = []
    monkeypatch.setattr(demo_service.ThriftyServer, "_start_anew", lambda _self: anew.append(time.monotonic()))
    with demo_service.ThriftyServer(demo_service.Service()) as server:
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        with closing(http.client.HTTPConnection("127.0.0.1", server.server_port, timeout=60)) as connection:
            for _ in range(20):
                status(connection)
                last = time.monotonic()
                time.sleep(0.1)
        until(lambda: anew, what="it starts anew once nobody asks")
        server.shutdown()

    assert anew[0] > last
