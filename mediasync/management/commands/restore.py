"""`restore`: a backup in the place of what there is."""

from __future__ import annotations

import sys
from argparse import ArgumentParser
from dataclasses import asdict
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import connections

from journal.moves import record
from mediasync.backups import archive, catalogue, recovery, restoring, settings_file, snapshot
from mediasync.backups.archive import Archive
from mediasync.backups.errors import BackupError
from mediasync.supervisor import locks
from mediasync.templatetags.ui import size
from scanner.models import Library
from scanner.services import lost_pictures, scans
from terminal import person
from terminal.output import Printer


class Command(BaseCommand):
    """The way back."""

    help = (
        "Put a backup in the place of database and settings, while mediasync does not run. What there is now is "
        "saved first; if anything goes wrong, everything is as it was."
    )
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Which file, and how much of it."""
        parser.add_argument("file", metavar="FILE")
        parser.add_argument("--list", action="store_true", dest="only_list", help="only show what the file holds")
        parser.add_argument("--keep-settings", action="store_true", help="leave .env as it is")
        parser.add_argument("--no-safety-copy", action="store_true", help="do not save what there is now")
        parser.add_argument("--json", action="store_true", dest="as_json")

    def handle(self, **options: Any) -> None:
        """Restore, then have everything looked at again."""
        printer = Printer(self.stdout, as_json=options["as_json"])
        file = Path(options["file"])
        try:
            if options["only_list"]:
                self._list(file, printer)
                return
            done = restoring.restore(
                file,
                with_settings=not options["keep_settings"],
                safety=not options["no_safety_copy"],
                say=self._say,
            )
        except (locks.Taken, recovery.Busy) as error:
            raise CommandError(str(error), returncode=2) from error
        except BackupError as error:
            raise CommandError(str(error), returncode=1) from error
        queued = _afterwards(file)
        if not printer.document({"file": str(file), "before": str(done.before or "") or None, "scans": queued}):
            self._tell(done, queued)

    def _say(self, text: str) -> None:
        sys.stderr.write(f"{text} …\n")

    def _tell(self, done: restoring.Restored, queued: int) -> None:
        made = done.manifest.created_at
        self.stdout.write(f"Restored: {done.manifest.rows()} rows as they were at {made}.")
        if done.manifest.database != snapshot.vendor():
            self.stdout.write(f"It came from {done.manifest.database} and is in {snapshot.vendor()} now.")
        if done.settings:
            self.stdout.write("The settings (.env) are the backup's, but for where the database is.")
        if done.before:
            self.stdout.write(f"What there was before: {done.before}")
        self.stdout.write(f"{queued} scans are queued; everybody signs in anew. Start with ./run.")

    def _list(self, file: Path, printer: Printer) -> None:
        with Archive(file) as opened:
            about = opened.manifest
            if printer.document(asdict(about)):
                return
            self.stdout.write(f"{file}: made {about.created_at} by mediasync {about.version} on {about.host or '?'}")
            self.stdout.write(f"from {about.database}, kind: {about.kind}, {about.rows()} rows")
            pictures = about.pictures()
            alone = {name: member for name, member in about.members.items() if name not in pictures}
            rows = [(name, size(member.bytes), member.sha256[:16]) for name, member in alone.items()]
            if pictures:
                rows.append((f"{len(pictures)} uploaded pictures", size(about.pictures_bytes()), ""))
            printer.table(("member", "size", "sha256"), rows)
            printer.table(("table", "rows"), [(name, str(number)) for name, number in about.counts.items() if number])
            if archive.SETTINGS in about.members:
                self.stdout.write("settings: " + ", ".join(settings_file.names(opened.settings())))


def _afterwards(file: Path) -> int:
    """Bring rows level with the disk: a scan of each library; and with the folder of backups. Safe to lose."""
    connections.close_all()
    record("mediasync.backup:set", reason=f"restored from {file.name}", actor=person.name())
    catalogue.sync()
    lost_pictures.look_soon(reason="a backup was restored")
    return len(scans.start(Library.objects.all(), actor=person.name()))
