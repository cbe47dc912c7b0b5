"""The watcher as a process: `python -m mediasync.supervisor.watch_process`, a child of the cluster's main process.

It knows nothing of Django, which keeps it small, and holds nothing that could be lost.
"""

from __future__ import annotations

import json
import os
import sys
from typing import Any

from mediasync.supervisor import parent
from scanner.watching.watcher import Watcher


def main() -> None:
    """Watch until the main process ends, or wants to hear no more."""
    parent.follow()
    Watcher(sys.stdin.fileno(), _tell).run()


def _tell(what: dict[str, Any]) -> None:
    line = json.dumps(what).encode() + b"\n"
    while line:
        line = line[os.write(sys.stdout.fileno(), line) :]


if __name__ == "__main__":
    try:
        main()
    except BrokenPipeError:
        sys.exit(1)
