"""What the checks look at: each table is read at most once a run, all that was measured with one more query."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.db.models import Count, Min, OuterRef, Subquery
from django.utils import timezone

from jobs.models import IS_OPEN as JOB_IS_OPEN
from jobs.models import Drain, Job, Pool, Schedule
from mediasync import context
from mediasync.health import signs
from mediasync.health.models import Result
from mediasync.models import Backup
from outbound.models import Source
from scanner import inspection
from scanner.models import Library, MediaInfo, Scan, Watch

FRESH = dt.timedelta(seconds=60)
NAMED = 5  # damaged files
TOLD = ("problem", "cure", "folders")
WATCHED = dt.timedelta(seconds=150)  # the watcher gives a sign of life each minute


@dataclass(frozen=True, slots=True)
class Group:
    """Open jobs that are alike: those of one lease, or all that wait in a pool for the same source."""

    state: str
    pool: str
    needs: str
    leased_by: str
    kind: str
    many: int
    due_at: dt.datetime
    leased_at: dt.datetime | None


class Facts:
    """One look at everything; `measured` holds what was measured just now in place of what is stored."""

    def __init__(self, measured: Mapping[tuple[str, str], Mapping[str, Any]] | None = None) -> None:
        self.now = timezone.now()
        self._fresh = dict(measured or {})

    @cached_property
    def drains(self) -> list[Drain]:
        """Every worker process that has a row, also those that are silent."""
        return list(Drain.objects.order_by("started_at", "pk"))

    @property
    def live(self) -> list[Drain]:
        """The worker processes that gave a sign of life within a minute."""
        return [drain for drain in self.drains if drain.beat_at > self.now - FRESH]

    @cached_property
    def jobs(self) -> list[Group]:
        """The open jobs in groups, leases apart."""
        groups = Job.objects.filter(JOB_IS_OPEN).order_by().values_list("state", "pool", "needs", "leased_by")
        found = groups.annotate(Min("kind"), Count("pk"), Min("due_at"), Min("leased_at"))
        return [Group(*row) for row in found]

    @cached_property
    def pools(self) -> list[Pool]:
        """Every pool."""
        return list(Pool.objects.order_by("name"))

    @cached_property
    def sources(self) -> list[Source]:
        """Every remote service."""
        return list(Source.objects.order_by("name"))

    @cached_property
    def schedules(self) -> list[Schedule]:
        """Every schedule."""
        return list(Schedule.objects.order_by("name"))

    @cached_property
    def libraries(self) -> list[Library]:
        """Every library, with `last_scan` (its id) and `scanned_at`: when one last came to its end."""
        scans = Scan.objects.filter(library=OuterRef("pk")).order_by("-pk")
        done = scans.filter(state=Scan.State.DONE)
        found = Library.objects.annotate(
            last_scan=Subquery(scans.values("pk")[:1]), scanned_at=Subquery(done.values("ended_at")[:1])
        )
        return list(found.annotate(**_best(self.now)))

    @property
    def watches(self) -> dict[int, dict[str, Any]]:
        """How each library is watched that the watcher was heard of: `problem`, `cure` and how many `folders`."""
        return {
            library.pk: {name: getattr(library, f"watch_{name}") for name in TOLD}
            for library in self.libraries
            if getattr(library, "watch_problem", None) is not None
        }

    @cached_property
    def scans(self) -> list[Scan]:
        """The last scan of each library."""
        last = {library.last_scan: library for library in self.libraries}  # type: ignore[attr-defined]
        found = list(Scan.objects.filter(pk__in=[pk for pk in last if pk]).defer("losses", "folders", "troubles"))
        for scan in found:
            scan.library = last[scan.pk]
        return found

    @cached_property
    def signs(self) -> list[signs.Sign]:
        """How many there are of what matters, and when it last changed."""
        return signs.read(self.now - FRESH)

    @property
    def counts(self) -> dict[str, int]:
        """How many there are of what a person has to look at, and of accounts."""
        return {what: many for what, many, _latest in self.signs}

    @cached_property
    def damaged(self) -> list[MediaInfo]:
        """The first of the files in which something is broken; nobody asks where there are none."""
        return list(inspection.broken()[:NAMED]) if self.counts.get("damaged") else []

    def pulse(self) -> tuple[object, ...]:
        """Return what changes whenever a page of this would look different: two queries."""
        sources = [
            (source.pk, source.circuit, source.open_until, source.paused_until, source.settings_key, source.rules)
            for source in self.sources
        ]
        return self.signs, sources

    @cached_property
    def backups(self) -> list[Backup]:
        """The last tries of a backup, newest first."""
        return list(Backup.objects.order_by("-at", "-pk")[:12])

    @cached_property
    def results(self) -> dict[tuple[str, str], Result]:
        """What is kept of each check."""
        return {(row.code, row.subject): row for row in Result.objects.all()}

    def measured(self, code: str, subject: str = "") -> Mapping[str, Any]:
        """Return what was measured for a check; empty where nothing was yet."""
        row = None if (code, subject) in self._fresh else self.results.get((code, subject))
        return dict(row.facts) if row else self._fresh.get((code, subject), {})

    def measured_at(self, code: str, subject: str = "") -> dt.datetime | None:
        """Return when that was measured; None where it was just now, or never."""
        row = None if (code, subject) in self._fresh else self.results.get((code, subject))
        return row.measured_at if row else None

    @property
    def starting(self) -> bool:
        """Whether this web server began less than a minute ago: its workers may still be on their way."""
        began_at = context.web_began_at
        return began_at is not None and self.now - began_at < FRESH


def _best(now: dt.datetime) -> dict[str, Subquery]:
    """What the node tells that watches a library best, if it was heard of lately."""
    heard = Watch.objects.filter(library=OuterRef("pk"), seen_at__gt=now - WATCHED)
    best = heard.order_by("-watching", "problem", "pk")
    return {f"watch_{name}": Subquery(best.values(name)[:1]) for name in TOLD}
