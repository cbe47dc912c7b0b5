"""How well a scan tells when it ends: what it promised each half second, against when it really ended.

Arguments: names of cases (default: all). `brisk`: 200 films, 20 requests a second; `slow`: 150 films,
35 in ten seconds; `share`: the second walk of 60,000 files on a disk that takes its time; `local`: a
library without a service, where the machine alone decides (figures, no bar).
"""

from __future__ import annotations

import os
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

from django.conf import settings as conf
from django.db import connection

from benches import trees
from benches.bars import at_most
from benches.household import Household, stop
from jobs import drain
from jobs.models import Job
from scanner.demo import service
from scanner.demo.catalogue import Film
from scanner.demo.service import Asked, Reply
from scanner.models import Library, Scan
from scanner.services import libraries, scans
from scanner.services.scans import origin_of

LATENCY_S = 0.08
LOOK_S = 0.5
TOLD_AT = (0.1, 0.25, 0.5, 0.75)
LEEWAY_S = 1.0  # a page shows whole seconds and is polled every other one
LATENCY_OF_A_SHARE_S = 0.001
LONGEST_S = 900


@dataclass(frozen=True, slots=True)
class Told:
    """What was shown `at` seconds after the start: seconds to go, None where nothing was promised."""

    at: float
    left: float | None
    share: float


class Slow(service.Service):
    """A metadata service with the delay of a real one, whose pictures cost next to nothing."""

    def __init__(self, films: Sequence[Film]) -> None:
        super().__init__(films, ())
        self._drawn: dict[str, Reply] = {}

    def answer(self, asked: Asked) -> Reply:
        """Answer after a while."""
        time.sleep(LATENCY_S)
        return super().answer(asked)

    def _picture(self, path: str) -> Reply:
        plain = {"poster": "/t/p/w780/f1-poster.jpg", "logo": "/t/p/w500/f1-logo.png"}
        name = next((plain[role] for role in plain if role in path), "/t/p/w1280/f1-backdrop.jpg")
        if name not in self._drawn:
            self._drawn[name] = super()._picture(name)
        drawn = self._drawn[name]
        return Reply(drawn.bytes() + path.encode(), headers=drawn.headers)  # another picture, as cheap


def run(arguments: list[str]) -> dict[str, Any]:
    """Run the cases; the bar: what is told from a tenth of the way on is off by a fifth at most."""
    figures: dict[str, Any] = {}
    bars: dict[str, Any] = {}
    for name in arguments or list(CASES):
        with tempfile.TemporaryDirectory(prefix="mediasync-eta-") as folder:
            told, end = CASES[name](Path(folder))
        figures[name] = {"seconds": round(end, 1), **_table(told, end)}
        errors = [_error(told, end, share) for share in TOLD_AT]
        figures[name]["worst"] = round(max(errors), 3)
        if name != "local":
            bars[f"{name}: error of the time to go, at worst"] = at_most(max(errors), 0.2)
    return {"figures": figures, "bars": bars}


def _table(told: Sequence[Told], end: float) -> dict[str, str]:
    """Return what was told at each quarter: predicted and true seconds to go."""
    return {f"{share:.0%}": _cell(_nearest(told, end * share), end) for share in TOLD_AT}


def _cell(one: Told, end: float) -> str:
    left = "nothing" if one.left is None else f"{one.left:.1f} s"
    return f"told {left}, true {end - one.at:.1f} s (bar at {one.share:.0%})"


def _error(told: Sequence[Told], end: float, share: float) -> float:
    """Return by what part of the true time to go the promise was off; 1 where nothing was promised."""
    one = _nearest(told, end * share)
    true = end - one.at
    return 1.0 if one.left is None else max(0.0, abs(one.left - true) - LEEWAY_S) / true


def _nearest(told: Sequence[Told], at: float) -> Told:
    return min(told, key=lambda one: abs(one.at - at))


# --- the cases ---


def _films(folder: Path, count: int) -> list[Film]:
    """Make a film folder each, and what the service knows of them."""
    films = [
        Film(id=n + 1, title=trees.name_of(n), released=date(1990, 5, 1), overview="A film.") for n in range(count)
    ]
    for film in films:
        where = folder / f"{film.title} (1990)"
        where.mkdir(parents=True)
        (where / f"{film.title} (1990).mkv").write_bytes(b"x" * (1000 + film.id))
        os.utime(where / f"{film.title} (1990).mkv", (trees.OLD, trees.OLD))
    return films


def _described(folder: Path, *, films: int, limit: str) -> tuple[list[Told], float]:
    """First index of films against a metadata service with a limit, by the cluster as it is."""
    known = Slow(_films(folder / "films", films))
    (folder / "data").mkdir()
    with service.running(known) as server:
        settings = {
            "TMDB_API_KEY": service.KEY,
            "TMDB_BASE_URL": f"{server.address}/3",
            "TMDB_LIMIT": limit,
            "DJANGO_SETTINGS_MODULE": "mediasync.settings",
        }
        conf.TMDB = replace(conf.TMDB, api_key=service.KEY, demo=False)  # forecasts ask whether there is one
        with Household(folder / "data", **settings).open() as household:
            main = household.start("work")
            scan = _start(folder / "films")
            told = _watch(scan)
            stop(main)
    return told


def _start(folder: Path) -> Scan:
    library: Library = libraries.add(str(folder))[0]
    return scans.start([library], actor="bench")[0]


def _local(folder: Path) -> tuple[list[Told], float]:
    """First index without a metadata service, to the last job."""
    conf.TMDB = replace(conf.TMDB, api_key="")
    trees.make(folder / "media", 4_000)
    (folder / "data").mkdir()
    with Household(folder / "data", DJANGO_SETTINGS_MODULE="mediasync.settings").open() as household:
        main = household.start("work")
        told = _watch(_start(folder / "media"))
        stop(main)
    return told


def _share(folder: Path) -> tuple[list[Told], float]:
    """A second scan of an unchanged library on a slow disk: the walk is all there is."""
    trees.make(folder / "media", 60_000)
    (folder / "data").mkdir()
    with Household(folder / "data").open():
        scan = _start(folder / "media")
        drain.run_until_idle(kinds=["scanner.walk"], origin=origin_of(scan))
        Job.objects.all().delete()
        with _slow_disk():
            again = scans.start(Library.objects.all(), actor="bench")[0]
            worker = threading.Thread(target=_walk, args=(again,))
            worker.start()
            told = _watch(again)
            worker.join()
    return told


def _walk(scan: Scan) -> None:
    try:
        drain.run_until_idle(kinds=["scanner.walk"], origin=origin_of(scan))
    finally:
        connection.close()


@contextmanager
def _slow_disk() -> Iterator[None]:
    """Have every folder that is opened take a while, as on a share."""
    fast = os.open

    def slow(*arguments: Any, **options: Any) -> int:
        time.sleep(LATENCY_OF_A_SHARE_S)
        return fast(*arguments, **options)

    os.open = slow
    try:
        yield
    finally:
        os.open = fast


def _watch(scan: Scan) -> tuple[list[Told], float]:
    """Look twice a second until nothing of the scan is left; returns what was told, and when it ended."""
    began = time.monotonic()
    told: list[Told] = []
    while time.monotonic() - began < LONGEST_S:
        scan.refresh_from_db()
        seen = scans.progress(scan)
        at = time.monotonic() - began
        if scan.state != Scan.State.OPEN and not _left(scan):
            return told, at
        told.append(Told(at, seen.eta_seconds, seen.done / (seen.total or 1)))
        time.sleep(LOOK_S)
    raise TimeoutError("the scan did not end")


def _left(scan: Scan) -> bool:
    return Job.objects.filter(origin=origin_of(scan), state__in=(Job.State.READY, Job.State.LEASED)).exists()


CASES: dict[str, Callable[[Path], tuple[list[Told], float]]] = {
    "brisk": lambda folder: _described(folder, films=200, limit="20/1"),
    "slow": lambda folder: _described(folder, films=150, limit="35/10"),
    "local": _local,
    "share": _share,
}
