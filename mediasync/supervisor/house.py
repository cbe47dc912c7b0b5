"""The supervisor: starts everything, restarts what ends, and ends it all together in about two seconds."""

from __future__ import annotations

import logging
import os
import socket  # noqa: TID251  listens for the web server, connects to nobody
import sys
import time
from collections.abc import Sequence
from typing import NoReturn

from jobs import stopping
from journal.redaction import redact_tracebacks
from mediasync import demo_place, environment
from mediasync.logs import tree
from mediasync.supervisor.children import BASE_DIR, Child
from mediasync.supervisor.signals import Sleep

LOOK_S = 0.5
LEAVE_WITHIN_S = 3
MOST_PORT = 65_535


class AddressTaken(Exception):
    """Nobody can listen there; the text says what would help."""


def become(listener: socket.socket, lock: int) -> NoReturn:
    """Turn this process into the supervisor: the same process id, without Django in its memory.

    `lock` is the descriptor that keeps others off the data directory.
    """
    for handle in (listener.fileno(), lock):
        os.set_inheritable(handle, True)  # noqa: FBT003  the standard library's own signature
    os.environ["PYTHONPATH"] = os.pathsep.join(filter(None, (str(BASE_DIR), os.environ.get("PYTHONPATH"))))
    sys.stdout.flush()
    os.execv(sys.executable, [sys.executable, "-m", "mediasync.supervisor.house", str(listener.fileno())])  # noqa: S606


def main() -> None:
    """Run web server and cluster, and the demo's service where there is one, until asked to end."""
    redact_tracebacks()
    tree.begin(environment.data_dir(), "supervisor")
    listener = socket.socket(fileno=int(sys.argv[1]))
    demo = [demo_service()] if demo_place.port(environment.data_dir()) else []
    _supervise([web(listener), cluster(), *demo])


def listen(host: str, port: int) -> socket.socket:
    """Open the listening socket that all web servers inherit; port 0 takes a free one.

    Raises `AddressTaken` where the port is in use.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        if not 0 <= port <= MOST_PORT:
            raise OSError(f"ports end at {MOST_PORT}")
        host.encode("idna")  # a name that is none fails here, before there is a socket to be left open
        return socket.create_server((host, port), family=family, backlog=256)
    except (OSError, UnicodeError) as error:
        code = (error.errno or 0) if isinstance(error, OSError) else 0
        why = os.strerror(code) if code > 0 else str(error).rpartition("] ")[2].partition(" (while ")[0]
        raise AddressTaken(f"Nobody can listen at {host} port {port}: {why}. Try --port 0 for a free one.") from error


def address_of(listener: socket.socket) -> str:
    """Return the URL at which a person reaches the listener."""
    host, port = listener.getsockname()[:2]
    named = {"0.0.0.0": "localhost", "::": "localhost", "::1": "localhost"}.get(host, host)  # noqa: S104  shown only
    return f"http://[{named}]:{port}/" if ":" in named else f"http://{named}:{port}/"


def web(listener: socket.socket) -> Child:
    """Return the web server."""
    number = listener.fileno()
    options = ["-c", "python:mediasync.supervisor.web", "--bind", f"fd://{number}", "mediasync.wsgi:application"]
    return Child("web", [sys.executable, "-m", "gunicorn", *options], pass_fds=[number])


def cluster() -> Child:
    """Return the cluster of workers."""
    return Child("cluster", [sys.executable, str(BASE_DIR / "manage.py"), "work"])


def demo_service() -> Child:
    """Return the loopback service that describes the demo's titles."""
    return Child("demo", [sys.executable, "-m", "mediasync.demo_service"])


def _supervise(children: Sequence[Child]) -> None:
    sleep = Sleep()
    try:
        while not stopping.asked():
            for child in children:
                child.turn()
            sleep(LOOK_S)
        logging.getLogger("mediasync").warning("asked to end: everything stops")
    finally:
        _end(children, sleep)


def _end(children: Sequence[Child], sleep: Sleep) -> None:
    """Ask all at once; kill what is left."""
    end = time.monotonic() + LEAVE_WITHIN_S
    for child in children:
        child.ask_to_end()
    while time.monotonic() < end and not all(child.ended() for child in children):
        sleep(0.1)
    for child in children:
        child.kill_group()


if __name__ == "__main__":
    main()
