"""Checks of the background work: workers, queue, pools, schedules."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from jobs import watch
from jobs.models import Job, Schedule
from jobs.words import pool_word
from mediasync.health.facts import Facts
from mediasync.health.finding import Act, Finding, Level, well
from mediasync.standing import standing
from mediasync.templatetags.ui import size, span
from outbound.models import Source
from pages.stored import translated

STUCK = dt.timedelta(minutes=15)
OVERDUE = dt.timedelta(minutes=15)
NEARLY = 0.9  # of what a worker may use before it is renewed


def workers(facts: Facts) -> Iterator[Finding]:
    """Find that nobody works."""
    many = len(facts.live)
    if many:
        said = ngettext(
            "%d worker gave a sign of life within a minute.", "%d workers gave a sign of life within a minute.", many
        )
        yield well("workers", said % many)
    elif facts.starting:
        yield well("workers", _("The workers are starting."))
    else:
        yield Finding(
            "workers",
            Level.ERROR,
            _("Background work has stopped: nothing is scanned, described or fetched."),
            _("Start it with `./run`, or restart the service."),
        )


def memory_of_workers(facts: Facts) -> Iterator[Finding]:
    """Find workers about to be renewed because they grew too large."""
    limit = watch.MEMORY_LIMIT
    large = [drain for drain in facts.live if drain.memory_bytes > NEARLY * limit]
    if not large:
        yield well("worker-memory", _("No worker uses more memory than it should."))
    for drain in large:
        used = {"name": drain.name, "used": size(drain.memory_bytes), "limit": size(limit)}
        yield Finding(
            "worker-memory",
            Level.NOTICE,
            _("%(name)s uses %(used)s. At %(limit)s it finishes what it does and a new one takes its place.") % used,
            _("Nothing has to be done. Where it comes back often, set `WORKERS=1` and restart mediasync."),
            subject=drain.name,
            name=drain.name,
        )


def failed_jobs(facts: Facts) -> Iterator[Finding]:
    """Find jobs that came to rest and wait for a person."""
    many = sum(group.many for group in facts.jobs if group.state == Job.State.FAILED)
    if not many:
        yield well("queue-failed", _("No job needs a person."))
        return
    said = ngettext(
        "%d job has given up and needs a person: what it was for stays undone.",
        "%d jobs have given up and need a person: what they were for stays undone.",
        many,
    )
    yield Finding(
        "queue-failed",
        Level.WARNING,
        said % many,
        _("Look at them on the Queue page, or with `./run queue list --state failed`; retry or cancel each."),
        act=Act(_("Show them"), url=f"{reverse('queue')}?state=failed"),
    )


def stuck_queue(facts: Facts) -> Iterator[Finding]:
    """Find pools whose due work nobody takes, though nothing holds it back."""
    kept_back = {pool.pk for pool in facts.pools if pool.paused_at}
    resting = {source.pk for source in facts.sources if standing(source, facts.now)[0] != Source.Circuit.CLOSED}
    moving = {group.pool for group in facts.jobs if group.state == Job.State.LEASED}
    waits: dict[str, dt.datetime] = {}
    for group in facts.jobs:
        free = group.state == Job.State.READY and group.needs not in resting
        if free and group.pool not in kept_back | moving and group.due_at < facts.now - STUCK:
            waits[group.pool] = min(group.due_at, waits.get(group.pool, group.due_at))
    if not waits:
        yield well("queue-stuck", _("What is due is taken up."))
    for pool, since in sorted(waits.items()):
        told = {"pool": pool_word(pool), "time": span((facts.now - since).total_seconds())}
        yield Finding(
            "queue-stuck",
            Level.ERROR,
            _("Work in the pool “%(pool)s” has been due for %(time)s and nobody takes it.") % told,
            _cure_of_stuck(facts, pool),
            subject=pool,
            name=pool_word(pool),
            act=Act(_("Show it"), url=f"{reverse('queue')}?pool={pool}"),
        )


def _cure_of_stuck(facts: Facts, pool: str) -> str:
    if any(found.pk == pool and not found.limit for found in facts.pools):
        return _("The pool allows no job at all: give it a limit of 1 or more among the pools of the admin.")
    if any(pool in drain.blind_to for drain in facts.live):
        return _("No machine sees every library: mount the missing one under the same path on one of them.")
    return _("Restart mediasync, or work it off in the foreground with `./run work --until-idle`.")


def paused_pools(facts: Facts) -> Iterator[Finding]:
    """Find pools that somebody paused."""
    paused = [pool for pool in facts.pools if pool.paused_at]
    if not paused:
        yield well("pool-paused", _("No pool is paused."))
    for pool in paused:
        yield Finding(
            "pool-paused",
            Level.WARNING,
            _("The pool “%(pool)s” rests (%(why)s): its work waits.")
            % {"pool": pool_word(pool.pk), "why": translated(pool.paused_reason) or _("paused")},
            _("Resume it here, or with `./run queue resume %s`.") % pool,
            subject=pool.pk,
            name=pool_word(pool.pk),
            act=Act(_("Resume"), verb="resume", thing=pool.pk),
        )


def schedules(facts: Facts) -> Iterator[Finding]:
    """Find schedules whose last turn went wrong."""
    broken = [schedule for schedule in facts.schedules if schedule.enabled and schedule.last_error]
    if not broken:
        yield well("schedule-error", _("Every schedule ran without an error."))
    for schedule in broken:
        told = {"name": translated(schedule.name), "why": translated(schedule.last_error)}
        yield Finding(
            "schedule-error",
            Level.WARNING,
            _("The schedule “%(name)s” could not be taken up: %(why)s") % told,
            _("Correct its row among the schedules of the admin; its next run clears this."),
            subject=schedule.name,
            name=translated(schedule.name),
            act=Act(_("Correct it"), url=reverse("admin:jobs_schedule_change", args=[schedule.pk])),
        )


def late_schedules(facts: Facts) -> Iterator[Finding]:
    """Find schedules that should have run long ago."""
    late = [one for one in facts.schedules if one.enabled and one.next_run_at < facts.now - _patience(one)]
    if not late or not facts.live:  # without a worker that is what has to be said
        yield well("schedule-late", _("No schedule is overdue."))
        return
    for schedule in late:
        told = {"name": translated(schedule.name), "time": span((facts.now - schedule.next_run_at).total_seconds())}
        yield Finding(
            "schedule-late",
            Level.WARNING,
            _("“%(name)s” should have run %(time)s ago.") % told,
            _("Restart mediasync: its workers take up what is due."),
            subject=schedule.name,
            name=translated(schedule.name),
        )


def _patience(schedule: Schedule) -> dt.timedelta:
    return max(OVERDUE, dt.timedelta(seconds=schedule.every_s or 0))


def schedules_off(facts: Facts) -> Iterator[Finding]:
    """Tell which regular work somebody switched off."""
    off = [schedule for schedule in facts.schedules if not schedule.enabled]
    if not off:
        yield well("schedule-off", _("Every schedule is switched on."))
    for schedule in off:
        yield Finding(
            "schedule-off",
            Level.NOTICE,
            _("“%s” is switched off: it happens only when somebody asks for it.") % translated(schedule.name),
            _("Switch it on here, or among the schedules of the admin."),
            subject=schedule.name,
            name=translated(schedule.name),
            act=Act(_("Switch on"), verb="schedule-on", thing=str(schedule.pk)),
        )
