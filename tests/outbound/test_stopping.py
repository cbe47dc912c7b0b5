"""A stop shuts the socket of a request under way, in every phase."""

from __future__ import annotations

import socket
import threading
import time

import pytest
import requests
from urllib3.exceptions import HTTPError

from jobs.errors import Interrupted
from outbound import attempt
from outbound.session import session_of
from tests.fakes import stub as stubs


def stopped_after(start, *, ready) -> tuple[BaseException | None, float]:
    """Run `start` in a thread, stop its attempt once `ready` is set; returns what it raised and how soon it ended."""
    raised: list[BaseException] = []
    attempts: list[attempt.Attempt] = []

    def body() -> None:
        with attempt.under_way() as current:
            attempts.append(current)
            try:
                start()
                current.check()
            except (requests.RequestException, HTTPError, OSError, Interrupted) as error:
                raised.append(error)

    thread = threading.Thread(target=body, daemon=True)
    thread.start()
    assert ready.wait(5)
    time.sleep(0.05)
    stopped_at = time.monotonic()
    attempts[0].stop()
    thread.join(5)
    return (raised[0] if raised else None), time.monotonic() - stopped_at


def get(url: str) -> bytes:
    response = session_of("films", ("127.0.0.1",)).get(url, stream=True, timeout=20)
    return response.raw.read()


@pytest.mark.parametrize("phase", ["headers", "body", "kept connection"])
def test_a_stop_wakes_who_waits_for_the_other_side(stub, phase):
    there = threading.Event()

    def dawdle(request) -> None:
        if phase == "body":
            request.start(200, Content_Length="100")
        there.set()
        request.server.stub.ended.wait(8)

    stub.on("/first", stubs.data({}))
    stub.on("/movie/1", dawdle)
    if phase == "kept connection":
        get(f"{stub.url}/first")

    error, seconds = stopped_after(lambda: get(f"{stub.url}/movie/1"), ready=there)

    assert error is not None
    assert seconds < 1


def test_a_stop_reaches_a_tls_handshake():
    """The other side accepts and stays silent: TLS has taken the socket over, the handle still works."""
    there, done = threading.Event(), threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as silent:

        def accept() -> None:
            connection, _ = silent.accept()
            connection.recv(1)
            there.set()
            done.wait(8)
            connection.close()

        accepting = threading.Thread(target=accept, daemon=True)
        accepting.start()
        url = f"https://127.0.0.1:{silent.getsockname()[1]}/"

        error, seconds = stopped_after(lambda: get(url), ready=there)
        done.set()
        accepting.join(5)

    assert error is not None
    assert seconds < 1


def test_a_stop_before_the_socket_is_there_reaches_it_all_the_same():
    with socket.create_server(("127.0.0.1", 0)) as server:
        current = attempt.Attempt()
        current.stop()
        with socket.create_connection(server.getsockname()) as connection:
            current.watch(connection)

            assert connection.recv(1) == b""
        current.end()


def test_the_end_of_an_attempt_closes_its_handle_and_spares_the_connection():
    with socket.create_server(("127.0.0.1", 0)) as server:
        current = attempt.Attempt()
        with socket.create_connection(server.getsockname()) as connection:
            current.watch(connection)
            current.expire_in(0.05)
            current.end()
            time.sleep(0.1)
            other, _ = server.accept()
            other.send(b"x")
            other.close()

            assert connection.recv(1) == b"x"
    assert not current.expired
