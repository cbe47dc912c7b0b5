"""What a person does to the queue by hand; each is remembered in the journal."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.db.models import Case, F, IntegerField, QuerySet, When

from jobs import clock
from jobs.models import Job, Pool, Priority
from jobs.ranking import PATIENCE_S, patience, rank
from jobs.works import Work, enqueue
from journal.moves import record

State = Job.State
AT_ONCE = {"leased_by": "", "leased_until": None, "leased_at": None}


def retry(jobs: QuerySet[Job], *, actor: str) -> int:
    """Make jobs due now with all attempts before them: failed and waiting ones, and ended ones anew.

    A single one goes before everything else, since a person waits for it.
    """
    now = clock.now()
    priority = Priority.CRITICAL if jobs.count() == 1 else Priority.HIGH
    ended = list(jobs.filter(state__in=[State.DONE, State.CANCELLED]).values_list("kind", "key"))
    changed = _change(
        jobs.filter(state__in=[State.FAILED, State.READY]),
        actor=actor,
        reason="tried again by hand",
        state=State.READY,
        attempts=0,
        due_at=now,
        priority=priority,
        rank=rank(priority, now),
    )
    return changed + enqueue(*(Work(kind, key, priority, f"asked for by {actor}") for kind, key in ended))


def cancel(jobs: QuerySet[Job], *, actor: str) -> int:
    """End open jobs undone; one that runs is told to stop within about a second."""
    return _change(
        jobs.filter(state__in=Job.OPEN),
        actor=actor,
        reason="cancelled",
        state=State.CANCELLED,
        attempts=_without_this_attempt(),
        ended_at=clock.now(),
        again=False,
        **AT_ONCE,
    )


def cancel_origin(origin: str, *, actor: str) -> int:
    """Cancel what `origin` caused and is not ended; what failed still waits for a person."""
    return cancel(_open_of(origin), actor=actor)


def open_of(origin: str) -> int:
    """Return how many jobs that `origin` caused run or wait."""
    return _open_of(origin).count()


def _open_of(origin: str) -> QuerySet[Job]:
    return Job.objects.filter(origin=origin, state__in=[State.READY, State.LEASED])


def prioritise(jobs: QuerySet[Job], priority: int, *, actor: str) -> int:
    """Give open jobs another priority."""
    return _change(
        jobs.filter(state__in=Job.OPEN),
        actor=actor,
        reason=f"priority {Priority(priority).name}",
        priority=priority,
        rank=F("rank") - patience() + PATIENCE_S[priority],
    )


def release_lease(jobs: QuerySet[Job], *, actor: str) -> int:
    """Take jobs from whoever runs them; they are due at once and the attempt is not counted."""
    return _change(
        jobs.filter(state=State.LEASED),
        actor=actor,
        reason="lease released by hand",
        state=State.READY,
        attempts=_without_this_attempt(),
        due_at=clock.now(),
        **AT_ONCE,
    )


def pause(pool: str, reason: str, *, actor: str) -> None:
    """Claim nothing more of a pool; what runs is finished."""
    _pool(pool, f"paused: {reason}", actor=actor, paused_at=clock.now(), paused_reason=reason)


def resume(pool: str, *, actor: str) -> None:
    """Claim from a paused pool again."""
    _pool(pool, "resumed", actor=actor, paused_at=None, paused_reason="")


def set_limit(pool: str, limit: int, *, actor: str) -> None:
    """Allow `limit` leases at once; holds for the next claim of every process."""
    _pool(pool, f"limit {limit}", actor=actor, limit=limit)


def _without_this_attempt() -> Case:
    return Case(
        When(state=State.LEASED, attempts__gt=0, then=F("attempts") - 1),
        default=F("attempts"),
        output_field=IntegerField(),
    )


def _pool(name: str, reason: str, *, actor: str, **fields: Any) -> None:
    with transaction.atomic():
        if not Pool.objects.filter(name=name).update(**fields):
            Pool.objects.create(name=name, **fields)
        record(f"jobs.pool:{name}", reason=reason, actor=actor)


def _change(jobs: QuerySet[Job], *, actor: str, reason: str, **fields: Any) -> int:
    """Change a set of jobs and write one event: about the job if it is one, else about the set."""
    with transaction.atomic():
        first = list(jobs.order_by("pk").values_list("pk", "kind", "key", "state")[:2])
        changed = jobs.update(**fields)
        if changed == 1 and len(first) == 1:
            pk, kind, key, old = first[0]
            record(
                f"jobs.job:{pk}",
                reason=reason,
                actor=actor,
                old=old,
                new=str(fields.get("state", old)),
                facts={"kind": kind, "key": key},
            )
        elif changed:
            record("jobs.job:set", reason=f"{changed} jobs {reason}", actor=actor, facts={"jobs": changed})
    return changed
