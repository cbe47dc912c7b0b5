"""What is told of a job: its state as a person sees it, one sentence why, and when it is tried next."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from jobs.models import Job
from jobs.resting import Resting
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


def told(job: Job, rests: Resting) -> Told:
    """Return what to say of `job` while this rests."""
    state = _state(job, rests)
    return Told(
        state, _why(job, state, rests), _next_at(job, state, rests), _detail(job, state, rests), _seconds_left(job)
    )


def _state(job: Job, rests: Resting) -> str:
    """Why a ready one is not running comes first."""
    if job.state != Job.State.READY:
        return job.state
    if job.pool in rests.pools:
        return "paused"
    if rests.until(job):
        return "held"
    return "waiting" if (job.attempts or job.last_error) and job.due_at > timezone.now() else "ready"


def _why(job: Job, state: str, rests: Resting) -> str:
    if state == "paused":
        return _("The pool “%s” is paused: it goes on when somebody resumes it.") % pool_word(job.pool)
    if state == "held":
        reason = translated(rests.reason(job).partition(LAST)[0])
        return _("%(source)s is resting. %(why)s") % {"source": job.needs, "why": reason[:1].upper() + reason[1:]}
    if state in {"failed", "waiting"} and job.last_error:
        return _without_class(job)
    return translated(job.reason)


def _detail(job: Job, state: str, rests: Resting) -> str:
    return translated(rests.reason(job)) if state == "held" else job.error_class


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


def _next_at(job: Job, state: str, rests: Resting) -> datetime | None:
    if state == "held":
        return max(rests.until(job) or job.due_at, job.due_at)
    return job.due_at if state in {"waiting", "ready"} else None
