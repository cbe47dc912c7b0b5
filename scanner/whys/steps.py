"""What all answers of the library share: its open jobs as steps, and rows without gaps."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils import formats, timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from jobs.models import IS_OPEN, Job
from jobs.resting import Resting, resting
from jobs.telling import told
from pages.stored import translated
from pages.why import Step
from scanner.models import Match

EVENTS = 20
MOST = 8
WORKS = {
    "scanner.match": gettext_lazy("Identify"),
    "scanner.title": gettext_lazy("Describe"),
    "scanner.refresh_title": gettext_lazy("Refresh"),
    "scanner.write": gettext_lazy("Write files beside the media"),
    "scanner.artwork": gettext_lazy("Fetch artwork"),
    "scanner.inspect": gettext_lazy("Look closer"),
}


def steps_of(keys: Collection[str]) -> list[Step]:
    """Return what is open in the queue about these things: three queries."""
    jobs = list(Job.objects.filter(Q(IS_OPEN), key__in=keys).order_by("rank", "pk")[:MOST])
    rests = resting()
    return [_step(job, rests) for job in jobs]


def _step(job: Job, rests: Resting) -> Step:
    said = told(job, rests)
    address = reverse("why", args=["job", job.pk])
    return Step(("job", said.state), str(WORKS.get(job.kind, job.kind)), said.why, said.next_at, address)


def why_here(match: Match) -> str:
    """Return the reason of a match, and whether it is locked."""
    reason = translated(match.reason)
    return f"{reason} · {_('locked')}" if match.locked else reason


def address_of(match: Match) -> str:
    """Return where a match is put right."""
    return reverse("scanner:match", args=[match.pk])


def when(moment: Any) -> str:
    """Return a moment as absolute local time; nothing where there is none."""
    return formats.date_format(timezone.localtime(moment), "DATETIME_FORMAT") if moment else ""


def filled(rows: Sequence[tuple[Any, Any]]) -> list[tuple[str, Any]]:
    """Return the rows that say something."""
    return [(str(name), value) for name, value in rows if value not in ("", None)]
