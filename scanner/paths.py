"""The one place that converts between names on disk and the text that is stored and shown.

A path is stored as UTF-8 text. Bytes that are not UTF-8 are written `\\xNN`; a backslash that
would read as such an escape is itself written `\\x5c`, so every name comes back as it was.
"""

from __future__ import annotations

import os
import re

from scanner.models import Library

_ESCAPABLE = re.compile(r"\\(?=x[0-9a-f]{2})|[\udc80-\udcff]")
_ESCAPED = re.compile(r"\\x([0-9a-f]{2})")


class OutsideLibrary(ValueError):
    """A path that would leave the library's root."""


def to_text(name: str) -> str:
    """Return the stored form of a name as `os` gives it (surrogateescape)."""
    if "\\" not in name:
        try:
            name.encode()
        except UnicodeEncodeError:
            pass
        else:
            return name
    return _ESCAPABLE.sub(lambda found: f"\\x{ord(found[0]) & 0xFF:02x}", name)


def on_disk(text: str) -> str:
    """Return the name that `os` functions take for a stored one; the inverse of `to_text`."""
    if "\\x" not in text:
        return text
    return _ESCAPED.sub(lambda found: _byte(int(found[1], 16)), text)


def _byte(value: int) -> str:
    return chr(value) if value < 0x80 else chr(0xDC00 + value)


def resolve(library: Library, relative: str) -> str:
    """Return the absolute path for `os` functions of a path inside the library.

    Raises `OutsideLibrary` for absolute paths and for any `..`.
    """
    parts = relative.split("/") if relative else []
    if relative.startswith("/") or ".." in parts or "\0" in relative:
        raise OutsideLibrary(f"{relative!r} does not lie inside {library.path}")
    return os.path.join(on_disk(library.path), on_disk(relative)) if parts else on_disk(library.path)  # noqa: PTH118
