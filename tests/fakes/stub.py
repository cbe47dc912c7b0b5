"""A real HTTP server on a loopback address that logs arrivals and misbehaves when told to."""

from __future__ import annotations

import contextlib
import gzip
import json
import random
import socket
import struct
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import urlsplit


@dataclass(frozen=True)
class Arrival:
    """A request as it reached the server; `at` is monotonic."""

    at: float
    path: str
    headers: dict[str, str]
    port: int = 0  # the client's: tells connections apart
    body: bytes = b""
    method: str = "GET"


class Handler(BaseHTTPRequestHandler):
    """Logs the arrival, then does what the stub was told to do for this path."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1
    server: Server

    def do_GET(self) -> None:
        """Answer a GET."""
        self._do()

    def do_POST(self) -> None:
        """Answer a POST."""
        self._do()

    def _do(self) -> None:
        stub = self.server.stub
        headers = {k.lower(): v for k, v in self.headers.items()}
        body = self.rfile.read(int(headers.get("content-length", "0")))
        arrival = Arrival(time.monotonic(), self.path, headers, self.client_address[1], body, self.command)
        with stub.lock:
            stub.arrivals.append(arrival)
        with contextlib.suppress(ConnectionError, TimeoutError):
            stub.behaviour_of(urlsplit(self.path).path)(self)

    def finish(self) -> None:
        """Close both directions, also where the client has gone."""
        with contextlib.suppress(OSError, ValueError):
            super().finish()
        with contextlib.suppress(OSError):
            self.rfile.close()

    def reply(self, status: int = 200, body: bytes = b"", **headers: str) -> None:
        """Send a whole answer; underscores in header names become hyphens."""
        self.start(status, **{"Content_Length": str(len(body)), **headers})
        if status != 304:
            self.wfile.write(body)
        self.wfile.flush()

    def start(self, status: int = 200, **headers: str) -> None:
        """Send the status line and the headers."""
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.flush()

    def cut(self) -> None:
        """Reset the connection."""
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.close_connection = True
        self.connection.close()

    def log_message(self, *args: Any) -> None:
        """Stay silent."""


Behaviour = Callable[[Handler], None]


class Server(ThreadingHTTPServer):
    """Ends with its thread, waits for nobody."""

    daemon_threads = True
    block_on_close = False
    request_queue_size = 128
    stub: Stub

    def handle_error(self, *args: Any) -> None:
        """A client that went away is what these tests are about."""


@dataclass
class Stub:
    """What the server was told and what it has seen."""

    host: str = "127.0.0.1"
    arrivals: list[Arrival] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)
    _behaviours: dict[str, list[Behaviour]] = field(default_factory=dict)
    url: str = ""
    port: int = 0
    ended: threading.Event = field(default_factory=threading.Event)

    def on(self, path: str, *behaviours: Behaviour) -> None:
        """Do these one after the other for requests to `path` ("*": any other); the last one stays."""
        self._behaviours[path] = list(behaviours)

    def behaviour_of(self, path: str) -> Behaviour:
        """Return what to do now, using it up unless it is the last."""
        with self.lock:
            queue = self._behaviours.get(path) or self._behaviours.get("*") or [status(404)]
            return queue.pop(0) if len(queue) > 1 else queue[0]

    def times(self) -> list[float]:
        """Return when requests arrived, in order."""
        with self.lock:
            return sorted(arrival.at for arrival in self.arrivals)

    def paths(self) -> list[str]:
        """Return what was asked for, in order."""
        with self.lock:
            return [arrival.path for arrival in self.arrivals]


@contextlib.contextmanager
def serving(host: str = "127.0.0.1") -> Iterator[Stub]:
    """Run a stub on a free port."""
    stub = Stub(host)
    server = Server((host, 0), Handler)
    server.stub = stub
    stub.port = server.server_address[1]
    stub.url = f"http://{host}:{stub.port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield stub
    finally:
        stub.ended.set()
        server.shutdown()
        server.server_close()
        thread.join()


def data(thing: Any, code: int = 200, **headers: str) -> Behaviour:
    """Answer with JSON."""
    body = json.dumps(thing).encode()
    return lambda request: request.reply(code, body, **{"Content_Type": "application/json", **headers})


def raw(body: bytes, code: int = 200, **headers: str) -> Behaviour:
    """Answer with these bytes."""
    return lambda request: request.reply(code, body, **headers)


def spoken(words: bytes) -> Behaviour:
    """Say these bytes instead of an answer, and hang up."""

    def behave(request: Handler) -> None:
        request.close_connection = True
        request.wfile.write(words)
        request.wfile.flush()

    return behave


def status(code: int, **headers: str) -> Behaviour:
    """Answer with a status and a small JSON body."""
    return data({"status": code}, code, **headers)


def page(text: str, code: int = 200, **headers: str) -> Behaviour:
    """Answer with a page for people."""
    body = f"<!DOCTYPE html><html><body>{text}</body></html>".encode()
    return raw(body, code, Content_Type="text/html; charset=utf-8", **headers)


def redirect(to: str, code: int = 302) -> Behaviour:
    """Send elsewhere."""
    return raw(b"", code, Location=to)


def after(seconds: float, then: Behaviour) -> Behaviour:
    """Let the headers wait."""

    def behave(request: Handler) -> None:
        request.server.stub.ended.wait(seconds)
        then(request)

    return behave


def lagging(fastest: float, slowest: float, then: Behaviour) -> Behaviour:
    """Let the headers wait for some time in between."""

    def behave(request: Handler) -> None:
        request.server.stub.ended.wait(random.uniform(fastest, slowest))
        then(request)

    return behave


def held(event: threading.Event, then: Behaviour) -> Behaviour:
    """Answer when the test says so."""

    def behave(request: Handler) -> None:
        event.wait(20)
        then(request)

    return behave


def trickle(pause: float, *, size: int = 10_000) -> Behaviour:
    """Announce a body and send it byte by byte."""

    def behave(request: Handler) -> None:
        request.start(200, Content_Type="application/json", Content_Length=str(size))
        for _ in range(size):
            if request.server.stub.ended.is_set():
                return
            request.wfile.write(b" ")
            request.wfile.flush()
            request.server.stub.ended.wait(pause)

    return behave


def trickling_headers(pause: float) -> Behaviour:
    """Send one header after the other, never the last."""

    def behave(request: Handler) -> None:
        request.wfile.write(b"HTTP/1.1 200 OK\r\n")
        for number in range(1_000):
            request.wfile.write(f"X-{number}: 1\r\n".encode())
            request.wfile.flush()
            request.server.stub.ended.wait(pause)

    return behave


def cut_short(body: bytes, *, announced: int, reset: bool) -> Behaviour:
    """Announce more than is sent, then reset or politely close the connection."""

    def behave(request: Handler) -> None:
        request.start(200, Content_Type="application/json", Content_Length=str(announced))
        request.wfile.write(body)
        request.wfile.flush()
        request.close_connection = True
        if reset:
            request.cut()

    return behave


def endless(kind: str = "application/json") -> Behaviour:
    """Send 40 MB without announcing them."""

    def behave(request: Handler) -> None:
        request.close_connection = True
        request.start(200, Content_Type=kind, Connection="close")
        for _ in range(40):
            request.wfile.write(b" " * (1 << 20))

    return behave


def gzip_bomb(size: int = 400 << 20) -> Behaviour:
    """Send a small body that unpacks to `size` bytes."""
    body = gzip.compress(bytes(1 << 20)) * (size >> 20)
    return raw(body, Content_Type="application/json", Content_Encoding="gzip")
