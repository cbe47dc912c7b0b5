"""The demo's metadata service as a process: `python -m mediasync.demo_service`, a child of `up`.

It knows nothing of Django, which keeps it small.
"""

from __future__ import annotations

import sys

from mediasync import demo_place, environment
from mediasync.supervisor import parent
from scanner.demo.service import Server, Service


def main() -> int:
    """Serve until ended; 1 where there is no demo."""
    parent.follow()
    port = demo_place.port(environment.data_dir())
    if port is None:
        return 1
    Server(Service(), port=port).serve_forever()
    return 0


if __name__ == "__main__":
    sys.exit(main())
