"""Hints of the watch: folders in which something has happened, kept until somebody has looked."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Iterable

from django.db import transaction
from django.db.models import F

from jobs import clock, queue, running
from jobs.models import Job, Priority
from scanner.models import Hint, Library, Scan
from scanner.services import methods, scans

LOOK = "scanner.look"
MOST = 50  # folders; more are one scan
LOOK_ENDS_WITHIN_S = 65  # or its lease has run out
BETWEEN_ASKING_S = 0.2


def take(library: Library, shallow: Iterable[str], deep: Iterable[str]) -> None:
    """Keep folders in which something has happened, and queue a look at them; they are stored paths."""
    now = clock.now()
    rows = [Hint(library=library, path=path, noticed_at=now) for path in shallow]
    rows += [Hint(library=library, path=path, noticed_at=now, deep=True) for path in deep]
    with transaction.atomic():
        Hint.objects.bulk_create(rows)
        queue.enqueue(look_at(library, reason="something has happened in its folders"))


def look_at(library: Library, *, reason: str, due_at: dt.datetime | None = None) -> queue.Work:
    """Return the job that looks at the hints of a library."""
    return queue.Work(LOOK, key_of(library), Priority.HIGH, reason, due_at=due_at)


def key_of(library: Library) -> str:
    """Return the key of a library's look."""
    return f"library:{library.pk}"


def scan_instead(library: Library) -> None:
    """Queue one scan of the library, which sees all that the hints tell of, or more than they could."""
    mode = methods.suited(library)
    with transaction.atomic():  # a kill in between must not lose both
        Hint.objects.filter(library=library).delete()
        scans.start([library], mode=mode, anew=True)


def forget_before(library: Library, moment: dt.datetime) -> None:
    """Forget what a scan has seen whose listing began then."""
    Hint.objects.filter(library=library, noticed_at__lt=moment).delete()


def begin(told: Iterable[Hint]) -> None:
    """Note that what was seen is being stored: cut off from here on, the next look mends what was left half done."""
    Hint.objects.filter(pk__in=[hint.pk for hint in told]).update(begun=True)


def put_off(told: Iterable[Hint]) -> None:
    """Keep hints for another look."""
    Hint.objects.filter(pk__in=[hint.pk for hint in told]).update(begun=False, looks=F("looks") + 1)


def is_being_walked(library: Library) -> bool:
    """Tell whether a scan of the library is at work: rows that a look stored meanwhile would seem gone to it."""
    keys = [scans.origin_of(scan) for scan in Scan.objects.filter(library=library, state=Scan.State.OPEN)]
    return Job.objects.filter(kind="scanner.walk", key__in=keys, state=Job.State.LEASED).exists()


def wait_for_look(library: Library) -> None:
    """Wait until no look at the library is at work; one that has just begun sees our scan and gives way."""
    look = Job.objects.filter(kind=LOOK, key=key_of(library), state=Job.State.LEASED)
    end = time.monotonic() + LOOK_ENDS_WITHIN_S
    while look.exists() and time.monotonic() < end:
        running.wait(BETWEEN_ASKING_S)
