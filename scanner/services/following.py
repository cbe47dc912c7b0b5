"""How far a scan is and when it will be through, with all that follows from it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Avg, Count, Max, Min, Q, Sum
from django.utils import timezone

from jobs.models import Job, Pool
from outbound import paces
from scanner import eta
from scanner.eta import Kind, Pace, Steps, Work
from scanner.models import Scan
from scanner.providers import tmdb

KINDS = (
    ("scanner.match",),
    ("scanner.title", "scanner.refresh_title"),
    ("scanner.artwork",),
    ("scanner.write",),
    ("scanner.inspect",),
    ("scanner.stills",),
)
WALKS = ("scanner.walk", "scanner.refresh")
NEW_FILES = "new files"  # the unit in which a walk's job counts what it stores
OPEN = Q(state__in=(Job.State.READY, Job.State.LEASED))
COMPARING_S = 15e-6  # a file, once the walk is over
LATELY = timedelta(seconds=20)
FEWEST, SHORTEST_S = 10, 1.0  # jobs and seconds from which a rate can be told


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a scan is: units done and in all, units a second, seconds to go (None: unknown)."""

    phase: str
    done: int
    total: int | None
    rate: float | None
    eta_seconds: float | None


def progress(scan: Scan, *, origin: str) -> Progress:
    """Return how far a scan is: its walk, the storing of what is new, then the jobs that follow from it."""
    now = timezone.now()
    if scan.state == Scan.State.OPEN:
        walk = Job.objects.filter(kind="scanner.walk", key=origin).order_by("-id").first() or Job()
        if scan.walk_seconds is None:
            return _walking(scan, walk, now)
        if walk.unit == NEW_FILES and walk.total_units:
            return _storing(scan, walk, origin, now)
    work = _work(scan, origin, now)
    kinds = (work.matches, work.titles, work.pictures, work.writes, work.looks, work.stills)
    done, left = sum(kind.ended for kind in kinds), round(eta.ahead(work).jobs)
    if not left:
        return Progress("done", done, done, None, 0.0)
    rate = sum(kind.lately for kind in kinds) or None
    return Progress("describing", done, done + left, rate, _unless_paused(origin, eta.seconds_left(work)))


def _walking(scan: Scan, walk: Job, now: datetime) -> Progress:
    """The walk itself reckons how many files it will meet; what comes after a first one nobody knows yet."""
    done, seconds = walk.done_units or 0, _until_written(walk, scan, now)
    left = Steps(done, walk.total_units or scan.expected_files, seconds).seconds_left()
    if left is not None:
        left += scan.expected_files * COMPARING_S
    total = scan.expected_files or walk.total_units
    return Progress("looking through folders", done, total, _rate(done, seconds), left if scan.expected_files else None)


def _storing(scan: Scan, walk: Job, origin: str, now: datetime) -> Progress:
    """New files are stored while those before them are described already."""
    done, total = walk.done_units or 0, walk.total_units or 0
    seconds = _until_written(walk, scan, now) - (scan.walk_seconds or 0)
    stored = Steps(done, total, seconds).seconds_left()
    described = eta.seconds_left(_work(scan, origin, now, share=done / total)) if done else None
    known = stored is not None and described is not None
    left = _unless_paused(origin, max(stored or 0, described or 0)) if known else None
    return Progress("storing new files", done, total, _rate(done, seconds), left)


def _work(scan: Scan, origin: str, now: datetime, *, share: float = 1.0) -> Work:
    """Gather what is known of a scan's jobs; `share` of the new files has been stored."""
    jobs = Job.objects.filter(origin=origin).exclude(kind__in=WALKS)
    tally = jobs.values_list("kind").annotate(ended=Count("id", filter=~OPEN), left=Count("id", filter=OPEN))
    lately = _jobs_a_second(origin, now)
    kinds = {kind: Kind(ended, left, lately.get(kind, 0.0)) for kind, ended, left in tally}
    matches, titles, pictures, writes, looks, stills = (_together(kinds, names) for names in KINDS)
    asks = matches.open + titles.open + pictures.open + stills.open and tmdb.configured(
        demo=bool(scan.library and scan.library.demo)
    )
    since = scan.started_at or scan.created_at
    return Work(
        matches,
        titles,
        pictures,
        writes,
        looks,
        stills,
        *(_stills(origin) if stills.all else (None, 0.0)),
        coming=matches.all * (1 - share) / share,
        metadata=_pace(tmdb.SOURCE, since) if asks else None,
        images=_pace(tmdb.IMAGE_SOURCE, since) if asks else None,
        due_seconds=_last_due(origin, now),
    )


def _stills(origin: str) -> tuple[float | None, float]:
    """Return how many stills a show of this scan has, as far as that is known, and how many were looked at."""
    jobs = Job.objects.filter(origin=origin, kind="scanner.stills", total_units__isnull=False)
    found = jobs.aggregate(a_show=Avg("total_units"), done=Sum("done_units"))
    return found["a_show"], float(found["done"] or 0)


def _together(kinds: dict[str, Kind], names: tuple[str, ...]) -> Kind:
    found = [kinds[name] for name in names if name in kinds]
    return Kind(*(sum(numbers) for numbers in zip(*((k.ended, k.open, k.lately) for k in found), strict=True)))


def _pace(source: str, since: datetime) -> Pace | None:
    found = paces.measure(source, since=since)
    return Pace(found.allowed, found.lately, found.sent, found.held_seconds) if found else None


def _jobs_a_second(origin: str, now: datetime) -> dict[str, float]:
    """Return how many jobs of each kind ended a second of late; nothing where they are too few to tell."""
    lately = Job.objects.filter(origin=origin, ended_at__gt=now - LATELY).exclude(kind__in=WALKS)
    rows = lately.values_list("kind").annotate(number=Count("id"), first=Min("ended_at"))
    numbers = {kind: number for kind, number, _first in rows}
    span = max(((now - first).total_seconds() for _kind, _number, first in rows), default=0.0)
    enough = sum(numbers.values()) >= FEWEST and span >= SHORTEST_S
    return {kind: number / span for kind, number in numbers.items()} if enough else {}


def _last_due(origin: str, now: datetime) -> float:
    due = Job.objects.filter(origin=origin, state=Job.State.READY).aggregate(last=Max("due_at"))["last"]
    return max(0.0, (due - now).total_seconds()) if due else 0.0


def _unless_paused(origin: str, seconds: float | None) -> float | None:
    """Nobody knows when a person lets a paused pool go on."""
    paused = list(Pool.objects.filter(paused_at__isnull=False).values_list("pk", flat=True))
    waits = paused and Job.objects.filter(OPEN, origin=origin, pool__in=paused).exists()
    return None if waits else seconds


def _until_written(walk: Job, scan: Scan, now: datetime) -> float:
    """Return after how many seconds the walk's numbers were true: they are written about once a second."""
    return walk.done_units / walk.speed if walk.done_units and walk.speed else _since(scan.started_at, now)


def _since(moment: datetime | None, now: datetime) -> float:
    return (now - moment).total_seconds() if moment else 0.0


def _rate(done: float, seconds: float) -> float | None:
    return done / seconds if done and seconds > 0.5 else None
