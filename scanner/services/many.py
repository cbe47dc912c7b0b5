"""One decision of a person about many titles: one event, and for more than a screenful a job that shows progress."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.db import transaction

from jobs import queue, running
from jobs.models import IS_OPEN, Job, Priority
from journal.models import Event
from journal.moves import record
from scanner import bulk
from scanner.models import EpisodeFile, Match, Title
from scanner.services import causes

KIND = "scanner.many"
AT_ONCE = 100  # titles; more are the work of a job
SLICE = 200
SUBJECT = "scanner.many"
SET = "scanner.title"


@dataclass(frozen=True, slots=True)
class Order:
    """What is to be done with a slice of titles, and in whose name."""

    titles: Sequence[int]
    actor: str
    priority: int

    @property
    def reason(self) -> str:
        """What the jobs that follow are told."""
        return f"asked by {self.actor}"


def decide(verb: str, titles: Sequence[int], *, actor: str) -> bool:
    """Carry out `verb` on these titles; returns whether that is left to a job, which a second click joins.

    Raises KeyError for a verb that nobody knows.
    """
    act = VERBS[verb]
    if len(titles) <= AT_ONCE:
        _record(SET, verb, titles, actor)
        _carry_out(act, titles, actor, Priority.CRITICAL)
        return False
    key = f"{verb}:{_digest(titles)}"
    if Job.objects.filter(IS_OPEN, kind=KIND, key=key).exclude(state=Job.State.FAILED).exists():
        return True
    with transaction.atomic():
        _record(f"{SUBJECT}:{key}", verb, titles, actor)
        queue.enqueue(queue.Work(KIND, key, Priority.CRITICAL, f"{actor} asked for {verb} of {len(titles)} titles"))
    return True


def carry_on(key: str) -> None:
    """Do what a job was made for; what was done before it was cut off is done once more, to no effect."""
    asked = Event.objects.filter(subject=f"{SUBJECT}:{key}").first()
    if asked is not None:
        _carry_out(VERBS[asked.facts["verb"]], asked.facts["titles"], asked.actor, Priority.LOW)


def _carry_out(act: Callable[[Order], None], titles: Sequence[int], actor: str, priority: int) -> None:
    done = 0
    for chunk in bulk.paced(titles, most=SLICE):
        act(Order(chunk, actor, priority))
        done += len(chunk)
        running.beat(done=done, total=len(titles), unit="titles")
        running.check()


def _record(subject: str, verb: str, titles: Sequence[int], actor: str) -> None:
    one = subject == SET and len(titles) == 1
    reason = f"{actor} asked for {verb}" if one else f"{actor} asked for {verb} of {len(titles)} titles"
    record(
        f"{SET}:{titles[0]}" if one else subject,
        reason=reason,
        facts={"verb": verb, "titles": list(titles)},
        actor=actor,
    )


def _digest(titles: Sequence[int]) -> str:
    return hashlib.sha256(repr(sorted(titles)).encode()).hexdigest()[:16]


def _refresh(order: Order) -> None:
    with transaction.atomic():
        due = Title.objects.filter(pk__in=order.titles)
        due.filter(state=Title.State.INDEXED).update(state=Title.State.STALE)
        due.update(etag="")
        known = list(due.values_list("pk", flat=True))
        queue.enqueue(
            *(causes.description(pk, origin="", priority=order.priority, reason=order.reason) for pk in known)
        )


def _lock(order: Order) -> None:
    _set_lock(order, locked=True)


def _unlock(order: Order) -> None:
    _set_lock(order, locked=False)


def _set_lock(order: Order, *, locked: bool) -> None:
    with transaction.atomic():
        found = Match.objects.filter(title__in=order.titles, locked=not locked)
        found = found.exclude(state=Match.State.UNMATCHED) if locked else found  # nobody knows yet what it is
        ids = list(found.values_list("pk", flat=True))
        Match.objects.filter(pk__in=ids).update(locked=locked)
        _write_beside(ids, order)


def _write(order: Order) -> None:
    found = Match.objects.filter(title__in=order.titles, state=Match.State.MATCHED)
    with transaction.atomic():
        _write_beside(list(found.values_list("pk", flat=True)), order)


def _ignore(order: Order) -> None:
    """Leave the folders of these titles alone; titles without a folder are forgotten, files stay as they are."""
    with transaction.atomic():
        found = Match.objects.filter(title__in=order.titles).exclude(state=Match.State.IGNORED)
        ids = list(found.values_list("pk", flat=True))
        EpisodeFile.objects.filter(file__match__in=ids).delete()
        reason = f"ignored by {order.actor}"
        Match.objects.filter(pk__in=ids).update(state=Match.State.IGNORED, locked=True, title=None, reason=reason)
        Title.objects.filter(pk__in=order.titles, matches__isnull=True).delete()
        _write_beside(ids, order)


def _write_beside(matches: Sequence[int], order: Order) -> None:
    queue.enqueue(*(causes.writing(pk, origin="", priority=order.priority, reason=order.reason) for pk in matches))


VERBS: dict[str, Callable[[Order], None]] = {
    "refresh": _refresh,
    "lock": _lock,
    "unlock": _unlock,
    "ignore": _ignore,
    "write": _write,
}
