"""`status`: what there is, what runs, and whether all is well."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.db import connection
from django.db.models import Count
from django.utils import timezone

from jobs.models import Drain, Job
from mediasync import __version__
from mediasync.health import looking, telling
from mediasync.health.facts import FRESH, Facts
from scanner.models import Library, MediaFile
from terminal.output import Printer, plain


class Command(BaseCommand):
    """The state of the household."""

    help = "Show libraries, items by state, the queue, workers and health. Exits with 1 where something is the matter."
    requires_system_checks = ()  # `check` and the start of `up` look at these; a command should be quick

    def add_arguments(self, parser: ArgumentParser) -> None:
        """One form or the other."""
        parser.add_argument("--json", action="store_true", dest="as_json")

    def handle(self, **options: Any) -> str | None:
        """Gather and print."""
        document = gather()
        if not Printer(self.stdout, as_json=options["as_json"]).document(document):
            self._print(document)
        if not all(finding["ok"] or finding["hidden"] for finding in document["health"]):
            raise SystemExit(1)
        return None

    def _print(self, document: dict[str, Any]) -> None:
        self.stdout.write(f"mediasync {document['version']} · {document['database']} · tickets: {document['broker']}")
        for library in document["libraries"]:
            self.stdout.write(f"  {library['name']} ({library['kind']}): {library['files']} files · {library['path']}")
        self.stdout.write("items    " + _counted(document["items"]))
        self.stdout.write("jobs     " + _counted(document["jobs"]))
        self.stdout.write(f"workers  {len(document['workers'])}")
        for finding in document["health"]:
            if finding["level"] != "ok":
                self.stdout.write(plain(_line(finding)))
        well = sum(finding["level"] == "ok" for finding in document["health"])
        self.stdout.write(f"ok   {well} checks are well; ./run doctor looks closer")


def gather() -> dict[str, Any]:
    """Return the document of `status --json` (DESIGN §6)."""
    states = MediaFile.objects.with_shown_state().values_list("shown_state").annotate(number=Count("pk"))  # type: ignore[misc]
    libraries = Library.objects.annotate(number=Count("files"))
    facts = Facts()
    return {
        "version": __version__,
        "database": connection.vendor,
        "broker": "redis" if "redis" in settings.Q_CLUSTER else "orm",
        "libraries": [
            {"name": one.name, "kind": one.kind, "path": one.path, "files": one.number, "demo": one.demo}
            for one in libraries
        ],
        "items": {state.upper(): number for state, number in states.order_by()},
        "jobs": dict(Job.objects.values_list("state").annotate(number=Count("pk")).order_by()),
        "workers": _workers(),
        "health": [telling.document(finding, facts) for finding in looking.findings(facts)],
    }


def _workers() -> list[dict[str, Any]]:
    """Return one row a live worker; what is displayed is what runs: the leases."""
    live = Drain.objects.filter(beat_at__gt=timezone.now() - FRESH)
    leases = list(Job.objects.filter(state=Job.State.LEASED).values("kind", "key", "pool", "leased_by", "leased_at"))
    rows = []
    for drain in live:
        mine = [lease for lease in leases if lease["leased_by"].startswith(f"{drain.name}/")]
        rows.append(
            {
                "id": drain.name,
                "pid": drain.pid,
                "host": drain.node,
                "pool": ", ".join(sorted({lease["pool"] for lease in mine})) or None,
                "busy": bool(mine),
                "job": ", ".join(f"{lease['kind']} {lease['key']}" for lease in mine) or None,
                "since": min((lease["leased_at"] for lease in mine if lease["leased_at"]), default=None),
                "done": drain.done,
                "errors": drain.errors,
            }
        )
    return rows


def _line(finding: dict[str, Any]) -> str:
    mark = "note" if finding["ok"] else "FAIL"
    about = f"{finding['check']} {finding['name']}".rstrip()
    hidden = " (hidden)" if finding["hidden"] else ""
    return f"{mark} {about}{hidden}: {finding['message']}" + (f" — {finding['cure']}" if finding["cure"] else "")


def _counted(counts: dict[str, int]) -> str:
    return " · ".join(f"{number} {state.lower()}" for state, number in sorted(counts.items())) or "none"
