"""`bench NAME`: measurements that compare inside one run, with the bars they are held against."""

from __future__ import annotations

import importlib
import os
import pkgutil
import platform
import sys
from argparse import REMAINDER, ArgumentParser
from pathlib import Path
from typing import Any

import psutil
from django.core.management.base import BaseCommand, CommandError

import benches
from terminal.output import Printer


class Command(BaseCommand):
    """Measurements by name."""

    help = "Measure something; without a name, list what there is."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Arguments after the name go to the bench."""
        parser.add_argument("name", nargs="?", default="")
        parser.add_argument("--json", action="store_true", dest="as_json")
        parser.add_argument("arguments", nargs=REMAINDER, help="passed on to the bench")

    def handle(self, **options: Any) -> str | None:
        """Run it and print figures and bars; exits with 1 where a bar is not met."""
        names = _names()
        if options["name"] not in names:
            listed = ", ".join(sorted(names))
            if not options["name"]:
                return f"Benches: {listed}"
            raise CommandError(f"There is no bench “{options['name']}”. There are: {listed}", returncode=2)
        as_json = options["as_json"] or "--json" in options["arguments"]
        arguments = [each for each in options["arguments"] if each != "--json"]
        try:
            bench = importlib.import_module(f"benches.{options['name']}")
        except ModuleNotFoundError as error:
            raise CommandError(f"This bench needs {error.name}: ./run check installs what developers use.") from error
        found = bench.run(arguments)
        document = {"name": options["name"], "machine": machine(), **found}
        if not Printer(self.stdout, as_json=as_json).document(document):
            self._print(document)
        if not all(bar["ok"] for bar in document["bars"].values()):
            sys.exit(1)
        return None

    def _print(self, document: dict[str, Any]) -> None:
        for name, value in document["figures"].items():
            self.stdout.write(f"  {name}: {value}")
        for name, bar in document["bars"].items():
            self.stdout.write(f"{'ok  ' if bar['ok'] else 'MISS'} {name}: {bar['value']} (bar {bar['bar']})")


def _names() -> set[str]:
    """Return the modules that can be run, those with a `run`, without loading what each of them needs."""
    folder = Path(next(iter(benches.__path__)))
    found = (module.name for module in pkgutil.iter_modules([str(folder)]) if not module.ispkg)
    return {name for name in found if "\ndef run(" in (folder / f"{name}.py").read_text()}


def machine() -> dict[str, Any]:
    """Return what the figures were measured on."""
    return {
        "cores": os.cpu_count(),
        "memory_bytes": psutil.virtual_memory().total,
        "load": [round(value, 2) for value in psutil.getloadavg()],
        "system": f"{platform.system()} {platform.release()}",
        "python": platform.python_version(),
    }
