"""Having pictures fetched for all titles of a library, after a choice of the household: the work of a job.

Ten thousand jobs take seconds to queue, and a person waits for the page on which they chose.
"""

from __future__ import annotations

from collections.abc import Iterable

from jobs import queue, running
from jobs.models import Priority
from scanner import bulk
from scanner.models import Library, Title
from scanner.services import causes

KIND = "scanner.fetch"
PICTURES, STILLS = "pictures", "stills"
SLICE = 500


def soon(library: Library, *whats: str, reason: str) -> None:
    """Queue the fetching of pictures, or stills; belongs in the transaction of the choice."""
    queue.enqueue(*(queue.Work(KIND, f"{what}:{library.pk}", Priority.MEDIUM, reason) for what in whats))


def fetch(what: str, pk: int) -> None:
    """Queue a job for each title, behind everything else; cut off in between, it is simply done again."""
    titles = Title.objects.filter(matches__library=pk, matches__library__removed_at=None).distinct().order_by("pk")
    titles = titles.filter(kind=Title.Kind.SHOW) if what == STILLS else titles
    ids = list(titles.values_list("pk", flat=True))
    done = 0
    for chunk in bulk.paced(ids, most=SLICE):
        running.check()
        queue.enqueue(*_works(what, chunk))
        done += len(chunk)
        running.beat(done=done, total=len(ids), unit="titles")


def _works(what: str, titles: Iterable[int]) -> Iterable[queue.Work]:
    cause = causes.stills if what == STILLS else causes.artwork
    reason = "other pictures were chosen for its library"
    return (cause(pk, reason=reason, origin="", priority=Priority.VERY_LOW) for pk in titles)
