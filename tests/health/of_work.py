"""Troubles of the background work, and their cures: what stands before the yield breaks it, the rest mends it."""

from __future__ import annotations

import datetime as dt

from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone

from jobs import presence, queue, schedules, watch
from jobs.drain import run_until_idle
from jobs.models import Drain, Job, Pool, Schedule
from mediasync.health import acts
from mediasync.health.finding import Level


def _job(**fields):
    due = timezone.now() - dt.timedelta(hours=1)
    return Job.objects.create(**{"kind": "scanner.upkeep", "key": "", "pool": "upkeep", "due_at": due, **fields})


def nobody_works(world):
    Drain.objects.update(beat_at=timezone.now() - dt.timedelta(minutes=2))
    yield Level.ERROR
    world.restart()


def a_worker_that_is_too_large(world):
    Drain.objects.update(memory_bytes=watch.MEMORY_LIMIT - 1)
    yield Level.NOTICE
    Drain.objects.all().delete()  # it ends by itself …
    presence.register(Drain.Role.WORKER)  # … and a new one takes its place


def a_failed_job_is_cancelled(world):
    job = _job(state="failed", last_error="x")
    yield Level.WARNING
    call_command("queue", "cancel", str(job.pk))


def a_failed_job_is_tried_again(world):
    job = _job(state="failed", last_error="x")
    yield Level.WARNING
    world.anna.post(reverse("job-act", args=[job.pk, "retry"]))


def work_that_nobody_takes(world):
    _job()
    yield Level.ERROR
    run_until_idle(threads=0)  # ./run work --until-idle, in this thread


def a_pool_without_room(world):
    Pool.objects.filter(pk="upkeep").update(limit=0)
    _job()
    yield Level.ERROR
    queue.set_limit("upkeep", 1, actor="anna")
    run_until_idle(threads=0)


def a_library_that_no_machine_sees(world):
    Drain.objects.update(blind_to=["upkeep"])
    _job()
    yield Level.ERROR
    Drain.objects.update(blind_to=[])
    run_until_idle(threads=0)


def a_paused_pool(world):
    queue.pause("artwork", "paused by ben", actor="ben")
    yield Level.WARNING
    call_command("queue", "resume", "artwork")


def a_paused_pool_on_the_page(world):
    queue.pause("artwork", "paused by ben", actor="ben")
    yield Level.WARNING
    acts.do("resume", "artwork", actor="anna")


def a_schedule_with_an_error(world):
    row = Schedule.objects.create(name="odd", kind="scanner.upkeep", every_s=60, last_error="ValueError: x")
    yield Level.WARNING
    Schedule.objects.filter(pk=row.pk).update(next_run_at=timezone.now())
    schedules.take_due()


def an_overdue_schedule(world):
    due = timezone.now() - dt.timedelta(hours=2)
    Schedule.objects.create(name="late", kind="scanner.upkeep", every_s=60, next_run_at=due)
    yield Level.WARNING
    world.restart()
    schedules.take_due()  # what a worker does when it starts


def a_schedule_that_is_off(world):
    row = Schedule.objects.create(name="quick scan", kind="scanner.scan_all", every_s=60, enabled=False)
    yield Level.NOTICE
    acts.do("schedule-on", str(row.pk), actor="anna")


CASES = [
    ("workers", nobody_works),
    ("worker-memory", a_worker_that_is_too_large),
    ("queue-failed", a_failed_job_is_cancelled),
    ("queue-failed", a_failed_job_is_tried_again),
    ("queue-stuck", work_that_nobody_takes),
    ("queue-stuck", a_pool_without_room),
    ("queue-stuck", a_library_that_no_machine_sees),
    ("pool-paused", a_paused_pool),
    ("pool-paused", a_paused_pool_on_the_page),
    ("schedule-error", a_schedule_with_an_error),
    ("schedule-late", an_overdue_schedule),
    ("schedule-off", a_schedule_that_is_off),
]
