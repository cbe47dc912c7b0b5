"""The watcher: keeps the folders of all libraries watched, and tells what happened in lines of JSON.

It is told `{"libraries": {"3": "/media/films"}}` and tells `{"library": 3, "shallow": […], "deep": […]}`,
`{"library": 3, "anywhere": "why"}` and `{"library": 3, "watch": {…}}`; it ends when nobody listens any more.
"""

from __future__ import annotations

import json
import os
import select
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from scanner.watching import mounts
from scanner.watching.watched import Watched

SIGN_OF_LIFE_S = 60
SOON_S = 5  # figures that have changed are told so often


class Watcher:
    """The process: reads orders and events, tells hints and states."""

    def __init__(self, orders: int, tell: Callable[[dict[str, Any]], None]) -> None:
        self._orders = orders
        self._tell = tell
        self._rest = b""
        self._libraries: dict[str, Watched] = {}
        self._told: dict[str, tuple[float, dict[str, Any]]] = {}
        self._mounts = _read_mounts()
        self._mounts_file = os.open(mounts.LIST, os.O_RDONLY | os.O_CLOEXEC) if Path(mounts.LIST).exists() else -1

    def run(self) -> None:
        """Watch until nobody gives orders any more."""
        while self.turn():
            pass

    def turn(self) -> bool:
        """Wait for the next thing and do it; False when it is over."""
        ready = self._wait()
        now = time.monotonic()
        if self._orders in ready and not self._take_orders(now):
            return False
        if self._mounts_file in ready:
            self._look_at_mounts(now)
        for pk, watched in self._libraries.items():
            watched.read(now)
            watched.grow()
            if watched.is_to_be_tried(now):
                watched.begin(now)
            self._tell_what_is_due(int(pk), watched, now)
        return True

    def _wait(self) -> set[int]:
        waiting = select.poll()
        waiting.register(self._orders, select.POLLIN)
        if self._mounts_file >= 0:
            waiting.register(self._mounts_file, select.POLLPRI | select.POLLERR)
        for watched in self._libraries.values():
            if watched.tree is not None:
                waiting.register(watched.tree.handle, select.POLLIN)
        return {handle for handle, _event in waiting.poll(max(0.0, self._seconds_left()) * 1_000)}

    def _seconds_left(self) -> float:
        """Return until when there is nothing to do but to listen."""
        now = time.monotonic()
        if any(watched.tree and not watched.tree.complete for watched in self._libraries.values()):
            return 0.0
        due = [at for watched in self._libraries.values() if (at := watched.gathering.due_at()) is not None]
        due += [watched.try_again_at for watched in self._libraries.values() if watched.tree is None]
        due += [self._told_anew_at(pk, watched) for pk, watched in self._libraries.items()]
        return min((at - now for at in due), default=SIGN_OF_LIFE_S)

    def _take_orders(self, now: float) -> bool:
        given = os.read(self._orders, 1 << 20)
        *lines, self._rest = (self._rest + given).split(b"\n")
        for line in lines:
            self._watch_these(json.loads(line)["libraries"], now)
        return bool(given)

    def _watch_these(self, roots: Mapping[str, str], now: float) -> None:
        for pk, watched in list(self._libraries.items()):
            if roots.get(pk) != watched.root:
                watched.close()
                del self._libraries[pk]
                self._told.pop(pk, None)
        for pk, root in roots.items():
            if pk not in self._libraries:
                self._libraries[pk] = Watched(root, self._mounts)
                self._libraries[pk].begin(now)

    def _look_at_mounts(self, now: float) -> None:
        """Begin anew where something was mounted or unmounted in a library, or below its feet."""
        self._mounts = _read_mounts()
        for pk, watched in list(self._libraries.items()):
            fresh = Watched(watched.root, self._mounts)
            if (fresh.mounts, fresh.kind) != (watched.mounts, watched.kind):
                watched.close()
                fresh.begin(now)
                self._libraries[pk] = fresh

    def _tell_what_is_due(self, pk: int, watched: Watched, now: float) -> None:
        if watched.tree is not None and watched.tree.complete and not watched.was_complete:
            watched.was_complete = True
            watched.gathering.add((), (), now=now, anywhere=True)  # nobody saw what happened before
        due = watched.gathering.due_at()
        if due is not None and now >= due:
            shallow, deep, anywhere = watched.gathering.take()
            self._tell({"library": pk, "anywhere": True} if anywhere else _hint(pk, shallow, deep))
        self._tell_state(pk, watched, now)

    def _tell_state(self, pk: int, watched: Watched, now: float) -> None:
        """Tell at once whether it is watched; figures now and then; and that we are alive."""
        _at, told = self._told.get(str(pk), (0.0, {}))
        state = watched.state()
        news = any(state[name] != told.get(name) for name in ("watching", "problem"))
        if news or now >= self._told_anew_at(str(pk), watched):
            self._tell({"library": pk, "watch": state})
            self._told[str(pk)] = now, state

    def _told_anew_at(self, pk: str, watched: Watched) -> float:
        at, told = self._told.get(pk, (0.0, {}))
        return at + (SOON_S if watched.state() != told else SIGN_OF_LIFE_S)


def _hint(pk: int, shallow: list[str], deep: list[str]) -> dict[str, Any]:
    return {"library": pk, "shallow": shallow, "deep": deep}


def _read_mounts() -> dict[str, str]:
    try:
        return mounts.parse(Path(mounts.LIST).read_text(encoding="utf-8", errors="surrogateescape"))
    except OSError:
        return {}
