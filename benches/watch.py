"""Watching: seconds from a new file to its described title, and what 10,000 files at once lead to.

Arguments: --films N (40) that come one by one, --files N (10,000) that are copied in at once.
"""

from __future__ import annotations

import argparse
import shutil
import statistics
import subprocess
import tempfile
import time
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

from benches import trees
from benches.bars import at_most
from benches.household import Household, stop, until
from jobs.models import Job
from scanner.demo import service
from scanner.demo.catalogue import Film
from scanner.models import Hint, Library, MediaFile, Scan, Title, Watch
from scanner.services import libraries

PAUSE_S = 1.0
KINDS = ("scanner.look", "scanner.walk")


def run(arguments: list[str]) -> dict[str, Any]:
    """Copy films in one by one, then many files at once; returns figures and bars."""
    options = _options(arguments)
    films = [Film(n + 1, trees.name_of(n), date(1990, 5, 1), "A film.") for n in range(options.films)]
    with tempfile.TemporaryDirectory(prefix="mediasync-watch-") as folder, service.running(_known(films)) as server:
        place = Path(folder)
        for name in ("data", "films", "more"):
            (place / name).mkdir()
        settings = {"TMDB_API_KEY": service.KEY, "TMDB_BASE_URL": f"{server.address}/3"}
        with Household(place / "data", **settings).open() as household:
            libraries.add(str(place / "films"), kind=Library.Kind.MOVIES)
            more = libraries.add(str(place / "more"), kind=Library.Kind.MIXED)[0]
            main = household.start("work")
            until(lambda: Watch.objects.filter(watching=True).count() == 2 and _is_quiet(), what="all was quiet")
            seconds = [_described(place / "films", film) for film in films]
            scans = Scan.objects.count()
            copied = _copied(place, more, options.files)
            stop(main)
    return _result(seconds, scans, copied)


def _options(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bench watch")
    parser.add_argument("--films", type=int, default=40)
    parser.add_argument("--files", type=int, default=10_000)
    return parser.parse_args(arguments)


def _known(films: Sequence[Film]) -> service.Service:
    return service.Service(films, ())


def _described(folder: Path, film: Film) -> float:
    """Write a film and return after how many seconds its title is described."""
    name = f"{film.title} (1990)"
    (folder / name).mkdir()
    began = time.monotonic()
    (folder / name / f"{name}.mkv").write_bytes(b"x" * (100_000 + film.id))
    described = Title.objects.filter(tmdb_id=film.id, state=Title.State.INDEXED)
    until(described.exists, what=f"{name} was described")
    seconds = time.monotonic() - began
    until(_is_quiet, what="the rest was done")
    time.sleep(PAUSE_S)
    return seconds


def _copied(place: Path, library: Library, files: int) -> dict[str, float]:
    """Copy many files in at once; returns how long that took, and what it led to."""
    trees.make(place / "new", files)
    began, scans = time.monotonic(), Scan.objects.count()
    last_look = Job.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    subprocess.run(["cp", "-r", str(place / "new"), str(place / "more")], check=True)  # noqa: S603, S607
    copying = time.monotonic() - began
    stored = MediaFile.objects.filter(library=library)
    until(lambda: stored.count() == files and not Hint.objects.exists(), seconds=300, what="all files were stored")
    seconds = time.monotonic() - began
    Job.objects.filter(state=Job.State.READY).exclude(kind__in=KINDS).update(state=Job.State.CANCELLED)
    until(lambda: not Job.objects.filter(kind__in=KINDS, state__in=Job.OPEN).exists(), what="nothing more was walked")
    shutil.rmtree(place / "new")
    return {
        "copying_seconds": copying,
        "stored_after_seconds": seconds,
        "scans": Scan.objects.count() - scans,
        "looks": Job.objects.filter(kind="scanner.look", pk__gt=last_look).count(),
    }


def _is_quiet() -> bool:
    walked = Scan.objects.filter(state=Scan.State.DONE).exists()
    return walked and not Job.objects.filter(state__in=(Job.State.READY, Job.State.LEASED)).exists()


def _result(seconds: Sequence[float], scans: int, copied: dict[str, float]) -> dict[str, Any]:
    p95 = statistics.quantiles(seconds, n=20)[-1]
    figures = {
        "described_p50_seconds": round(statistics.median(seconds), 2),
        "described_p95_seconds": round(p95, 2),
        "described_longest_seconds": round(max(seconds), 2),
        "scans_while_films_came": scans - 2,  # but for one a library when the watch began
        **{name: round(value, 2) for name, value in copied.items()},
    }
    bars = {
        "new file described, p95, s": at_most(p95, 5),
        "scans for many files at once": at_most(copied["scans"], 1),
    }
    return {"figures": figures, "bars": bars}
