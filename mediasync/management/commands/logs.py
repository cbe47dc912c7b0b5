"""`logs`: what all processes said, newest last."""

from __future__ import annotations

import time
from argparse import ArgumentParser
from dataclasses import asdict
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from mediasync.logs import lines, reading
from mediasync.logs.reading import Entry, Wanted
from terminal.output import Printer, plain

LOOK_S = 0.5
MOST = 10_000


class Command(BaseCommand):
    """The log in the terminal."""

    help = "Show what all processes logged. --follow goes on until Ctrl-C."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Which lines, how many, and the form of the answer."""
        parser.add_argument("--level", type=str.upper, choices=lines.LEVELS, default="", help="this level and above")
        parser.add_argument("--grep", default="", metavar="TEXT", help="only lines that hold this text")
        parser.add_argument("--process", default="", metavar="ROLE", help="web, worker, cluster, supervisor …")
        parser.add_argument("--lines", type=int, default=50, metavar="N", help="how many (default: 50)")
        parser.add_argument("--follow", "-f", action="store_true")
        parser.add_argument("--json", action="store_true", dest="as_json", help="as JSON; with --follow a line each")

    def handle(self, **options: Any) -> None:
        """Show the last lines, then what follows."""
        folder = Path(settings.DATA_DIR) / "logs"
        wanted = Wanted(options["level"], options["grep"], options["process"])
        most = max(1, min(options["lines"], MOST))
        found = reading.find(folder, wanted, most=most, budget=1 << 30).entries
        if options["as_json"] and not options["follow"]:
            Printer(self.stdout, as_json=True).document([asdict(one.line) for one in reversed(found)])
            return
        as_json = options["as_json"]
        self._show(found, as_json=as_json)
        if options["follow"]:
            self._follow(folder, wanted, found, as_json=as_json)

    def _follow(self, folder: Path, wanted: Wanted, found: list[Entry], *, as_json: bool) -> None:
        """Show what is new twice a second, until interrupted."""
        newest, mark = found[0].cursor if found else "", ""
        try:
            while True:
                if (now := reading.mark(folder)) != mark:
                    mark = now
                    fresh = _since(reading.find(folder, wanted, most=MOST).entries, newest)
                    self._show(fresh, as_json=as_json)
                    newest = fresh[0].cursor if fresh else newest
                time.sleep(LOOK_S)
        except KeyboardInterrupt:
            return

    def _show(self, found: list[Entry], *, as_json: bool) -> None:
        printer = Printer(self.stdout, as_json=True)
        for one in reversed(found):
            if as_json:
                printer.line(asdict(one.line))
            else:
                self.stdout.write("\n".join(map(plain, lines.plain(one.line).splitlines())))
        self.stdout.flush()


def _since(entries: list[Entry], newest: str) -> list[Entry]:
    """Return the entries after the one that was shown last; all where it is gone."""
    for place, one in enumerate(entries):
        if one.cursor == newest:
            return entries[:place]
    return entries
