"""Where the demo lies and which port its metadata service has; read before Django starts."""

from __future__ import annotations

import json
import socket  # noqa: TID251  finds a free port; nothing is sent
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mediasync.configuration import Tmdb

KEY = "00000000000000000000000000000000"  # in the shape of a v3 key; opens nothing but the demo
LIMIT = (200, 10.0)  # our own machine answers; still paced, so that the pages show a budget at work


def folder(data: Path) -> Path:
    """Return the folder of the demo's files."""
    return data / "demo" / "library"


def port(data: Path) -> int | None:
    """Return the port of the demo's metadata service, None where there is no demo."""
    try:
        found = json.loads(_file(data).read_text())["port"]
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return found if isinstance(found, int) else None


def reserve(data: Path) -> int:
    """Choose a free port for the demo's service and keep it for all processes."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        chosen: int = probe.getsockname()[1]
    _file(data).parent.mkdir(parents=True, exist_ok=True)
    _file(data).write_text(json.dumps({"port": chosen}))
    return chosen


def is_free(port: int) -> bool:
    """Return whether the service could listen there now."""
    try:
        socket.create_server(("127.0.0.1", port)).close()
    except (OSError, OverflowError):
        return False
    return True


def metadata_service(data: Path, given: Tmdb) -> Tmdb:
    """Return the service to ask: the demo's where there is a demo and no key for the real one."""
    chosen = None if given.api_key else port(data)
    if chosen is None:
        return given
    base = f"http://127.0.0.1:{chosen}"
    there = {"base_url": f"{base}/3", "image_base_url": f"{base}/t/p/"}
    return replace(given, api_key=KEY, **there, limit=LIMIT, image_limit=LIMIT, demo=True)


def forget(data: Path) -> None:
    """Give the demo up: from the next start on nobody asks its service."""
    _file(data).unlink(missing_ok=True)


def _file(data: Path) -> Path:
    return data / "demo" / "service.json"
