"""`queue`: the jobs, by hand."""

from __future__ import annotations

from argparse import ArgumentParser
from collections.abc import Iterable
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db.models import QuerySet

from jobs import queue
from jobs.models import Job, Pool, Priority
from mediasync import waiting
from terminal.output import Printer

ACTOR = "command line"
SHOWN = (
    "id", "kind", "key", "pool", "priority", "state", "due_at", "leased_until", "attempts", "last_error", "reason",
    "done_units", "total_units",
)  # fmt: skip
DETAILS = ("needs", "origin", "again", "alone", "leased_by", "error_class", "unit", "speed", "created_at", "ended_at")


class Command(BaseCommand):
    """What a person can do to the queue."""

    help = "List jobs, show one, try again, cancel, change the priority; pause and resume a pool."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """One subcommand each."""
        commands = parser.add_subparsers(dest="action", required=True)
        for action, does in (
            ("list", "list jobs"),
            ("show", "everything about one job"),
            ("retry", "make jobs due now, with all attempts before them"),
            ("cancel", "end jobs undone; running ones are told to stop"),
            ("priority", "give jobs another priority"),
        ):
            command = commands.add_parser(action, help=does)
            command.add_argument("--json", action="store_true", dest="as_json")
            if action == "priority":
                command.add_argument("level", choices=[name.lower() for name in Priority.names], type=str.lower)
            if action == "show":
                command.add_argument("ids", nargs=1, type=int, metavar="ID")
            else:
                command.add_argument("ids", nargs="*", type=int, metavar="ID")
                _add_filters(command)
        for action, does in (("pause", "start nothing more of a pool"), ("resume", "let a paused pool go on")):
            command = commands.add_parser(action, help=does)
            command.add_argument("pool")
            command.add_argument("--json", action="store_true", dest="as_json")

    def handle(self, **options: Any) -> str | None:
        """Do it; 1 where no job was concerned."""
        printer = Printer(self.stdout, as_json=options["as_json"])
        if options["action"] == "list":
            return _list(printer, _chosen(options, default_states=Job.OPEN))
        if options["action"] == "show":
            return _show(printer, options["ids"][0])
        if options["action"] in ("pause", "resume"):
            return _pool(printer, options["pool"], options["action"])
        return _change(printer, options)


def _add_filters(command: ArgumentParser) -> None:
    command.add_argument("--state", choices=[*Job.State.values, "all"])
    command.add_argument("--kind", default="")
    command.add_argument("--origin", default="", help="what caused it, such as scan:12")


def _chosen(options: dict[str, Any], *, default_states: Iterable[str] = ()) -> QuerySet[Job]:
    """Return the jobs that ids and filters name."""
    jobs = Job.objects.order_by("rank", "id")
    if options["ids"]:
        jobs = jobs.filter(pk__in=options["ids"])
    elif options["state"] is None and default_states:
        jobs = jobs.filter(state__in=default_states)
    if options["state"] not in (None, "all"):
        jobs = jobs.filter(state=options["state"])
    for name in ("kind", "origin"):
        if options[name]:
            jobs = jobs.filter(**{name: options[name]})
    return jobs


def _list(printer: Printer, jobs: QuerySet[Job]) -> str | None:
    if printer.as_json:
        printer.stream(jobs.values(*SHOWN).iterator(chunk_size=1_000))
        return None
    rows = jobs.values(*SHOWN, "needs").iterator(chunk_size=1_000)
    rests = waiting.rests()
    table = [
        (str(row["id"]), row["kind"], row["key"], row["state"], waiting.next_try(row, rests), row["reason"])
        for row in rows
    ]
    printer.table(("id", "kind", "key", "state", "next try", "reason"), table)
    return f"{len(table)} jobs"


def _show(printer: Printer, pk: int) -> str | None:
    row = Job.objects.filter(pk=pk).values(*SHOWN, *DETAILS).first()
    if row is None:
        raise CommandError(f"There is no job {pk}.", returncode=1)
    if printer.document(row):
        return None
    return "\n".join(f"{name}: {value}" for name, value in row.items() if value not in ("", None))


def _change(printer: Printer, options: dict[str, Any]) -> str | None:
    if not (options["ids"] or options["state"] or options["kind"] or options["origin"]):
        raise CommandError("Say which jobs: their numbers, or --state, --kind, --origin.", returncode=2)
    jobs = _chosen(options)
    chosen = list(jobs.values_list("pk", "kind", "key"))
    if options["action"] == "retry":
        changed = queue.retry(jobs, actor=ACTOR)
    elif options["action"] == "cancel":
        changed = queue.cancel(jobs, actor=ACTOR)
    else:
        changed = queue.prioritise(jobs, Priority[options["level"].upper()], actor=ACTOR)
    if not changed:
        raise CommandError("No such job is open.", returncode=1)
    waits = waiting.sentences(chosen) if options["action"] == "retry" else []
    if printer.document({"jobs": changed, "waits": waits}):
        return None
    return "\n".join([f"{changed} {'job' if changed == 1 else 'jobs'} changed", *waits])


def _pool(printer: Printer, name: str, action: str) -> str | None:
    known = sorted({*Pool.LIMITS, *Pool.objects.values_list("pk", flat=True)})
    if name not in known:
        raise CommandError(f"There is no pool “{name}”. There are: {', '.join(known)}.", returncode=2)
    if action == "pause":
        queue.pause(name, f"by {ACTOR}", actor=ACTOR)
    else:
        queue.resume(name, actor=ACTOR)
    if printer.document({"pool": name, "paused": action == "pause"}):
        return None
    goes_on = f"./run queue resume {name} lets it go on."
    return f"{name} is paused; what runs is finished. {goes_on}" if action == "pause" else f"{name} goes on."
