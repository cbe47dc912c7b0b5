"""What a page offers beside a finding: each verb does one thing and says what it did."""

from __future__ import annotations

from collections.abc import Callable

from django.utils.translation import gettext as _

from jobs import queue, schedules
from jobs.models import Pool, Priority, Schedule
from mediasync.health.handlers import EVERYTHING
from outbound import services
from outbound.models import Source
from scanner.models import Library
from scanner.services import scans

NOT_THERE = ""


def do(verb: str, thing: str, *, actor: str) -> str:
    """Do a verb to a thing and return the sentence for the person; empty where the thing is not there.

    Raises KeyError for a verb that is none.
    """
    return ACTS[verb](thing, actor)


def _resume(name: str, actor: str) -> str:
    if not Pool.objects.filter(pk=name).exists():
        return NOT_THERE
    queue.resume(name, actor=actor)
    return _("%s goes on.") % name


def _scan(pk: str, actor: str) -> str:
    found = Library.objects.filter(pk=pk) if pk.isdecimal() and len(pk) < 10 else Library.objects.none()
    for library in found:
        scans.start([library], actor=actor)
        return _("%s is scanned.") % library
    return NOT_THERE


def _test(name: str, actor: str) -> str:
    """Ask a service now: its circuit is closed first, since an open one would let nothing through."""
    source = Source.objects.filter(pk=name).first()
    if source is None:
        return NOT_THERE
    services.reset(source, actor=actor)
    _queue("health.source", f"source:{name}", f"test of {name}, asked for by {actor}")
    return _("%s is asked now; the answer shows here in a moment.") % name


def _reset(name: str, actor: str) -> str:
    source = Source.objects.filter(pk=name).first()
    if source is None:
        return NOT_THERE
    services.reset(source, actor=actor)
    return _("%s is asked again from now on.") % name


def _run(pk: str, actor: str) -> str:
    schedule = _schedule(pk)
    if schedule is None:
        return NOT_THERE
    schedules.run_now(schedule, actor=actor)
    return _("“%s” runs now.") % schedule


def _switch_on(pk: str, actor: str) -> str:
    schedule = _schedule(pk)
    if schedule is None:
        return NOT_THERE
    schedules.change(schedule, actor=actor, every_s=schedule.every_s, daily_at=schedule.daily_at)
    return _("“%s” is switched on.") % schedule


def _test_everything(_thing: str, actor: str) -> str:
    _queue("health.look", EVERYTHING, f"asked for by {actor}")
    return _("Everything is tested now; what has changed shows here in a moment.")


def _schedule(pk: str) -> Schedule | None:
    return Schedule.objects.filter(pk=pk).first() if pk.isdecimal() and len(pk) < 10 else None


def _queue(kind: str, key: str, reason: str) -> None:
    queue.enqueue(queue.Work(kind, key, Priority.CRITICAL, reason))


ACTS: dict[str, Callable[[str, str], str]] = {
    "resume": _resume,
    "scan": _scan,
    "test": _test,
    "reset": _reset,
    "run": _run,
    "schedule-on": _switch_on,
    "test-everything": _test_everything,
}
