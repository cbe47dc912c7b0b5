"""`up`: web server and workers, until stopped."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from mediasync import household
from mediasync.supervisor import house, locks, migrate
from scanner.services import libraries


class Command(BaseCommand):
    """Everything in one command."""

    help = "Start mediasync: the web server and the workers. Ends with Ctrl-C or SIGTERM."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Folders to add as libraries, and where to listen."""
        parser.add_argument("paths", nargs="*", metavar="PATH", help="folders to add as libraries")
        parser.add_argument("--host", default=settings.HOST)
        parser.add_argument("--port", type=int, default=settings.PORT, help="0 takes a free one")

    def handle(self, **options: Any) -> None:
        """Migrate, prepare, then supervise until asked to end."""
        try:
            lock = locks.take(Path(settings.DATA_DIR) / "supervisor.lock", "mediasync")
            listener = house.listen(options["host"], options["port"])
            for line in household.prepare(options["paths"], migrated=migrate.migrate()):
                self._say(line)
            for line in household.welcome(house.address_of(listener)):
                self._say(line)
            house.become(listener, lock)
        except (libraries.NotALibrary, locks.Taken, house.AddressTaken, migrate.Refused) as error:
            raise CommandError(str(error), returncode=2) from error

    def _say(self, line: str) -> None:
        self.stdout.write(line)
        self.stdout.flush()
