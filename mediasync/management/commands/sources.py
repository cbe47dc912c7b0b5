"""`sources [list|test|reset]`: budgets, breakers and last errors of the remote services."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from mediasync import words
from mediasync.standing import standing
from mediasync.templatetags.ui import span
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
        shown = list(chosen.all())
        rows = [services.facts(source) for source in shown]
        if not printer.document(rows):
            printer.table(
                ("source", "state", "requests left", "answered in 24 h", "next try", "last error"),
                [_cells(source, row) for source, row in zip(shown, rows, strict=True)],
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


def _cells(source: Source, row: dict[str, Any]) -> tuple[str, ...]:
    tightest = min(row["rules"], key=lambda rule: rule["requests"] / rule["seconds"], default=None)
    room = f"{row['budget_free']} of {tightest['requests']} in {tightest['seconds']:g} s" if tightest else "no limit"
    day = row["last_24h"]
    state, next_try = _state(source)
    return (row["name"], state, room, f"{day['successes']} of {day['attempts']}", next_try, row["last_error"] or "")


def _state(source: Source) -> tuple[str, str]:
    """Return how a source is, in the words of the pages, and when it is tried next."""
    now = timezone.now()
    word, until, _why = standing(source, now)
    next_try = "when the key is corrected" if word == "no_key" else "now"
    if until:
        next_try = f"in {span((until - now).total_seconds())}"
    return str(words.look("circuit", word).word), next_try
