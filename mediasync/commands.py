"""The commands as a person meets them: ours in the help, Django's behind --all, mistakes in a plain sentence."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from django.core.management import ManagementUtility, load_command_class
from django.core.management.base import BaseCommand, CommandError, handle_default_options
from django.db import connections

PROGRAM = "./run"
GROUPS: Mapping[str, Sequence[str]] = {
    "Your media": ("library", "scan", "items"),
    "Looking after it": ("status", "doctor", "queue", "sources", "work", "logs", "backup", "restore", "apikey"),
    "Measuring": ("bench",),
}
STARTING = (
    ("./run [PATH…]", "Start everything; folders named become libraries. Ends with Ctrl-C."),
    ("./run up --port N", "The same, at another port; --host lets other machines reach it."),
)
DJANGOS = {"--version", "--verbosity", "--settings", "--pythonpath", "--traceback", "--no-color", "--force-color"}
DEVELOPING = (
    ("test", "Run the tests."),
    ("check", "Run formatters, linters, types and contracts."),
    ("help --all", "List Django's commands too."),
)


def own() -> set[str]:
    """Return the names of mediasync's own commands."""
    folders = Path(__file__).parent.parent.glob("*/management/commands/*.py")
    return {path.stem for path in folders if path.stem != "__init__"}


def run(arguments: Sequence[str]) -> None:
    """Run a command; wrong use and what it refuses end the process with a sentence and the command's code."""
    everything = [*arguments] in (["help", "--all"], ["--help", "--all"], ["help", "all"])
    _Utility([PROGRAM, "help"] if everything else [PROGRAM, *arguments], everything=everything).execute()


class _Utility(ManagementUtility):
    """Django's way to commands, with our help and our words for mistakes."""

    def __init__(self, arguments: list[str], *, everything: bool) -> None:
        super().__init__(arguments)
        self._everything = everything

    def main_help_text(self, commands_only: bool = False) -> str:
        """Return the list of our commands; of all where that was asked for."""
        if commands_only or self._everything:
            return super().main_help_text(commands_only)
        return _help()

    def fetch_command(self, subcommand: str) -> BaseCommand:
        """Return the command, which tells mistakes our way."""
        command = super().fetch_command(subcommand)
        if subcommand in own():
            command.suppressed_base_arguments = DJANGOS
        command.run_from_argv = partial(_run, command)  # type: ignore[method-assign]
        return command


def _run(command: BaseCommand, argv: list[str]) -> None:
    """Do what Django does, but let a mistake speak for itself: no name of a class before the sentence."""
    command._called_from_command_line = True  # type: ignore[attr-defined]
    options = command.create_parser(argv[0], argv[1]).parse_args(argv[2:])
    handle_default_options(options)
    given: dict[str, Any] = dict(vars(options))
    try:
        command.execute(*given.pop("args", ()), **given)
    except CommandError as error:
        if options.traceback:
            raise
        command.stderr.write(str(error))
        raise SystemExit(error.returncode) from error
    finally:
        connections.close_all()


def _help() -> str:
    """Return each command with its first sentence, grouped."""
    width = max(len(name) for name, _does in STARTING) + 2
    lines = ["mediasync looks after a household's films and series.", "", "Starting"]
    lines += [f"  {name:<{width}}{does}" for name, does in STARTING]
    for group, names in GROUPS.items():
        lines += ["", group, *(f"  {f'./run {name}':<{width}}{_first_sentence(name)}" for name in names)]
    lines += ["", "Developing", *(f"  {f'./run {name}':<{width}}{does}" for name, does in DEVELOPING)]
    return "\n".join([*lines, "", "./run COMMAND --help says more about one of them."])


def _first_sentence(name: str) -> str:
    app = next(path.parts[-4] for path in Path(__file__).parent.parent.glob(f"*/management/commands/{name}.py"))
    return load_command_class(app, name).help.partition(". ")[0].rstrip(".") + "."
