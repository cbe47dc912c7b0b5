"""Doing one claimed job from the handler's call to its end."""

from __future__ import annotations

import enum
import logging
from datetime import datetime, timedelta

from django.db import Error as DatabaseError
from django.db import InterfaceError, OperationalError

from jobs import backoff, clock, lease, running
from jobs.errors import GiveUp, Interrupted, RetryLater
from jobs.models import Hold
from jobs.registry import rules_of
from jobs.running import Running

log = logging.getLogger(__name__)

AT_LEAST = timedelta(seconds=1)
DATABASE_PAUSE_S = 5
BUSY_OR_FULL = {5, 6, 10, 13}  # SQLite: BUSY, LOCKED, IOERR, FULL; any other error of it is a bug


class Outcome(enum.Enum):
    """How a run ended."""

    DONE = "done"
    PUT_OFF = "put off"
    FAILED = "failed"
    LOST = "no longer ours"
    GIVEN_BACK = "given back"


def perform(job: Running) -> Outcome:
    """Run the handler of a claimed job and write its end; never raises for what the handler did."""
    with running.bound(job):
        try:
            rules_of(job.kind).run(job.key)
            return _returned(job)
        except Exception as error:
            if job.ended:
                log.exception("%s %s failed after its end", job.kind, job.key)
                return Outcome.DONE
            return _raised(job, error)


def _returned(job: Running) -> Outcome:
    return Outcome.DONE if job.ended or job.finish() else Outcome.LOST


def _raised(job: Running, error: Exception) -> Outcome:
    """Write the end that an exception asks for; a database that is away lets the lease run out."""
    try:
        return _end_after(job, error)
    except DatabaseError as failure:
        log.error("The end of %s %s could not be written: %s", job.kind, job.key, " ".join(str(failure).split()))
        return Outcome.LOST


def _end_after(job: Running, error: Exception) -> Outcome:
    name = type(error).__name__
    if job.told.is_set() or isinstance(error, Interrupted):  # a shut socket raises whatever it likes
        return Outcome.GIVEN_BACK if lease.give_back([job.claim]) else Outcome.LOST
    if isinstance(error, GiveUp):
        return _ended(Outcome.FAILED, lease.fail(job.claim, error.reason, error_class=name))
    if isinstance(error, RetryLater):
        return _later(job, error, name)
    if _is_the_databases_fault(error):
        due = clock.now() + timedelta(seconds=backoff.delay(1, base=DATABASE_PAUSE_S, cap=60))
        return _ended(
            Outcome.PUT_OFF, lease.put_off(job.claim, due, reason=str(error), error_class=name, counted=False)
        )
    job.bug = error
    log.error("%s %s: a bug", job.kind, job.key, exc_info=error)
    return _try_again(job, f"{name}: {error}", name)


def _later(job: Running, error: RetryLater, name: str) -> Outcome:
    if error.until is None:
        return _try_again(job, error.reason, name)
    soon = clock.now() + AT_LEAST
    due = soon if _held_as_long(job, error.until) else max(error.until, soon)
    return _ended(Outcome.PUT_OFF, lease.put_off(job.claim, due, reason=error.reason, error_class=name, counted=False))


def _held_as_long(job: Running, until: datetime) -> bool:
    """Tell whether the hold of the job's source waits as long: who ends it early ends the job's wait too."""
    return Hold.objects.filter(source=rules_of(job.kind).needs, until__gte=until - AT_LEAST).exists()


def _try_again(job: Running, reason: str, name: str) -> Outcome:
    """Put the job off by its kind's backoff, or let it come to rest after its last attempt."""
    rules = rules_of(job.kind)
    if job.claim.attempts >= rules.attempts:
        return _ended(Outcome.FAILED, lease.fail(job.claim, reason, error_class=name))
    pause = backoff.delay(job.claim.attempts, base=rules.base, cap=rules.cap)
    due = clock.now() + timedelta(seconds=pause)
    return _ended(Outcome.PUT_OFF, lease.put_off(job.claim, due, reason=reason, error_class=name, counted=True))


def _ended(outcome: Outcome, written: bool) -> Outcome:
    return outcome if written else Outcome.LOST


def _is_the_databases_fault(error: Exception) -> bool:
    """Tell a deadlock or a lost database from a bug in a query."""
    if isinstance(error, InterfaceError):
        return True
    code = getattr(error.__cause__, "sqlite_errorcode", None)
    return isinstance(error, OperationalError) and (code is None or code & 0xFF in BUSY_OR_FULL)
