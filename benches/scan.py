"""Scanning a large tidy library through the product's command, against `find` on the same tree.

Arguments: --files N (100,000), --rounds N (5). Times of commands have the start-up of the same
Python with Django and the command's imports taken off, measured beside each of them.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from benches import trees

HERE = Path(__file__).resolve().parent.parent
JOB_TABLES = {"scanner_scan", "jobs_job", "jobs_drain", "jobs_pool", "jobs_schedule", "sqlite_sequence"}


def run(arguments: list[str]) -> dict[str, Any]:
    """Index, rescan and change a tree; returns figures and bars."""
    options = _options(arguments)
    scratch = Path(tempfile.mkdtemp(prefix="mediasync-bench-"))
    try:
        return _Bench(scratch, options.files, options.rounds).run()
    finally:
        shutil.rmtree(scratch)


def _options(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bench scan")
    parser.add_argument("--files", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=5)
    return parser.parse_args(arguments)


class _Bench:
    def __init__(self, scratch: Path, files: int, rounds: int) -> None:
        self.tree, self.data = scratch / "media", scratch / "data"
        self.files, self.rounds = files, rounds
        self.environment = {**os.environ, "MEDIASYNC_DATA": str(self.data), "DATABASE_URL": "", "TMDB_API_KEY": ""}

    def run(self) -> dict[str, Any]:
        trees.make(self.tree, self.files)
        self.manage("migrate", "--verbosity", "0")
        find = self.find()
        first = self.first_index()
        find = statistics.median((find, self.find()))
        self.settle()
        rounds = [self.round() for _ in range(self.rounds)]
        rescan = statistics.median((seconds - startup) / base for base, startup, seconds in rounds)
        written = self.rows_written()
        changed = self.changed()
        by_dates = self.by_dates()
        figures = {
            "files": self.files,
            "find_seconds": round(find, 3),
            "startup_seconds": round(statistics.median(startup for _base, startup, _seconds in rounds), 3),
            "first_index_seconds": round(first["seconds"], 2),
            "first_index_peak_mb": first["peak_mb"],
            "rescan_seconds": round(statistics.median(seconds - startup for _base, startup, seconds in rounds), 3),
            "rows_written_by_a_rescan": written,
            "changed_seconds": round(changed["changed"], 3),
            "unchanged_seconds": round(changed["unchanged"], 3),
            "dirs_walk_seconds": round(by_dates["walk"], 3),
            "dirs_rows_written": by_dates["written"],
        }
        bars = self.bars(find, first, rescan, written, changed)
        bars["dirs: rescan ÷ find"] = _bar(by_dates["ratio"], 0.5)
        bars["dirs: rows written by an unchanged rescan"] = _bar(by_dates["written"], 0)
        return {"figures": figures, "bars": bars}

    def bars(
        self, find: float, first: dict[str, Any], rescan: float, written: int, changed: dict[str, float]
    ) -> dict[str, Any]:
        ratio = changed["changed"] / changed["unchanged"]
        index = first["seconds"] / find
        return {
            "rescan ÷ find": _bar(rescan, 2.0),
            "rows written by an unchanged rescan": _bar(written, 0),
            "first index ÷ find": _bar(index, 20.0),
            "first index, memory over idle, MB": _bar(first["peak_mb"] - first["idle_mb"], 120),
            "1 % changed ÷ unchanged": _bar(ratio, 1.25),
        }

    def manage(self, *arguments: str) -> str:
        command = [sys.executable, str(HERE / "manage.py"), *arguments]
        done = subprocess.run(command, env=self.environment, check=False, capture_output=True, text=True)  # noqa: S603
        if done.returncode not in (0, 1):
            raise RuntimeError(f"{arguments}: {done.stderr[-2000:]}")
        return done.stdout

    def find(self) -> float:
        return statistics.median(_timed(self._find) for _ in range(3))

    def _find(self) -> None:
        subprocess.run(["find", str(self.tree), "-printf", "%s %T@ %p\\n"], stdout=subprocess.DEVNULL, check=True)  # noqa: S603, S607

    def startup(self) -> None:
        """Run the same command with nothing to do but to load."""
        self.manage("scan", "--help")

    def scan(self, mode: str = "quick") -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.manage("scan", str(self.tree), "--wait", "--json", "--mode", mode))
        return found

    def by_dates(self) -> dict[str, float]:
        """Scan by the dates of folders, once they are known, in turns with `find` and a start with nothing to do."""
        self.scan("dirs")
        rounds = [self.round("dirs") for _ in range(self.rounds)]
        before = self.contents()
        walk = self.scan("dirs")["scans"][0]["walk_seconds"]
        after = self.contents()
        return {
            "ratio": statistics.median((seconds - startup) / base for base, startup, seconds in rounds),
            "walk": walk,
            "written": sum(before[name] != after[name] for name in before),
        }

    def first_index(self) -> dict[str, Any]:
        """Run only the scan itself in a process of its own, without the jobs that follow."""
        code = "from benches.scan import _first; _first()"
        environment = {**self.environment, "BENCH_TREE": str(self.tree), "DJANGO_SETTINGS_MODULE": "mediasync.settings"}
        done = subprocess.run(  # noqa: S603
            [sys.executable, "-c", code], env=environment, cwd=HERE, check=True, capture_output=True, text=True
        )
        found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
        return found

    def settle(self) -> None:
        """Take the jobs away that follow from the first index: here only scans are measured."""
        with sqlite3.connect(self.data / "db.sqlite3") as database:
            database.execute("UPDATE jobs_job SET state='cancelled' WHERE state IN ('ready', 'leased')")
            database.execute("UPDATE scanner_mediafile SET state='indexed', fingerprint='bench'")
            database.execute("UPDATE scanner_match SET state='ignored'")

    def round(self, mode: str = "quick") -> tuple[float, float, float]:
        """Time `find`, a start with nothing to do and a scan, one right after the other."""
        return _timed(self._find), _timed(self.startup), _timed(lambda: self.scan(mode))

    def rows_written(self) -> int:
        """Count the rows of other tables than Scan, Job and heartbeat that a rescan changed."""
        before = self.contents()
        self.scan()
        after = self.contents()
        return sum(before[name] != after[name] for name in before)

    def contents(self) -> dict[str, int]:
        with sqlite3.connect(self.data / "db.sqlite3") as database:
            names = [row[0] for row in database.execute("SELECT name FROM sqlite_master WHERE type='table'")]
            return {
                name: hash(tuple(database.execute(f'SELECT * FROM "{name}"')))
                for name in names
                if name not in JOB_TABLES
            }

    def changed(self) -> dict[str, float]:
        """Pair scans of an unchanged tree with scans of one in which 1 % was touched."""
        pairs = [(self.scan_seconds(), self.touch_and_scan(number)) for number in range(self.rounds)]
        unchanged, changed = zip(*pairs, strict=True)
        return {"unchanged": statistics.median(unchanged), "changed": statistics.median(changed)}

    def scan_seconds(self) -> float:
        """Return the seconds until the Scan row ended."""
        return float(self.scan()["scans"][0]["seconds"])

    def touch_and_scan(self, number: int) -> float:
        for index, path in enumerate(trees.paths(self.files)):
            if index % 100 == 7:
                os.utime(self.tree / path, (trees.OLD - number - 1, trees.OLD - number - 1))
        seconds = self.scan_seconds()
        self.settle()
        return seconds


def _first() -> None:
    """In a process of its own: index the tree and print seconds and memory."""
    import resource  # noqa: PLC0415  only this process needs it

    import django  # noqa: PLC0415

    django.setup()
    from scanner.services import libraries, scanning, scans  # noqa: PLC0415

    library = libraries.add(os.environ["BENCH_TREE"])[0]
    scan = scans.start([library])[0]
    idle = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    began = time.perf_counter()
    scanning.run(scan)
    seconds = time.perf_counter() - began
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    sys.stdout.write(json.dumps({"seconds": seconds, "idle_mb": idle, "peak_mb": peak}) + "\n")


def _timed(call: Any) -> float:
    began = time.perf_counter()
    call()
    return time.perf_counter() - began


def _bar(value: float, bar: float) -> dict[str, Any]:
    return {"value": round(value, 3), "bar": f"≤ {bar}", "ok": value <= bar}
