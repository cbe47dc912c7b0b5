"""Who types: a name for the records of what a person did."""

from __future__ import annotations

import getpass
import os


def name() -> str:
    """Return the name of this user; the number where there is no name, as in many a container."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return f"uid {os.getuid()}"
