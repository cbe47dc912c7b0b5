"""`backup`: one file with database and settings, while everything runs."""

from __future__ import annotations

from argparse import ArgumentParser
from datetime import datetime
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError
from django.utils import timezone

from mediasync.backups import catalogue, making, place
from mediasync.backups.archive import Archive
from mediasync.backups.errors import BackupError, Unusable
from mediasync.backups.making import Made
from mediasync.backups.place import Lying
from mediasync.supervisor import locks, migrate
from mediasync.templatetags.ui import size
from terminal.output import Printer

LIST = "list"


class Command(BaseCommand):
    """A copy to put away."""

    help = (
        "Make a backup of database, settings and uploaded pictures, also while mediasync runs. It is tried out by "
        "a restore into a scratch place. `backup list` shows what there is."
    )
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Where to, and the form of the answer."""
        parser.add_argument(
            "file",
            nargs="?",
            metavar="FILE",
            help="a file or a folder, else our own; `list` shows them",
        )
        parser.add_argument("--json", action="store_true", dest="as_json")

    def handle(self, **options: Any) -> None:
        """Make one, or list them."""
        printer = Printer(self.stdout, as_json=options["as_json"])
        if options["file"] == LIST:
            self._list(printer)
            return
        try:
            made = making.make(Path(options["file"]) if options["file"] else None, kind=place.BY_HAND)
        except locks.Taken as error:
            raise CommandError(str(error), returncode=1) from error
        except BackupError as error:
            _remember_failure(str(error))
            raise CommandError(str(error), returncode=1) from error
        _remember(made)
        if not printer.document(_document(made)):
            self.stdout.write(
                f"{made.path} ({size(made.bytes)}): {made.manifest.rows()} rows of {len(made.manifest.counts)} tables"
                f"{_pictures(made)}, tried out by a restore.\n"
                "It holds your keys and password hashes: keep it where only you can read it."
            )

    def _list(self, printer: Printer) -> None:
        found = place.lying()
        if printer.document([_listed(one) for one in found]):
            return
        if not found:
            self.stdout.write("There are no backups yet.")
        rows = [(f"{_local(one.at):%Y-%m-%d %H:%M}", one.kind, size(one.bytes), str(one.path)) for one in found]
        printer.table(("made", "kind", "size", "file"), rows)


def _pictures(made: Made) -> str:
    number = len(made.manifest.pictures())
    return f" and {number} uploaded pictures ({size(made.manifest.pictures_bytes())})" if number else ""


def _local(at: datetime) -> datetime:
    return timezone.localtime(at)


def _listed(one: Lying) -> dict[str, Any]:
    listed: dict[str, Any] = {"file": str(one.path), "at": one.at, "kind": one.kind, "bytes": one.bytes}
    try:
        with Archive(one.path) as archive:
            about = archive.manifest
            told = {"version": about.version, "rows": about.rows(), "pictures_bytes": about.pictures_bytes()}
            return {**listed, "ok": True, **told}
    except Unusable as error:
        return {**listed, "ok": False, "message": str(error)}


def _document(made: Made) -> dict[str, Any]:
    about = made.manifest
    return {
        "file": str(made.path),
        "bytes": made.bytes,
        "at": about.created_at,
        "database": about.database,
        "rows": about.rows(),
        "members": sorted(about.members.keys() - about.pictures().keys()),
        "pictures": len(about.pictures()),
        "pictures_bytes": about.pictures_bytes(),
        "verified": True,
    }


def _remember(made: Made) -> None:
    """Tell the System page; a database of an older version has no place for it yet."""
    if migrate.is_current() and made.path.parent == place.folder():
        try:
            catalogue.made(made)
        except DatabaseError:
            return  # the file is what counts; its row is made by the next daily one


def _remember_failure(message: str) -> None:
    try:
        if migrate.is_current():
            catalogue.failed(place.BY_HAND, message)
    except DatabaseError:
        return  # the database may be just what is the matter; the person is told
