"""Descriptions that came from files beside the media follow when somebody changes these files."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping

from django.db.models import F
from django.utils import timezone

from jobs.models import Priority
from jobs.queue import Work
from scanner import paths
from scanner.models import Library, Match, Title
from scanner.services import causes

FROM_FILES = (Title.DescribedBy.NFO, Title.DescribedBy.NAMES)


def works(library: Library, notes: Mapping[str, int], *, origin: str) -> Iterator[Work]:
    """Yield the descriptions to be made anew: an NFO, or a hint, is younger than what was made of it and written since.

    `notes` are the newest mtimes of such files by folder. A date in the future says nothing.
    """
    now = timezone.now().timestamp() * 1e9
    described = Match.objects.filter(library=library, state=Match.State.MATCHED, title__state=Title.State.INDEXED)
    rows = described.filter(title__described_by__in=FROM_FILES, title__described_at__isnull=False)
    newest: dict[str, int] = {}
    for title, kind, folder, stem, *moments in rows.annotate(told=F("title__described_at")).values_list(
        "title_id", "kind", "folder", "stem", "written_at", "told"
    ):
        if kind == Title.Kind.SHOW and not newest:
            newest = _with_parents(notes)
        changed = (newest if kind == Title.Kind.SHOW else notes).get(folder, 0)
        known = max(moment.timestamp() for moment in moments if moment) * 1e9
        if known < changed < now and (not stem or known < _changed_at(library, f"{folder}/{stem}.nfo")):
            yield causes.description(
                title, origin=origin, priority=Priority.HIGH, reason="an NFO beside it has changed"
            )


def _with_parents(notes: Mapping[str, int]) -> dict[str, int]:
    """Return the newest of each folder and all below it: a show's NFOs lie in its seasons."""
    newest = dict(notes)
    for folder, changed in notes.items():
        while folder := folder.rpartition("/")[0]:
            newest[folder] = max(changed, newest.get(folder, 0))
    return newest


def _changed_at(library: Library, path: str) -> int:
    try:
        return os.stat(paths.resolve(library, path)).st_mtime_ns  # noqa: PTH116  names that are not UTF-8 stay as they are
    except OSError:
        return 0
