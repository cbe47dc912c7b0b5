"""Pictures that somebody put beside the media: noticed by the scan or the look that meets their folder."""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import suppress
from datetime import datetime

from jobs import queue
from jobs.models import Priority
from scanner import art, bulk, paths
from scanner.models import Library, Match, Title
from scanner.services import causes

SLACK_S = 5  # clocks of file servers differ a little; more would list every young folder again, scan after scan
REASON = "a picture beside it is new"


def notice(library: Library, folders: Iterable[str], *, since: datetime, origin: str) -> int:
    """Queue the titles beside whose media a picture has appeared since then that is not ours; returns how many."""
    limit = since.timestamp() - SLACK_S
    fresh = {folder: found for folder in folders if (found := dict(_fresh(library, folder, limit)))}
    works = {work.key + work.kind: work for work in _works(library, fresh, origin)}
    if works:
        queue.enqueue(*works.values())
    return len(works)


def _fresh(library: Library, folder: str, limit: float) -> Iterator[tuple[str, int]]:
    """Yield name and size of each picture in a folder that was put there, or written, after a moment."""
    with suppress(OSError), os.scandir(paths.resolve(library, folder)) as found:
        for entry in found:
            if entry.name[0] != "." and entry.name.lower().endswith(tuple(f".{suffix}" for suffix in art.SUFFIXES)):
                about = entry.stat()
                if about.st_ctime > limit:
                    yield paths.to_text(entry.name), about.st_size


def _works(library: Library, fresh: dict[str, dict[str, int]], origin: str) -> Iterator[queue.Work]:
    below: dict[str, list[str]] = defaultdict(list)
    for folder in fresh:
        for place in _upwards(folder):
            below[place].append(folder)
    settled = Match.objects.filter(library=library, state=Match.State.MATCHED, title__isnull=False)
    for chunk in bulk.slices(sorted(below), 500):
        for match in settled.filter(folder__in=chunk):
            if any(_is_theirs(match, folder, fresh[folder]) for folder in below[match.folder]):
                pk = match.title_id or 0
                yield causes.artwork(pk, reason=REASON, origin=origin, priority=Priority.HIGH)
                if match.kind == Title.Kind.SHOW:
                    yield causes.stills(pk, reason=REASON, origin=origin)


def _is_theirs(match: Match, folder: str, names: dict[str, int]) -> bool:
    """Say whether one of these pictures lies beside a match and is none that we placed there."""
    inside = folder.removeprefix(match.folder).removeprefix("/")
    for name, size in names.items():
        note = match.sidecars.get(f"{inside}/{name}" if inside else name, {})
        if (not match.stem or name.startswith(match.stem)) and note.get("bytes") != size:
            return True
    return False


def _upwards(folder: str) -> Iterator[str]:
    """Yield a folder and the two above it: a show's pictures lie in its seasons too."""
    for _step in range(3):
        if folder:
            yield folder
        folder = folder.rpartition("/")[0]
