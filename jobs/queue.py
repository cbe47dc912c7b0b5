"""The door to the queue: what is to be done, holds of sources, and what a person does by hand."""

from __future__ import annotations

from datetime import datetime

from jobs import reseeds
from jobs.hands import cancel, cancel_origin, open_of, pause, prioritise, release_lease, resume, retry, set_limit
from jobs.models import Hold
from jobs.works import Work, enqueue, seed

__all__ = [
    "Work",
    "cancel",
    "cancel_origin",
    "enqueue",
    "hold",
    "open_of",
    "pause",
    "prioritise",
    "release_lease",
    "reseeds",
    "resume",
    "retry",
    "seed",
    "set_limit",
    "unhold",
]


def hold(source: str, *, until: datetime, reason: str) -> None:
    """Claim nothing that needs `source` until then; the jobs themselves are not touched."""
    Hold.objects.update_or_create(source=source, defaults={"until": until, "reason": reason})


def unhold(source: str) -> None:
    """Let the jobs that need `source` go on."""
    Hold.objects.filter(source=source).delete()
