"""The demo's metadata service as a process: `python -m mediasync.demo_service`, a child of `up`.

It knows nothing of Django, which keeps it small.
"""

from __future__ import annotations

import os
import sys
from typing import Any

from jobs.thrift import Thrift
from mediasync import demo_place, environment
from mediasync.supervisor import parent
from scanner.demo.service import Server, Service


class ThriftyServer(Server):
    """Starts anew, and small, once nobody new has come for a while: drawing pictures leaves much behind."""

    def __init__(self, *args: Any, **options: Any) -> None:
        self._thrift, self._connections = Thrift(), 0
        super().__init__(*args, **options)

    def process_request(self, request: Any, client_address: Any) -> None:
        """Count who comes."""
        self._connections += 1
        super().process_request(request, client_address)

    def service_actions(self) -> None:
        """Look after the memory; called twice a second."""
        if self._thrift.look(runs=self._connections, busy=False):
            os.environ[parent.VARIABLE] = str(os.getppid())
            os.execv(sys.executable, [sys.executable, "-m", "mediasync.demo_service"])  # noqa: S606  ourselves


def main() -> int:
    """Serve until ended; 1 where there is no demo."""
    parent.follow()
    port = demo_place.port(environment.data_dir())
    if port is None:
        return 1
    ThriftyServer(Service(), port=port).serve_forever()
    return 0


if __name__ == "__main__":
    sys.exit(main())
