"""The ends of a lease: each write is guarded by the token, so whoever lost the job changes nothing."""

from __future__ import annotations

import logging
from collections.abc import Collection
from datetime import datetime, timedelta

from django.db import connection, transaction
from django.db.models import Case, F, Q, QuerySet, Value, When

from jobs import clock
from jobs.claim import LEASE_S, Claim
from jobs.models import Job
from jobs.ranking import patience
from jobs.registry import rules_of
from journal.redaction import redact

log = logging.getLogger(__name__)

LET_GO = {"state": Job.State.READY, "leased_by": "", "leased_until": None, "leased_at": None}
FINISH = """UPDATE jobs_job SET
    state = CASE WHEN again THEN 'ready' ELSE 'done' END,
    ended_at = CASE WHEN again THEN NULL ELSE %s END,
    attempts = CASE WHEN again THEN 0 ELSE attempts END,
    again = FALSE, alone = FALSE, leased_by = '', leased_until = NULL, last_error = '', error_class = ''
    WHERE id = %s AND leased_by = %s AND state = 'leased'"""


def finish(claim: Claim) -> bool:
    """End a job as done, or due again where a change came while it ran; False when it is no longer ours."""
    with connection.cursor() as cursor:
        cursor.execute(FINISH, [clock.stored(clock.now()), claim.job_id, claim.token])
        return bool(cursor.rowcount)


def put_off(claim: Claim, due_at: datetime, *, reason: str, error_class: str, counted: bool) -> bool:
    """Make a job due later; an attempt that is not `counted` is given back. False when it is no longer ours.

    A change that came while it ran is due when the change says, with all attempts before it.
    """
    why = {"again": False, "alone": False, "last_error": redact(reason), "error_class": error_class}
    attempts = F("attempts") if counted else _one_less()
    with transaction.atomic():
        later = _ours(claim).filter(again=False).update(**LET_GO, **why, attempts=attempts, **_due(due_at))
        return bool(later or _ours(claim).filter(again=True).update(**LET_GO, **why, attempts=0))


def fail(claim: Claim, reason: str, *, error_class: str) -> bool:
    """Let a job come to rest until a person looks, and mark its thing in the same transaction.

    A change that came while it ran is another chance. False when the job is no longer ours.
    """
    try:
        with transaction.atomic():
            _mark_thing(claim, reason)
            if not _rest(claim, reason, error_class):
                raise _Moved
    except _Moved:
        return bool(_ours(claim).filter(again=True).update(**LET_GO, again=False, attempts=0))
    return True


def give_back(claims: Collection[Claim]) -> int:
    """Let go of jobs that were cut short through no fault of theirs; due at once, no attempt counted."""
    ids, tokens = [claim.job_id for claim in claims], {claim.token for claim in claims}
    mine = Job.objects.filter(pk__in=ids, leased_by__in=tokens, state=Job.State.LEASED)
    return mine.update(**LET_GO, again=False, attempts=_one_less(), **_due(clock.now()))


def lose(claim: Claim, reason: str, *, leased_until: datetime | None) -> bool:
    """Take a job from a worker that is gone: due at once, in a process of its own, the attempt counted.

    False where it was ended or extended since it was looked at.
    """
    theirs = _ours(claim).filter(leased_until=leased_until)
    return bool(
        theirs.update(
            **LET_GO, again=False, alone=True, last_error=reason, error_class="LeaseLost", **_due(clock.now())
        )
    )


def extend(job_ids: Collection[int], *, drain: str) -> None:
    """Keep jobs for another minute; those taken from us meanwhile stay with their new owner."""
    until = clock.now() + timedelta(seconds=LEASE_S)
    mine = Job.objects.filter(pk__in=job_ids, state=Job.State.LEASED, leased_by__startswith=f"{drain}/")
    mine.update(leased_until=until)


class _Moved(Exception):
    """The job changed while its end was being written."""


def _ours(claim: Claim) -> QuerySet[Job]:
    return Job.objects.filter(pk=claim.job_id, leased_by=claim.token, state=Job.State.LEASED)


def _rest(claim: Claim, reason: str, error_class: str) -> int:
    return (
        _ours(claim)
        .filter(again=False)
        .update(
            **{**LET_GO, "state": Job.State.FAILED},
            last_error=redact(reason),
            error_class=error_class,
        )
    )


def _mark_thing(claim: Claim, reason: str) -> None:
    """Call the kind's `on_failed`; a bug in it must not keep the job from coming to rest."""
    mark = rules_of(claim.kind).on_failed
    if mark is None:
        return
    try:
        with transaction.atomic():
            mark(claim.key, reason)
    except Exception:
        log.exception("marking %s %s as failed", claim.kind, claim.key)


def _one_less() -> Case:
    return Case(When(Q(attempts__gt=0), then=F("attempts") - 1), default=Value(0))


def _due(due_at: datetime) -> dict[str, object]:
    """Return the due time and its rank, with the priority the row has by now."""
    return {"due_at": due_at, "rank": patience() + due_at.timestamp()}
