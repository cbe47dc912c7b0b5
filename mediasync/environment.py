"""The data directory and its `.env`: found, made on first run, and read before Django starts."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

import environ

SECRETS = ("SECRET_KEY",)


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
    except OSError as error:
        raise BadSetting(
            f"The data directory {folder} cannot be used: {error.strerror}. "
            "Set MEDIASYNC_DATA to a folder that this user may write."
        ) from error
    except UnicodeDecodeError as error:
        raise BadSetting(f"{env_file} cannot be used: it is not text in UTF-8.") from error
    return folder, fresh


def _write_secrets(env_file: Path) -> bool:
    """Write generated secrets once; two starts at the same moment agree on the first."""
    if env_file.exists():
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
