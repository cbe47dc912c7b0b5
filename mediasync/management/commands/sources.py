"""`sources [list|test|reset]`: budgets, breakers and last errors of the remote services."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from outbound import services, sources
from outbound.models import Source
from terminal import person
from terminal.output import Printer


class Command(BaseCommand):
    """Sources by hand."""

    help = "List the remote services, test one, or reset its breaker and pauses."
    requires_system_checks = ()  # `check` and the start of `up` look at these; a command should be quick

    def add_arguments(self, parser: ArgumentParser) -> None:
        """What to do, and to which source."""
        parser.add_argument("action", nargs="?", choices=("list", "test", "reset"), default="list")
        parser.add_argument("name", nargs="?", default="")
        parser.add_argument("--json", action="store_true", dest="as_json")

    def handle(self, **options: Any) -> str | None:
        """Do it; `test` exits with 1 where a source does not answer."""
        sources.declare_all()
        chosen = Source.objects.order_by("name")
        if options["name"]:
            chosen = chosen.filter(name=options["name"])
            if not chosen:
                raise CommandError(f"There is no source “{options['name']}”.", returncode=2)
        printer = Printer(self.stdout, as_json=options["as_json"])
        if options["action"] == "test":
            return self._test(printer, [source.name for source in chosen])
        if options["action"] == "reset":
            for source in chosen:
                services.reset(source, actor=person.name())
        rows = [services.facts(source) for source in chosen.all()]
        if not printer.document(rows):
            printer.table(
                ("source", "circuit", "free", "rules", "24 h", "last error"),
                [_cells(row) for row in rows],
            )
        return None

    def _test(self, printer: Printer, names: list[str]) -> str | None:
        results = {name: services.test(name) for name in names}
        if not printer.document({name: {"ok": ok, "message": message} for name, (ok, message) in results.items()}):
            for name, (_ok, message) in results.items():
                self.stdout.write(f"{name}: {message}")
        if not all(ok for ok, _message in results.values()):
            raise SystemExit(1)
        return None


def _cells(row: dict[str, Any]) -> tuple[str, ...]:
    rules = ", ".join(f"{rule['requests']}/{rule['seconds']:g} s" for rule in row["rules"])
    day = row["last_24h"]
    return (
        row["name"],
        row["circuit"],
        str(row["budget_free"]),
        rules,
        f"{day['successes']}/{day['attempts']}",
        row["last_error"] or "",
    )
