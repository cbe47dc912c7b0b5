"""What is told of a job: its state as a person sees it, one sentence why, and when it is tried next."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from jobs.models import Job
from jobs.words import pool_word
from pages.stored import translated

LAST = " Last: "  # what follows in the reason of a hold is the source's last answer


@dataclass(frozen=True, slots=True)
class Told:
    """`state` is a word of listing.STATES, or "held" or "paused"; `next_at` is None where only a person helps.

    `detail` is what a technical person wants besides: the whole story of a source, the class of an error.
    """

    state: str
    why: str
    next_at: datetime | None
    detail: str
    seconds_left: float | None = None


def told(job: Job, paused: Collection[str] = ()) -> Told:
    """Return what to say of `job`, whose `held_until` and `held_reason` are annotated; `paused` are names of pools."""
    state = _state(job, paused)
    return Told(state, _why(job, state), _next_at(job, state), _detail(job, state), _seconds_left(job))


def _state(job: Job, paused: Collection[str]) -> str:
    """Why a ready one is not running comes first."""
    if job.state != Job.State.READY:
        return job.state
    if job.pool in paused:
        return "paused"
    if getattr(job, "held_until", None):
        return "held"
    return "waiting" if (job.attempts or job.last_error) and job.due_at > timezone.now() else "ready"


def _why(job: Job, state: str) -> str:
    if state == "paused":
        return _("The pool “%s” is paused: it goes on when somebody resumes it.") % pool_word(job.pool)
    if state == "held":
        reason = translated(_held_reason(job).partition(LAST)[0])
        return _("%(source)s is resting. %(why)s") % {"source": job.needs, "why": reason[:1].upper() + reason[1:]}
    if state in {"failed", "waiting"} and job.last_error:
        return _without_class(job)
    return translated(job.reason)


def _detail(job: Job, state: str) -> str:
    return translated(_held_reason(job)) if state == "held" else job.error_class


def _held_reason(job: Job) -> str:
    return getattr(job, "held_reason", "") or ""


def _without_class(job: Job) -> str:
    """An unforeseen exception is a fault of ours, and said to be one; the foreseen ones are sentences already."""
    if job.error_class and job.last_error.startswith(f"{job.error_class}:"):
        return _("mediasync made a mistake here; the log says more. (%s)") % job.last_error
    return translated(job.last_error)


def _seconds_left(job: Job) -> float | None:
    """By the pace it shows: its own word for it, else what it did since it began."""
    done, total = job.done_units or 0, job.total_units or 0
    if job.state != Job.State.LEASED or not 0 < done < total:
        return None
    if job.speed:
        return (total - done) / job.speed
    spent = (timezone.now() - job.leased_at).total_seconds() if job.leased_at else 0.0
    return spent * (total - done) / done if spent > 1 else None


def _next_at(job: Job, state: str) -> datetime | None:
    if state == "held":
        held: datetime = job.held_until  # type: ignore[attr-defined]  # annotated
        return max(held, job.due_at)
    return job.due_at if state in {"waiting", "ready"} else None
