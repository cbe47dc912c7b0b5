"""The command line: prepares environment and database, then hands over to Django."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from pathlib import Path

from journal import redaction, tracing
from mediasync import __version__, environment
from mediasync.backups import recovery
from mediasync.environment import BadSetting
from mediasync.health import bare

# Commands that must not, or need not, find a migrated database.
BARE = {
    "backup", "bench", "check", "collectstatic", "doctor", "help", "logs", "makemigrations", "migrate", "restore",
    "shell", "showmigrations", "sqlmigrate", "up", "version", "work",
}  # fmt: skip
GLOBAL = {"help", "version", "-h", "--help", "--version", "--commands"}  # Django's own


def main() -> None:
    """Run a command; a bad setting ends with 2 and a sentence, not with a traceback.

    Without a command, or with folders in its place, everything is started: `up [PATH…]`.
    A database that cannot be used ends with 1 and a sentence; --traceback shows where.
    """
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mediasync.settings")
    redaction.redact_tracebacks()
    arguments = _with_command(sys.argv[1:])
    if arguments == ["--version"]:
        sys.stdout.write(f"mediasync {__version__}\n")
        return
    _finish_restore()
    tracing.name_process(arguments[0])
    from django import db  # noqa: PLC0415  settings first

    from mediasync import commands  # noqa: PLC0415  settings first

    try:
        _refuse_unknown(arguments)
        _decide_restore()
        if _needs_database(arguments):
            _prepare_database()
        commands.run(arguments)
    except BadSetting as error:
        if arguments[0] == "doctor":
            sys.exit(bare.tell(str(error), arguments))
        _end(str(error))
    except BrokenPipeError:  # whoever read our answer, such as `head`, has read enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(1)
    except (db.ProgrammingError, db.IntegrityError, db.DataError):
        raise  # our mistake
    except db.DatabaseError as error:
        if "--traceback" in arguments:
            raise
        why = " ".join(str(error).split()).rstrip(".")
        _end(f"The database cannot be used: {why}. (--traceback shows more.)", code=1)


def _finish_restore() -> None:
    """Before settings and database are opened: a restore that was cut off is finished or undone, and told."""
    try:
        told = recovery.look(environment.data_dir())
    except recovery.Busy as error:
        _end(str(error))
    except (BadSetting, OSError):
        return  # what is the matter with the directory is told where it is prepared
    if told:
        sys.stderr.write(f"{told}\n")


def _decide_restore() -> None:
    """A restore into a server that was cut off: whether it had come to its end, only the server knows."""
    mark = recovery.undecided(environment.data_dir())
    if not mark:
        return
    import django  # noqa: PLC0415  settings first

    django.setup()
    from mediasync.backups import restoring  # noqa: PLC0415  apps first

    told = restoring.decide(environment.data_dir(), mark)
    if told:
        sys.stderr.write(f"{told} What it has of settings holds from the next start.\n")


def _with_command(arguments: Sequence[str]) -> list[str]:
    first = arguments[0] if arguments else ""
    is_path = "/" in first or first in (".", "..") or (bool(first) and Path(first).is_dir() and not _is_command(first))
    return ["up", *arguments] if not first or is_path or first in ("--host", "--port") else list(arguments)


def _is_command(name: str) -> bool:
    """A folder may be called like a command; the command wins, the folder can be written ./name."""
    folders = Path(__file__).parent.parent.glob("*/management/commands")
    return any((folder / f"{name}.py").exists() for folder in folders)


def _refuse_unknown(arguments: Sequence[str]) -> None:
    """End with 2 where there is no such command, also where its help was asked for; Django would end with 1."""
    name = arguments[0]
    if name == "help" and len(arguments) > 1 and arguments[1] not in ("all", "--all"):
        name = arguments[1]
    if name in GLOBAL or _is_command(name):
        return
    import django  # noqa: PLC0415  settings first
    from django.core.management import get_commands  # noqa: PLC0415

    django.setup()
    if name not in get_commands():
        _end(f"There is no command “{name}”, and no folder of that name here. ./run help lists the commands.")


def _needs_database(arguments: Sequence[str]) -> bool:
    asks_for_help = "--help" in arguments or "-h" in arguments
    return arguments[0] not in BARE and not arguments[0].startswith("-") and not asks_for_help


def _prepare_database() -> None:
    import django  # noqa: PLC0415  settings first

    django.setup()
    from mediasync.supervisor import migrate  # noqa: PLC0415  apps first

    try:
        migrate.migrate()
    except migrate.Refused as error:
        _end(str(error))


def _end(sentence: str, *, code: int = 2) -> None:
    sys.stderr.write(f"{sentence}\n")
    sys.exit(code)
