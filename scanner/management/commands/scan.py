"""`scan [PATH…]`: queue scans; with --wait also do the work in the foreground."""

from __future__ import annotations

import math
import sys
import time
from argparse import ArgumentParser
from collections.abc import Callable, Sequence
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from jobs import drain
from jobs.drain import Tally
from jobs.models import Job
from outbound import statistics
from scanner.models import Library, Scan
from scanner.services import forecast, libraries, scans
from terminal import person
from terminal.output import Printer
from terminal.progress import line

WAITING_AT_MOST_S = 60
MODES = (
    "quick: list every folder and compare (default); "
    "dirs: list only folders whose date has changed, for slow shares; a file changed in place is not seen; "
    "refresh: walk nothing, describe again what is stale; "
    "full: like quick, and describe every title afresh"
)


class Command(BaseCommand):
    """Scans by hand."""

    help = "Queue a scan of the given libraries, or of all. With --wait, work until it is through."
    requires_system_checks = ()  # `check` and the start of `up` look at these; a command should be quick

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take paths of libraries or of folders that are to become libraries."""
        parser.add_argument("paths", nargs="*", metavar="PATH")
        parser.add_argument("--mode", choices=Scan.Mode.values, default=Scan.Mode.QUICK, help=MODES)
        parser.add_argument("--wait", action="store_true", help="work the queue here until this scan is through")
        parser.add_argument("--confirm", action="store_true", help="accept the losses that a held scan shows")
        parser.add_argument("--yes", action="store_true", help="start a full scan without asking")
        parser.add_argument("--json", action="store_true", dest="as_json")

    def handle(self, **options: Any) -> str | None:
        """Queue, and wait where asked to; exits with 1 where something failed or is held."""
        began = time.monotonic()
        chosen = _libraries(options["paths"])
        if not chosen and options["mode"] != Scan.Mode.REFRESH:
            raise CommandError("There is no library yet. Name a folder: ./run scan PATH", returncode=2)
        actor = person.name()
        if options["mode"] == Scan.Mode.FULL and not options["yes"]:
            _ask(chosen, quiet=options["as_json"])
        if options["confirm"]:
            _confirm(chosen, actor)
        queued = scans.start(chosen, mode=options["mode"], actor=actor)
        printer = Printer(self.stdout, as_json=options["as_json"])
        if not options["wait"]:
            if printer.document({"scans": [_row(scan) for scan in queued]}):
                return None
            return f"{len(queued)} scans queued."
        sent = statistics.sent_by_this_process()
        tally = _work(queued, quiet=options["as_json"])
        report = _report(queued, tally, statistics.sent_by_this_process() - sent, time.monotonic() - began)
        if not printer.document(report):
            self.stdout.write(_sentences(report))
        if tally.failed or any(row["state"] != Scan.State.DONE for row in report["scans"]):
            raise SystemExit(1)
        return None


def _libraries(given: Sequence[str]) -> list[Library]:
    """Return the libraries named, adding folders that are none yet; all where none is named."""
    if not given:
        return list(Library.objects.all())
    try:
        return [library for library, _new in libraries.add_all(given, actor=person.name())]
    except libraries.NotALibrary as error:
        raise CommandError(str(error), returncode=2) from error


def _ask(chosen: Sequence[Library], *, quiet: bool) -> None:
    """Have a person agree to what a full scan costs; who cannot be asked has to say --yes."""
    costs = forecast.of_full_scan(chosen)
    said = (
        f"A full scan describes every title afresh: about {costs.requests} requests and up to {costs.pictures} "
        f"pictures, about {_spoken(costs.seconds)} at our pace."
    )
    if quiet or not sys.stdin.isatty():
        raise CommandError(f"{said} Say --yes to start it.", returncode=2)
    if not _agreed(f"{said} Start it? [y/N] "):
        raise CommandError("Nothing was started.", returncode=1)


def _agreed(question: str) -> bool:
    try:
        return input(question).strip().lower() in ("y", "yes")
    except EOFError:  # Ctrl-D
        return False


def _spoken(seconds: float) -> str:
    return f"{math.ceil(seconds)} s" if seconds < 100 else f"{math.ceil(seconds / 60)} min"


def _confirm(chosen: Sequence[Library], actor: str) -> None:
    held = Scan.objects.filter(library__in=chosen, state=Scan.State.HELD)
    if not held:
        raise CommandError("No scan of these libraries is held; there is nothing to confirm.", returncode=1)
    for scan in held:
        scans.confirm(scan, actor=actor)


def _work(queued: Sequence[Scan], *, quiet: bool) -> Tally:
    """Work until nothing of these scans is leased or due within a minute."""
    tally = Tally()
    for scan in queued:
        with line(_describe(scan), quiet=quiet):
            _add(tally, drain.run_until_idle(origin=scans.origin_of(scan), due_within=WAITING_AT_MOST_S))
    return tally


def _add(whole: Tally, part: Tally) -> None:
    for name in ("done", "failed", "put_off", "lost"):
        setattr(whole, name, getattr(whole, name) + getattr(part, name))


def _waiting(queued: Sequence[Scan]) -> int:
    """Return how many jobs of these scans are due later."""
    origins = [scans.origin_of(scan) for scan in queued]
    return Job.objects.filter(origin__in=origins, state__in=(Job.State.READY, Job.State.LEASED)).count()


def _describe(scan: Scan) -> Callable[[], str]:
    def now() -> str:
        scan.refresh_from_db()
        seen = scans.progress(scan)
        total = f"/{seen.total:,}" if seen.total else ""
        rate = f" · {seen.rate:,.0f}/s" if seen.rate else ""
        eta = f" · {seen.eta_seconds:,.0f} s to go" if seen.eta_seconds else ""
        return f"{seen.phase} {seen.done:,}{total}{rate}{eta}".replace(",", "\u2009")

    return now


def _row(scan: Scan) -> dict[str, Any]:
    seconds = (scan.ended_at - scan.created_at).total_seconds() if scan.ended_at else None
    counts = {
        name: getattr(scan, name) for name in ("files", "new", "changed", "missing", "moved", "unchanged", "errors")
    }
    return {
        "library": scan.library.name if scan.library else None,
        "mode": scan.mode,
        "state": scan.state,
        "reason": scan.reason,
        "method": scan.method,
        **counts,
        "walk_seconds": scan.walk_seconds,
        "seconds": seconds,
    }


def _report(queued: Sequence[Scan], tally: Tally, requests: int, seconds: float) -> dict[str, Any]:
    found = Scan.objects.filter(pk__in=[scan.pk for scan in queued]).select_related("library")
    return {
        "scans": [_row(scan) for scan in found.order_by("pk")],
        "requests": requests,
        "jobs_done": tally.done,
        "jobs_failed": tally.failed,
        "jobs_waiting": _waiting(queued),
        "seconds": round(seconds, 3),
    }


def _sentences(report: dict[str, Any]) -> str:
    lines = [
        f"{row['library'] or 'refresh'}: {row['state']} · {row['files']} files · {row['reason']}"
        for row in report["scans"]
    ]
    waiting = f", {report['jobs_waiting']} waiting for later" if report["jobs_waiting"] else ""
    failed = f", {report['jobs_failed']} failed" if report["jobs_failed"] else ""
    lines.append(
        f"{report['jobs_done']} jobs done{failed}{waiting} · {report['requests']} requests · {report['seconds']:.1f} s"
    )
    return "\n".join(lines)
