"""Is everything well: each check says what is the matter and what would cure it."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.db.models import Q
from django.utils import timezone

from jobs.models import Drain, Job, Pool, Schedule
from mediasync.standing import standing
from mediasync.templatetags.ui import span
from outbound.models import Source
from scanner.models import Library, Scan
from scanner.providers import tmdb
from scanner.services import watching

FRESH = timedelta(seconds=60)
LEAST_FREE_BYTES = 500 << 20
KEYS = {tmdb.SOURCE: "TMDB_API_KEY"}  # source -> the setting that holds its credentials


@dataclass(frozen=True, slots=True)
class Finding:
    """What a check found; `cure` is empty where all is well."""

    check: str
    ok: bool
    message: str
    cure: str = ""


def findings() -> list[Finding]:
    """Return what every check found, in the order of a person's interest."""
    return [finding for check in CHECKS for finding in check()]


def _workers() -> Iterator[Finding]:
    live = Drain.objects.filter(beat_at__gt=timezone.now() - FRESH).count()
    if live:
        yield Finding("workers", ok=True, message=f"{live} workers gave a sign of life within a minute")
    else:
        yield Finding("workers", ok=False, message="Background work has stopped", cure="Start it with ./run")


def _libraries() -> Iterator[Finding]:
    for library in Library.objects.all():
        name = f"library {library.name}"
        if library.problem:
            cure = f"Check that {library.path} is mounted and that this user may read and write it"
            yield Finding(name, ok=False, message=library.problem, cure=cure)
        else:
            yield Finding(name, ok=True, message=f"{library.path} can be read")
    for scan in Scan.objects.filter(state=Scan.State.HELD).select_related("library"):
        cure = "Bring the files back, or confirm on the scan's page or with ./run scan PATH --confirm"
        yield Finding(f"scan {scan.pk}", ok=False, message=scan.reason, cure=cure)


def _watches() -> Iterator[Finding]:
    for library, problem, cure in watching.findings():
        yield Finding(f"watch {library.name}", ok=False, message=problem, cure=cure)


def _sources() -> Iterator[Finding]:
    for source in Source.objects.order_by("name"):
        message, cure = _of_source(source)
        yield Finding(f"source {source.name}", ok=not cure, message=message, cure=cure)


def _of_source(source: Source) -> tuple[str, str]:
    """Return how a source is, and what would cure it: nothing where it answers."""
    now = timezone.now()
    word, until, why = standing(source, now)
    if word == "no_key":
        return f"it does not accept our key, so nothing is asked: {why}", _key_cure(source.name)
    if word == Source.Circuit.CLOSED:
        return "answers", ""
    left = (until - now).total_seconds() if until else 0.0
    why = why or source.last_error or "it failed several times in a row"
    when = f"It is tried again by itself, in {span(left)}" if left > 0 else "It is being tried again"
    return f"resting: {why}", f"{when}; ./run sources reset {source.name} tries at once"


def _key_cure(name: str) -> str:
    """Say where the key lives and what picks it up; a variable of the environment goes before the file."""
    setting = KEYS.get(name, "")
    if not setting:
        return f"Correct its key, then ./run sources reset {name}"
    place = Path(settings.DATA_DIR) / ".env"
    return f"Put the right {setting}=… into {place}, or where else you set it, and restart mediasync; no job is lost"


def _metadata_key() -> Iterator[Finding]:
    wanted = Library.objects.filter(demo=False).exists()
    if wanted and settings.TMDB.api_key and Source.objects.filter(pk=tmdb.SOURCE).exclude(settings_key="").exists():
        message = "refused: titles keep what is known of them, new ones wait"
        yield Finding("metadata key", ok=False, message=message, cure=_key_cure(tmdb.SOURCE))
    elif settings.TMDB.api_key or not wanted:
        yield Finding("metadata key", ok=True, message="titles are described")
    else:
        env = Path(settings.DATA_DIR) / ".env"
        cure = f"Put TMDB_API_KEY=… into {env} and start again"
        yield Finding("metadata key", ok=True, message="none: titles come from file names and NFOs", cure=cure)


def _queue() -> Iterator[Finding]:
    failed = Job.objects.filter(state=Job.State.FAILED).count()
    if failed:
        cure = "Look at them with ./run queue list --state failed; retry or cancel each"
        yield Finding("queue", ok=False, message=f"{failed} jobs need a person", cure=cure)
    else:
        yield Finding("queue", ok=True, message="no job needs a person")
    for pool in Pool.objects.filter(paused_at__isnull=False):
        cure = f"Resume it on the Queue page, or with ./run queue resume {pool.name}"
        yield Finding(f"pool {pool.name}", ok=False, message=f"paused: {pool.paused_reason}", cure=cure)


def _schedules() -> Iterator[Finding]:
    broken = Schedule.objects.filter(~Q(last_error=""), enabled=True)
    for schedule in broken:
        cure = "Correct its row in the admin"
        yield Finding(f"schedule {schedule.name}", ok=False, message=schedule.last_error, cure=cure)
    if not broken:
        yield Finding("schedules", ok=True, message="all ran without an error")


def _disk() -> Iterator[Finding]:
    free = shutil.disk_usage(settings.DATA_DIR).free
    message = f"{free >> 20} MiB free in {settings.DATA_DIR}"
    cure = "" if free >= LEAST_FREE_BYTES else "Make room, or move the data directory (MEDIASYNC_DATA)"
    yield Finding("disk", ok=not cure, message=message, cure=cure)


CHECKS: tuple[Callable[[], Iterator[Finding]], ...] = (
    _workers,
    _libraries,
    _watches,
    _sources,
    _metadata_key,
    _queue,
    _schedules,
    _disk,
)
