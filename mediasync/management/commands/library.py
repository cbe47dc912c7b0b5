"""`library add|list|remove`: the folders that mediasync looks after."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db.models import Count

from mediasync import demo
from scanner.models import Library
from scanner.services import libraries
from terminal import person
from terminal.output import Printer


class Command(BaseCommand):
    """Libraries by hand."""

    help = "Add, list or remove libraries. Files on disk are never touched."
    requires_system_checks = ()  # `check` and the start of `up` look at these; a command should be quick

    def add_arguments(self, parser: ArgumentParser) -> None:
        """One sub-command each."""
        actions = parser.add_subparsers(dest="action", required=True)
        add = actions.add_parser("add", help="add a folder")
        add.add_argument("path")
        add.add_argument("--kind", choices=Library.Kind.values, default="")
        add.add_argument("--name", default="")
        listing = actions.add_parser("list", help="list the libraries")
        remove = actions.add_parser("remove", help="forget a library")
        remove.add_argument("library", nargs="?", default="", help="its name, path or number")
        remove.add_argument("--demo", action="store_true", help="the demo library")
        for each in (add, listing, remove):
            each.add_argument("--json", action="store_true", dest="as_json")

    def handle(self, **options: Any) -> str | None:
        """Do it and say what was done."""
        printer = Printer(self.stdout, as_json=options["as_json"])
        done: str | None = getattr(self, f"_{options['action']}")(printer, options)
        return done

    def _add(self, printer: Printer, options: dict[str, Any]) -> str | None:
        try:
            library, new = libraries.add(
                options["path"], kind=options["kind"], name=options["name"], actor=person.name()
            )
        except libraries.NotALibrary as error:
            raise CommandError(str(error), returncode=2) from error
        if printer.document(_facts(library)):
            return None
        return f"{'Added' if new else 'Known already:'} “{library.name}” ({library.kind}), {library.path}"

    def _list(self, printer: Printer, _options: dict[str, Any]) -> str | None:
        found = Library.objects.annotate(files_count=Count("files"))
        if printer.document([{**_facts(one), "files": one.files_count} for one in found]):
            return None
        rows = [(str(one.pk), one.name, one.kind, str(one.files_count), one.path, one.problem) for one in found]
        printer.table(("#", "name", "kind", "files", "path", "problem"), rows)
        return None if rows else "No library yet: ./run library add PATH"

    def _remove(self, printer: Printer, options: dict[str, Any]) -> str | None:
        found = _named(options["library"], only_demo=options["demo"])
        facts = [_facts(library) for library in found]
        for library in found:
            if not library.demo:
                libraries.remove(library, actor=person.name())
        if any(library.demo for library in found):
            demo.remove(actor=person.name())
        if printer.document(facts):
            return None
        return f"Removed {', '.join(f'“{one.name}”' for one in found)}; no file of yours was touched."


def _facts(library: Library) -> dict[str, Any]:
    return {"id": library.pk, "name": library.name, "path": library.path, "kind": library.kind, "demo": library.demo}


def _named(name: str, *, only_demo: bool) -> list[Library]:
    if not name and not only_demo:
        raise CommandError("Say which library: its name, path or number. ./run library list shows them.", returncode=2)
    found = (
        list(Library.objects.filter(demo=True))
        if only_demo
        else [one for one in Library.objects.all() if name in (one.name, one.path, str(one.pk))]
    )
    if not found:
        raise CommandError("There is no demo library." if only_demo else f"There is no library “{name}”.", returncode=2)
    if len(found) > 1 and not only_demo:
        raise CommandError(f"“{name}” is not one library but {len(found)}; use its number.", returncode=2)
    return found
