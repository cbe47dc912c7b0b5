"""What shows of a broken file without looking into it: that it is empty, or filled with zeros."""

from __future__ import annotations

import os

from scanner.opening import open_regular

SAMPLE = 65_536
LARGE = 1 << 20  # smaller files may be padded


def problem(path: str) -> str:
    """Return what is wrong with a file whose bytes were never all written; "" where they look like bytes.

    Raises OSError where it cannot be read.
    """
    file = open_regular(path)
    if file is None:
        return ""
    with file:
        size = os.fstat(file.fileno()).st_size
        if not size:
            return "The file is empty: it has 0 bytes."
        if _only_zeros(file.read(SAMPLE)):
            return "The file holds nothing but zeros: its content was never written."
        if size < LARGE:
            return ""
        for place, start in (("middle", size // 2), ("end", size - SAMPLE)):
            file.seek(start)
            if _only_zeros(file.read(SAMPLE)):
                return f"The file is not complete: its {place} holds nothing but zeros."
    return ""


def _only_zeros(data: bytes | None) -> bool:
    return data is not None and not data.strip(b"\0")
