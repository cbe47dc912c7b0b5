"""Work on the queue: the cluster of worker processes, or in the foreground."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from jobs import drain
from mediasync.supervisor import locks, main, parent, signals


class Command(BaseCommand):
    help = "Work on the queue until stopped."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--until-idle", action="store_true", help="work in the foreground until nothing is leased or due soon"
        )
        parser.add_argument("--alone", action="store_true", help="run the jobs that took a process along, then end")
        parser.add_argument("--json", action="store_true", help="print the result of --until-idle as JSON")

    def handle(self, **options: Any) -> str | None:
        parent.follow()
        if options["alone"]:
            signals.ask_on_signals()
            drain.work_alone()
            return None
        return self._until_idle(**options) if options["until_idle"] else self._cluster()

    def _cluster(self) -> str | None:
        try:
            main.run()
        except locks.Taken as error:
            raise CommandError(str(error), returncode=2) from error
        except main.Broken as error:
            raise CommandError(f"The cluster ends: {error}.", returncode=3) from error
        return None

    def _until_idle(self, **options: Any) -> str | None:
        signals.ask_on_signals()
        tally = drain.run_until_idle()
        if options["json"]:
            self.stdout.write(json.dumps(asdict(tally)))
        else:
            self.stdout.write(f"{tally.done} jobs done, {tally.failed} failed, {tally.put_off} put off")
        if tally.failed:
            sys.exit(1)
        return None
