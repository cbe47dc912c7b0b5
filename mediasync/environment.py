"""The data directory and its `.env`: found, made on first run, and read before Django starts."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

import environ

SECRETS = ("SECRET_KEY",)
WRITTEN = (
    "db.sqlite3", "db.sqlite3-wal", "supervisor.lock", "cluster.lock", "migrate.lock", "restore.lock",
    "static", "artwork", "backups", "logs",
)  # fmt: skip


class BadSetting(Exception):
    """A setting that cannot be used; the text names it and says what would be right."""


def data_dir() -> Path:
    """Return the absolute data directory: `MEDIASYNC_DATA`, else `$XDG_DATA_HOME/mediasync`."""
    given = os.environ.get("MEDIASYNC_DATA")
    share = os.environ.get("XDG_DATA_HOME") or "~/.local/share"
    where = os.path.expanduser(given or f"{share}/mediasync")  # noqa: PTH111  Path's raises where there is no home
    if where.startswith("~"):
        raise BadSetting("This user has no home directory. Set MEDIASYNC_DATA to a folder that this user may write.")
    return Path(where).absolute()


def prepare() -> tuple[Path, bool]:
    """Make the data directory and its `.env` (mode 0600) and load it.

    Returns the directory and whether it is new. The real environment wins over the file.
    Raises `BadSetting` where the directory cannot be made or read.
    """
    folder = data_dir()
    os.environ["MEDIASYNC_DATA"] = str(folder)  # children may have another working directory
    env_file = folder / ".env"
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        fresh = _write_secrets(env_file)
        env_file.read_text(encoding="utf-8")  # `read_env` would pass over one that cannot be read
        environ.Env.read_env(str(env_file))
        _refuse_what_cannot_be_written(folder)
    except OSError as error:
        where = f"{env_file} in the data directory" if env_file.exists() else f"The data directory {folder}"
        cure = "Set MEDIASYNC_DATA to a folder that this user may write."
        if isinstance(error, PermissionError) and os.path.lexists(folder):
            cure = _whose(env_file if env_file.exists() else folder)
        raise BadSetting(f"{where} cannot be used: {error.strerror}. {cure}") from error
    except UnicodeDecodeError as error:
        raise BadSetting(f"{env_file} cannot be used: it is not text in UTF-8.") from error
    return folder, fresh


def _add_what_was_removed(env_file: Path) -> None:
    """Make a secret anew whose line a person removed; of two lines the first one counts."""
    text = env_file.read_text(encoding="utf-8")
    there = {line.partition("=")[0].strip().removeprefix("export ") for line in text.splitlines()}
    lines = [
        f"{name}={secrets.token_urlsafe(50)}\n" for name in SECRETS if name not in there and name not in os.environ
    ]
    if lines:
        with env_file.open("a", encoding="utf-8") as file:
            file.write(("" if text.endswith("\n") or not text else "\n") + "".join(lines))


def _refuse_what_cannot_be_written(folder: Path) -> None:
    """Tell at the start what would go wrong in the middle: started once as root, files stay root's."""
    for path in (folder, *(folder / name for name in WRITTEN)):
        if path.exists() and not os.access(path, os.R_OK | os.W_OK):
            raise BadSetting(f"{path} cannot be written by this user. {_whose(path)}")


def _whose(path: Path) -> str:
    try:
        owner = path.owner()
    except (KeyError, OSError):
        owner = "another user"
    return f"It belongs to {owner}: start mediasync as that user, or set MEDIASYNC_DATA to a folder of your own."


def _write_secrets(env_file: Path) -> bool:
    """Write generated secrets once; two starts at the same moment agree on the first."""
    if env_file.exists():
        _add_what_was_removed(env_file)
        return False
    lines = [f"{name}={secrets.token_urlsafe(50)}" for name in SECRETS]
    text = "# Made by mediasync on its first start. Settings may be added here, one a line.\n"
    temporary = env_file.with_name(f".env.{os.getpid()}")
    handle = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(text + "\n".join(lines) + "\n")
    try:
        os.link(temporary, env_file)
    except FileExistsError:
        return False
    finally:
        temporary.unlink()
    return True
