"""`sources [list|test|reset]`: budgets, breakers and last errors of the remote services."""

from __future__ import annotations

import getpass
from argparse import ArgumentParser
from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db.models import Sum
from django.utils import timezone

from jobs.models import Job
from outbound import budget, sources
from outbound.models import Source, SourceHour
from terminal.output import Printer


class Command(BaseCommand):
    """Sources by hand."""

    help = "List the remote services, test one, or reset its breaker and pauses."
    requires_migrations_checks = True

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
                sources.reset(source, actor=getpass.getuser())
        rows = [facts(source) for source in chosen.all()]
        if not printer.document(rows):
            printer.table(
                ("source", "circuit", "free", "rules", "24 h", "last error"),
                [_cells(row) for row in rows],
            )
        return None

    def _test(self, printer: Printer, names: list[str]) -> str | None:
        results = {name: sources.test(name) for name in names}
        if not printer.document({name: {"ok": not answer, "message": answer} for name, answer in results.items()}):
            for name, answer in results.items():
                self.stdout.write(f"{name}: {answer or 'answers'}")
        if any(results.values()):
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


def facts(source: Source) -> dict[str, Any]:
    """Return what `sources --json` says of a source."""
    day = SourceHour.objects.filter(source=source, hour__gte=timezone.now() - timedelta(days=1))
    sums = day.aggregate(attempts=Sum("attempts"), successes=Sum("successes"), bytes=Sum("bytes"))
    failures: dict[str, int] = {}
    for hour in day.values_list("failures", flat=True):
        for name, count in hour.items():
            failures[name] = failures.get(name, 0) + count
    return {
        "name": source.name,
        "base_url": source.base_url,
        "circuit": source.circuit,
        "open_until": source.open_until,
        "failures": source.failures,
        "rules": [{"requests": requests, "seconds": seconds} for requests, seconds in source.rules],
        "budget_free": budget.free_places(source),
        "workers": Job.objects.filter(needs=source.name, state=Job.State.LEASED).count(),
        "max_workers": None,
        "rate": None,
        "last_error": source.last_error or None,
        "last_24h": {**{name: value or 0 for name, value in sums.items()}, "failures": failures},
    }
