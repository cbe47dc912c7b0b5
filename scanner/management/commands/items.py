"""`items`: every item of the library with its state and why."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from scanner import inventory
from scanner.models import Library
from terminal.output import Printer, cut, plain

REASON_WIDTH = 60  # characters in a line for people; --json has it whole


class Command(BaseCommand):
    """Items for scripts and people."""

    help = "List every item: path, kind, title, year, ids, season, episodes, state, reason of the match."
    requires_system_checks = ()  # `check` and the start of `up` look at these; a command should be quick

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Filters and the form of the answer."""
        parser.add_argument("--library", default="", help="name, path or number of a library")
        parser.add_argument("--state", choices=inventory.STATES, type=str.upper, default="")
        parser.add_argument("--json", action="store_true", dest="as_json")

    def handle(self, **options: Any) -> str | None:
        """Print them, streamed."""
        library = _library(options["library"])
        rows = inventory.rows(library=library, state=options["state"])
        printer = Printer(self.stdout, as_json=options["as_json"])
        if options["as_json"]:
            printer.stream(rows)
            return None
        count = 0
        for row in rows:
            count += 1
            episodes = "".join(f"E{number:02}" for number in row["episodes"])
            place = f" S{row['season']:02}{episodes}" if row["season"] is not None else episodes and f" {episodes}"
            year = f" ({row['year']})" if row["year"] else ""
            why = f" · {cut(row['reason'], REASON_WIDTH)}" if row["reason"] else ""
            line = f"{row['state']:<10} {row['title'] or '?'}{year}{place}{why} · {row['path'] or 'no file'}"
            self.stdout.write(plain(line))
        return f"{count} items"


def _library(name: str) -> Library | None:
    if not name:
        return None
    found = [one for one in Library.objects.all() if name in (one.name, one.path, str(one.pk))]
    if not found:
        raise CommandError(f"There is no library “{name}”.", returncode=2)
    return found[0]
