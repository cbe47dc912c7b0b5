"""What many pages show of one moment is read and rendered once for all of them.

Four browsers that watch the same list cost as much as one. An action ends the moment in every web process:
they are forks of one and share the memory that says when somebody last did something.
"""

from __future__ import annotations

import mmap
import struct
import time
from collections.abc import Callable
from typing import Any, TypeVar

from django.conf import settings

T = TypeVar("T")
MOST = 64  # things kept at once
_CLOCK = struct.Struct("d")
_acted = mmap.mmap(-1, _CLOCK.size)
_kept: dict[Any, tuple[float, Any]] = {}


def shared(key: Any, make: Callable[[], T], *, seconds: float = 1.0) -> T:
    """Return what `make` returned for this key a moment ago, in this process and since the last action; else anew."""
    now, kept = time.monotonic(), _kept.get(key)
    if kept and now - kept[0] < seconds * settings.WIRE_SECONDS and holds(kept[0]):
        return kept[1]  # type: ignore[no-any-return]
    made = make()
    if len(_kept) >= MOST:
        _kept.clear()
    _kept[key] = (now, made)
    return made


def holds(since: float) -> bool:
    """Return whether nobody has done anything since, in any web process; in seconds of the monotonic clock."""
    return since > float(_CLOCK.unpack(_acted[:])[0])


def ended() -> None:
    """Let every page from here on look anew: somebody has just done something."""
    _acted[:] = _CLOCK.pack(time.monotonic())
