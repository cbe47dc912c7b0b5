"""TMDB's pictures: where they are, which `/configuration` says, and fetching one."""

from __future__ import annotations

import fcntl
import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings

from jobs import running
from outbound.client import Client
from scanner.providers import tmdb

KEPT_SECONDS = 3 * 86_400
PICTURE_MAX = 20 << 20


def fetch(path: str, *, size: str) -> bytes:
    """Return the bytes of a picture; whether they are one is for the caller to see."""
    client = Client(tmdb.IMAGE_SOURCE)
    return client.get_bytes(image_url(path, size=size), max_bytes=PICTURE_MAX, accept=("image/",))


def image_url(path: str, *, size: str) -> str:
    """Return the address of a picture path ("/x.jpg") in a size TMDB offers ("w342", "original")."""
    return f"{_base().rstrip('/')}/{size}{path}"


def _base() -> str:
    """Return the setting, else what `/configuration` said in the last three days.

    The answer is kept in a file because all processes share it: one request, not one a process.
    """
    given = tmdb.service().image_base_url
    if given:
        return str(given)
    kept = Path(settings.DATA_DIR) / "tmdb-configuration.json"
    if found := _read(kept):
        return found
    with _alone(kept.with_suffix(".lock")):
        return _read(kept) or _ask(kept)


def _read(kept: Path) -> str:
    try:
        found = json.loads(kept.read_bytes())
        fresh = found["service"] == tmdb.service().base_url and 0 <= time.time() - found["at"] < KEPT_SECONDS
        return str(found["images"]) if fresh else ""
    except (OSError, ValueError, KeyError, TypeError):  # not there yet, or cut by a power loss: ask again
        return ""


def _ask(kept: Path) -> str:
    images = tmdb.image_base()
    scratch = kept.with_suffix(".new")
    scratch.write_text(json.dumps({"service": tmdb.service().base_url, "images": images, "at": time.time()}))
    scratch.replace(kept)
    return images


@contextmanager
def _alone(lock: Path) -> Iterator[None]:
    """Let one thread of all processes ask; the others wait for its answer and can be stopped meanwhile."""
    with lock.open("w") as handle:
        while True:
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                running.wait(0.1)
        yield
