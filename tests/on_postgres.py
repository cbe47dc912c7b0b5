"""Runs pytest against a private PostgreSQL: `python -m tests.on_postgres [arguments for pytest]`."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from benches.postgres import private_postgres


def main() -> int:
    if not list(Path("/usr/lib/postgresql").glob("*/bin/initdb")):
        print("PostgreSQL is not installed: the tests ran on SQLite only.")
        return int(os.environ.get("MEDIASYNC_REQUIRE") == "all")
    with private_postgres() as url:
        environment = {**os.environ, "MEDIASYNC_TEST_DATABASE_URL": url}
        return subprocess.run(["pytest", *sys.argv[1:]], env=environment).returncode


if __name__ == "__main__":
    sys.exit(main())
