"""Disc folders: which of their many files is the film."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator

BLURAY, DVD = "Blu-ray folder", "DVD folder"
PARTS = {
    "bdmv": (BLURAY, ("STREAM", "stream"), (".m2ts",)),
    "video_ts": (DVD, ("",), (".vob",)),
    "hvdvd_ts": ("HD DVD folder", ("",), (".evo",)),
}
MOST = 10_000


def film_of(folder: str) -> tuple[str, str]:
    """Return what kind of disc a folder is, and the largest stream in it ("" where there is none).

    Raises OSError where it cannot be listed.
    """
    kind, places, endings = PARTS.get(os.path.basename(folder).lower(), ("Disc folder", ("",), (".m2ts", ".vob")))  # noqa: PTH119  names that are not UTF-8 stay as they are
    streams: list[tuple[int, str]] = []
    for place in places:
        where = f"{folder}/{place}".rstrip("/")
        if os.path.isdir(where):  # noqa: PTH112
            streams += _streams(where, endings)
    return kind, max(streams, default=(0, ""))[1]


def _streams(where: str, endings: tuple[str, ...]) -> Iterator[tuple[int, str]]:
    with os.scandir(where) as entries:
        for number, entry in enumerate(entries):
            if number >= MOST:
                return
            if entry.name.lower().endswith(endings):
                about = entry.stat()
                if stat.S_ISREG(about.st_mode):
                    yield about.st_size, entry.path
