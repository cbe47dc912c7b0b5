"""Brings a SQLite file to a schema, in a process of its own: `python -m mediasync.backups.schema FILE [app.name …]`.

Migrations work on the default connection of their process, so they cannot be run on a file beside it.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import django
from django.conf import settings
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from mediasync.backups.errors import BackupError

BASE_DIR = Path(__file__).resolve().parents[2]
PLAIN = "PRAGMA journal_mode = DELETE; PRAGMA synchronous = FULL"


def bring(path: Path, targets: Sequence[str] = ()) -> None:
    """Bring the file at `path` to the schema named, else to this version's; raises `BackupError`."""
    done = subprocess.run(  # noqa: S603  our own module
        [sys.executable, "-m", "mediasync.backups.schema", str(path), *targets],
        cwd=BASE_DIR,
        env={"DJANGO_SETTINGS_MODULE": "mediasync.settings", **os.environ},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        errors="replace",
        check=False,
    )
    if done.returncode:
        why = (done.stderr.strip().splitlines() or ["no reason was given"])[-1]
        raise BackupError(f"The database in the backup could not be brought to this version's schema: {why}")


def entry(path: Path, *, init: str = PLAIN) -> dict[str, Any]:
    """Return Django's entry for a SQLite file."""
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": str(path),
        "OPTIONS": {"transaction_mode": "IMMEDIATE", "timeout": 20, "init_command": init},
    }


def main(path: str, *targets: str) -> None:
    """Migrate; signals that make rows for permissions are not sent, since rows come from the backup."""
    settings.DATABASES = {"default": entry(Path(path))}
    django.setup()
    executor = MigrationExecutor(connection)
    named = [target.partition(".") for target in targets]
    executor.migrate([(app, name) for app, _dot, name in named] or executor.loader.graph.leaf_nodes())
    connection.close()


if __name__ == "__main__":
    main(*sys.argv[1:])
