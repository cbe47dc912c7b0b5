"""The demo's metadata service as a process: `python -m mediasync.demo_service`, a child of `up`.

It knows nothing of Django, which keeps it small.
"""

from __future__ import annotations

import os
import socket  # noqa: TID251  the one it listens at; connects to nobody
import sys
import threading
from typing import Any

from jobs.thrift import Thrift
from mediasync import demo_place, environment
from mediasync.supervisor import parent
from scanner.demo.service import Server, Service


class Counted:
    """A service, and how many requests it had and has."""

    def __init__(self, service: Any) -> None:
        self.asked = self.under_way = 0
        self._service, self._lock = service, threading.Lock()

    def answer(self, asked: Any) -> Any:
        """Answer as the service does."""
        self._count(asked=1, under_way=1)
        try:
            return self._service.answer(asked)
        finally:
            self._count(under_way=-1)

    def _count(self, *, asked: int = 0, under_way: int = 0) -> None:
        with self._lock:
            self.asked += asked
            self.under_way += under_way


class ThriftyServer(Server):
    """Starts anew, and small, once nobody has asked for a while: drawing pictures leaves much behind.

    The socket it listens at goes on to the new one: who comes meanwhile waits there, and nobody can take the port.
    """

    request_queue_size = 128  # they wait for as long as Python takes to start

    def __init__(self, service: Any, *, port: int = 0, listener: socket.socket | None = None) -> None:
        self._thrift, self._connections = Thrift(), 0
        self._counted, self._listener = Counted(service), listener
        super().__init__(self._counted, port=port)

    def server_bind(self) -> None:
        """Listen where the one before us did, where there was one."""
        if self._listener is None:
            super().server_bind()
            return
        self.socket.close()
        self.socket = self._listener
        self.server_address = self.socket.getsockname()
        self.server_name, self.server_port = "127.0.0.1", self.socket.getsockname()[1]

    def process_request(self, request: Any, client_address: Any) -> None:
        """Count who comes; a connection that is kept may bring requests for long."""
        self._connections += 1
        super().process_request(request, client_address)

    def service_actions(self) -> None:
        """Look after the memory; called twice a second."""
        if self._thrift.look(runs=self._connections + self._counted.asked, busy=self._counted.under_way > 0):
            self._start_anew()

    def _start_anew(self) -> None:
        os.environ[parent.VARIABLE] = str(os.getppid())
        self.socket.set_inheritable(True)
        again = [sys.executable, "-m", "mediasync.demo_service", str(self.fileno())]
        os.execv(sys.executable, again)  # noqa: S606  ourselves


def main() -> int:
    """Serve until ended; 1 where there is no demo."""
    parent.follow()
    port = demo_place.port(environment.data_dir())
    if port is None:
        return 1
    listener = socket.socket(fileno=int(sys.argv[1])) if len(sys.argv) > 1 else None
    ThriftyServer(Service(), port=port, listener=listener).serve_forever()
    return 0


if __name__ == "__main__":
    sys.exit(main())
