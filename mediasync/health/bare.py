"""What `doctor` says where not even the settings can be read: without Django, in the same shapes."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence

from mediasync import __version__


def tell(trouble: str, arguments: Sequence[str]) -> int:
    """Print the one thing that keeps everything else from being looked at; returns the exit code."""
    message, cure = _parts(trouble)
    if "--json" in arguments:
        finding = {
            "check": "settings", "ok": False, "message": message, "cure": cure, "level": "error",
            "subject": "", "name": "", "seen_at": None, "hidden": False,
        }  # fmt: skip
        levels = {"ok": 0, "notice": 0, "warning": 0, "error": 1}
        told = {"version": __version__, "ok": False, "levels": levels, "mended": [], "health": [finding]}
        sys.stdout.write(json.dumps(told, ensure_ascii=False, indent=1) + "\n")
    else:
        sys.stdout.write(f"Settings\n  ✗ {message}\n    → {cure}\n1 check · 1 needs you\n")
    return 1


def _parts(trouble: str) -> tuple[str, str]:
    """Take a sentence of `BadSetting` apart: what is the matter, and what would be right."""
    for mark in (". ", ": it should "):
        message, found, cure = trouble.partition(mark)
        if found:
            return f"{message}.", cure if mark == ". " else f"It should {cure}"
    return trouble, "Correct it in .env of the data directory, or in the environment, and try again."
