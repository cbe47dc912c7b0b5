"""Why a job is as it is: what it waits for, what has been tried, and when it goes on."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from jobs import clock
from jobs.models import IS_OPEN, Drain, Job, Pool
from jobs.presence import SILENT_S
from jobs.registry import rules_of
from jobs.resting import resting
from jobs.telling import Told, told
from jobs.words import pool_word
from journal.models import Event
from pages.stored import translated
from pages.why import Why

EVENTS = 20


def of_job(pk: int) -> tuple[Job, Why] | None:
    """Return a job and why it is as it is; None where it is gone."""
    job = Job.objects.filter(pk=pk).first()
    if job is None:
        return None
    pool = Pool.objects.filter(pk=job.pool).first()
    said = told(job, resting())
    drains = list(Drain.objects.filter(beat_at__gt=clock.now() - timedelta(seconds=SILENT_S)))
    obstacle = _obstacle(job, said, pool, drains)
    return job, Why(
        state=("job", said.state),
        rule=_rule(job, said),
        next=obstacle or _next(job, said),
        next_at=said.next_at,
        inputs=_inputs(job),
        events=list(Event.objects.filter(subject=f"jobs.job:{pk}")[:EVENTS]),
    )


def _rule(job: Job, said: Told) -> str:
    """Say what led to its state; the sentence of the job itself where it has one."""
    if said.state == Job.State.LEASED:
        return _("It is being worked on. %s") % _sentence(translated(job.reason))
    if said.state == Job.State.DONE:
        return _("It was done. %s") % _sentence(translated(job.reason))
    if said.state == Job.State.CANCELLED:
        return _("A person, or what it belonged to, called it off.")
    if said.state == Job.State.FAILED:
        tries = ngettext(
            "It failed %d time, so it came to rest.", "It failed %d times, so it came to rest.", job.attempts
        )
        return f"{tries % job.attempts} {_sentence(said.why)}"
    return _sentence(said.why) or _("It was put into the queue and waits for its turn.")


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:] if text else ""


def _obstacle(job: Job, said: Told, pool: Pool | None, drains: list[Drain]) -> str:
    """Say what else keeps a ready job from running: nobody there, nobody who sees its files, or a full pool."""
    if said.state not in ("ready", "waiting"):
        return ""
    if not drains:
        return _("Nothing works on the queue at present: start mediasync with ./run.")
    if all(job.pool in drain.blind_to for drain in drains):
        return _("No running node sees every library, so nobody does the work of this pool.")
    if said.state == "waiting" or pool is None:
        return ""
    taken = Job.objects.filter(IS_OPEN, pool=job.pool, state=Job.State.LEASED).count()
    if taken < pool.limit or not job.priority:
        return ""
    ahead = Job.objects.filter(IS_OPEN, pool=job.pool, state=Job.State.READY, rank__lt=job.rank).count()
    named = {"taken": taken, "limit": pool.limit, "pool": pool_word(job.pool), "ahead": ahead}
    return (
        _("The pool “%(pool)s” is full: %(taken)d of %(limit)d run, and %(ahead)d jobs wait before this one.") % named
    )


def _next(job: Job, said: Told) -> str:
    if said.state == "paused":
        return _("It runs when somebody resumes the pool.")
    if said.state == "held":
        return _("It runs when its source may be asked again.")
    if said.state == "waiting":
        rules = rules_of(job.kind)
        left = max(0, rules.attempts - job.attempts)
        return ngettext("It is tried again; %d try is left.", "It is tried again; %d tries are left.", left) % left
    if said.state == Job.State.READY:
        return _("It runs as soon as a worker is free.")
    if said.state == Job.State.LEASED:
        return _("It ends, or gives its place back when the worker dies.")
    if said.state == Job.State.FAILED:
        return _("Nothing, until you try it again or something happens to the thing.")
    return _("Nothing more. It is forgotten after a week.")


def _inputs(job: Job) -> list[tuple[str, Any]]:
    rows: list[tuple[str, Any]] = [
        (_("Pool"), pool_word(job.pool)),
        (_("Priority"), job.get_priority_display()),
        (_("Needs"), job.needs),
        (_("Caused by"), job.origin),
        (_("Asked because"), translated(job.reason)),
        (_("Tries so far"), job.attempts),
        (_("Last error"), translated(job.last_error)),
        (_("Kind of error"), job.error_class),
        (_("Done"), f"{job.done_units or 0} / {job.total_units} {job.unit}" if job.total_units else ""),
        (_("Worked on by"), job.leased_by),
    ]
    return [(name, value) for name, value in rows if value not in ("", None)]
