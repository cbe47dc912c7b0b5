"""`work`: the cluster of worker processes, or the queue in the foreground."""

from __future__ import annotations

import sys
from argparse import ArgumentParser
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from jobs import drain
from journal import tracing
from mediasync.supervisor import locks, main, parent, signals, tickets
from terminal.output import Printer


class Command(BaseCommand):
    """The hands of the queue."""

    help = "Work on the queue until stopped."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """How long, and the form of the answer."""
        parser.add_argument(
            "--until-idle", action="store_true", help="work in the foreground until nothing is leased or due soon"
        )
        parser.add_argument("--alone", action="store_true", help="run the jobs that took a process along, then end")
        parser.add_argument("--json", action="store_true", dest="as_json", help="the result of --until-idle as JSON")

    def handle(self, **options: Any) -> None:
        """Run until asked to end, or until there is nothing to do."""
        parent.follow()
        if options["until_idle"]:
            self._until_idle(as_json=options["as_json"])
        elif options["alone"]:
            tracing.name_process("alone")
            signals.ask_on_signals()
            drain.work_alone()
        else:
            _cluster()

    def _until_idle(self, *, as_json: bool) -> None:
        signals.ask_on_signals()
        tally = drain.run_until_idle()
        if not Printer(self.stdout, as_json=as_json).document(asdict(tally)):
            self.stdout.write(f"{tally.done} jobs done, {tally.failed} failed, {tally.put_off} put off")
        if tally.failed:
            sys.exit(1)


def _cluster() -> None:
    try:
        main.run()
    except locks.Taken as error:
        raise CommandError(str(error), returncode=2) from error
    except main.Broken as error:
        raise CommandError(f"The cluster ends: {error}.", returncode=3) from error
    except tickets.NoTickets as error:
        raise CommandError(str(error), returncode=3) from error
