"""The last step of a restore, made so that a kill at any moment leaves the old state or the new one.

`restore.json` in the data directory says how far a restore is: "begun" (nothing was replaced; what is half made is
thrown away) or "ready" (all is prepared and synced; the renames are done, again if need be). Whoever starts first
after a kill finishes. On a server the rows come in one transaction, which leaves a mark: after a kill the restore is
"undecided" until somebody has looked for that mark.

Knows neither Django nor settings: the settings themselves may be what is replaced.
"""

from __future__ import annotations

import fcntl
import json
import os
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

PLAN, LOCK = "restore.json", "restore.lock"
NEW = ".restoring"  # added to the name of what waits to be put in place
PATIENCE_S = 3
UNDECIDED = "undecided"
AGAIN = "To have the backup, restore it again."


class Busy(Exception):
    """A restore is under way in another process; the text says so."""


@contextmanager
def alone(data: Path, *, patience: float = 0) -> Iterator[None]:
    """Keep every other restore off the data directory; raises `Busy` where there is one after so many seconds."""
    handle = os.open(data / LOCK, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    end = time.monotonic() + patience
    try:
        while not _locked(handle):
            if time.monotonic() >= end:
                raise Busy(f"A backup is just being restored into {data}. Wait until that is done.")
            time.sleep(0.1)
        yield
    finally:
        os.close(handle)


def begin(data: Path, *, archive: str, database: Path | None, scratch: Path) -> str:
    """Note that a restore begins, and what it will make; `database` is None where it is on a server.

    Returns the mark that its transaction is to leave there.
    """
    mark = uuid.uuid4().hex
    plan = {"step": "begun", "archive": archive, "database": str(database or ""), "scratch": str(scratch)}
    _write(data, plan | {"mark": mark})
    return mark


def ready(data: Path) -> None:
    """Note that all is prepared: from here on the restore is finished, whatever happens. Call `finish` next."""
    _write(data, {**_read(data), "step": "ready"})


def look(data: Path) -> str:
    """Finish or undo what was cut off; returns the sentence that tells it, empty where there was nothing.

    Raises `Busy` while somebody restores.
    """
    if not (data / PLAN).exists():
        return ""
    with alone(data, patience=PATIENCE_S):
        if not (data / PLAN).exists():
            return ""
        plan = _read(data)
        if plan.get("step") in ("begun", UNDECIDED) and not plan.get("database"):
            _write(data, {**plan, "step": UNDECIDED})
            return ""
        return _told(plan, complete=finish(data))


def undecided(data: Path) -> str:
    """Return the mark to look for on the server; empty where nothing is to be decided."""
    plan = _read(data)
    return str(plan.get("mark", "")) if plan.get("step") == UNDECIDED else ""


def decide(data: Path, *, restored: bool) -> str:
    """Finish or undo what was cut off, by what the server holds; returns the sentence that tells it. Raises `Busy`."""
    with alone(data, patience=PATIENCE_S):
        if not undecided(data):
            return ""
        plan = _read(data)
        if restored:
            ready(data)
        return _told(plan, complete=finish(data))


def _told(plan: dict[str, Any], *, complete: bool) -> str:
    if complete:
        return f"A restore of {plan.get('archive')} had been cut off near its end; it is complete now."
    return f"A restore of {plan.get('archive')} was cut off: the database is as it was. {AGAIN}"


def finish(data: Path) -> bool:
    """Put in place what is ready, or throw away what is not; returns whether it was ready. Safe to repeat."""
    plan = _read(data)
    is_ready = plan.get("step") == "ready"
    database = Path(plan["database"]) if plan.get("database") else None
    for target in filter(None, (database, data / ".env")):
        new = target.with_name(target.name + NEW)
        if is_ready and new.exists():
            _put(new, target)
        else:
            _remove(new)
    if plan.get("scratch"):
        _remove(Path(plan["scratch"]))
    _remove(data / PLAN)
    _sync(data)
    return is_ready


def _put(new: Path, target: Path) -> None:
    """Rename over the old; its log must go first, or SQLite would play it back onto the new database."""
    for tail in ("-wal", "-shm", "-journal"):
        _remove(target.with_name(target.name + tail))
        _remove(new.with_name(new.name + tail))
    _sync(target.parent)
    new.replace(target)
    _sync(target.parent)


def _locked(handle: int) -> bool:
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _remove(path: Path) -> None:
    for tail in ("", "-wal", "-shm", "-journal") if path.name.endswith(NEW) else ("",):
        path.with_name(path.name + tail).unlink(missing_ok=True)


def _read(data: Path) -> dict[str, Any]:
    try:
        found = json.loads((data / PLAN).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def _write(data: Path, plan: dict[str, Any]) -> None:
    temporary = data / f"{PLAN}.new"
    handle = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        json.dump(plan, file)
        file.flush()
        os.fsync(file.fileno())
    temporary.replace(data / PLAN)
    _sync(data)


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
