"""`doctor`: everything that can be looked at is looked at, and each trouble comes with its cure."""

from __future__ import annotations

import os
import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.db import connection

from mediasync import __version__
from mediasync.health import examining, telling
from mediasync.health.finding import Finding
from terminal.output import Printer

PATIENCE_S = 5  # for a database that somebody else holds; pages wait longer


class Command(BaseCommand):
    """Every check there is, those that take long too."""

    help = "Look at everything and say what would cure it. Exits with 1 where something is wrong."
    requires_system_checks = ()  # a settings mistake is to be told like any other trouble

    def add_arguments(self, parser: ArgumentParser) -> None:
        """How much is looked at, and how it is told."""
        parser.add_argument("--json", action="store_true", dest="as_json")
        parser.add_argument("--online", action="store_true", help="ask every remote service once, too")
        parser.add_argument(
            "--fix", action="store_true", help="put right what can be put right without losing anything"
        )

    def handle(self, **options: Any) -> str | None:
        """Look, mend where that was asked for, tell."""
        if connection.vendor == "sqlite":
            connection.settings_dict["OPTIONS"]["timeout"] = PATIENCE_S
        found = examining.examine(online=options["online"])
        mended = examining.mend(found) if options["fix"] else []
        if mended:
            found = examining.examine(online=False)
        wrong = [finding for finding in found.findings if not finding.ok and finding not in found.hidden]
        if not Printer(self.stdout, as_json=options["as_json"]).document(_document(found, mended, wrong)):
            self._print(found, mended)
        if wrong:
            raise SystemExit(1)
        return None

    def _print(self, found: examining.Examination, mended: list[str]) -> None:
        for line in mended:
            self.stdout.write(f"  {line}")
        colour = sys.stdout.isatty() and not os.environ.get("NO_COLOR")
        for line in telling.lines(found.findings, found.hidden, colour=colour):
            self.stdout.write(line)
        self.stdout.write(telling.summary(found.findings))


def _document(found: examining.Examination, mended: list[str], wrong: list[Finding]) -> dict[str, Any]:
    return {
        "version": __version__,
        "ok": not wrong,
        "levels": telling.counted(found.findings),
        "mended": mended,
        "health": [telling.document(finding, found.facts) for finding in found.findings],
    }
