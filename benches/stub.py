"""A server that lets its clients wait, and remembers who asked."""

from __future__ import annotations

import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager


class SlowServer(socketserver.ThreadingTCPServer):
    """Answers each line after `open` is set; `asked` counts the requests of each key."""

    daemon_threads = True
    block_on_close = False
    allow_reuse_address = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Answer)
        self.open = threading.Event()
        self.asked: list[str] = []
        self.waiting = 0

    @property
    def port(self) -> int:
        """Where it listens."""
        return int(self.server_address[1])


class _Answer(socketserver.StreamRequestHandler):
    server: SlowServer

    def handle(self) -> None:
        self.server.asked.append(self.rfile.readline().decode().strip())
        self.server.waiting += 1
        self.server.open.wait(60)
        self.server.waiting -= 1
        try:
            self.wfile.write(b"answer\n")
        except OSError:
            return  # the client was cut in the meantime


@contextmanager
def slow_server() -> Iterator[SlowServer]:
    """Serve until the block ends."""
    with SlowServer() as server:
        threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
        yield server
        server.open.set()
        server.shutdown()
