"""Libraries whose disk is away: a mount point without its disk looks like a library that was emptied."""

from __future__ import annotations

import os
from datetime import timedelta

from django.utils import timezone

from jobs.errors import RetryLater
from scanner import paths
from scanner.models import Library, MediaFile

AGAIN = timedelta(minutes=15)
REASON = "The library's folder is empty or not there: its disk may be away."


def wait_for_disk(library: Library) -> None:
    """Raise RetryLater while a library's disk seems to be away.

    Once a scan whose losses were confirmed says that all its files are MISSING, nothing is waited for.
    """
    if is_bare(library) and MediaFile.objects.filter(library=library).exclude(state="missing").exists():
        raise RetryLater(REASON, until=timezone.now() + AGAIN)


def is_bare(library: Library) -> bool:
    """Say whether a library's folder is empty or not there; one that cannot be looked into is there."""
    try:
        with os.scandir(paths.resolve(library, "")) as entries:
            return next(entries, None) is None
    except PermissionError:
        return False
    except OSError:
        return True
