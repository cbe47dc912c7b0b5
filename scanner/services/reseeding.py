"""What waits for a job and has lost it; each look is one seek where nothing is lost."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db import transaction
from django.db.models import CharField, Exists, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Cast, Concat
from django.utils import timezone

from jobs import queue
from jobs.models import IS_OPEN, Job, Priority
from scanner import bulk
from scanner.models import (
    NOT_DESCRIBED,
    NOT_IDENTIFIED,
    NOT_INDEXED,
    NOT_INSPECTED,
    NOT_PICTURED,
    NOT_WRITTEN,
    Leftover,
    Library,
    Match,
    MediaFile,
    Scan,
    Title,
)
from scanner.services import causes, followups, leftovers, write

RESEED_MOST = 2_000
INSPECTED_MOST = 120
PICTURED_MOST = 60


def reseed() -> Iterator[queue.Work]:
    """Yield what waits for a job and has lost it; read without a lock (DESIGN §2)."""
    new = _without_job(Match.objects.filter(NOT_IDENTIFIED), "scanner.match", "match", "pk")
    described = {"match__state": Match.State.MATCHED, "match__title__state": Title.State.INDEXED}
    unlinked = MediaFile.objects.filter(NOT_INDEXED, state=MediaFile.State.NEW, **described)
    for pk in {*new, *_without_job(unlinked, "scanner.match", "match", "match_id")}:
        yield causes.identification(pk, origin="", priority=Priority.HIGH, reason="not identified yet")
    for pk in _without_job(Title.objects.filter(NOT_DESCRIBED, state=Title.State.NEW), "scanner.title", "title", "pk"):
        yield causes.description(pk, origin="", priority=Priority.HIGH, reason="not described yet")
    yield from followups.refresh_works(_stale_without_job(), timezone.now(), origin="")
    yield from _pictures()
    writable = Library.objects.filter(sidecars=Library.Sidecars.ALL).exclude(problem__startswith=write.TROUBLE)
    matches = Match.objects.filter(NOT_WRITTEN, library__in=list(writable), title__state=Title.State.INDEXED)
    for pk in _without_job(matches, "scanner.write", "match", "pk"):
        yield causes.writing(pk, reason="its files were not written yet", origin="", priority=Priority.LOW)
    yield from _leftovers()
    yield from _inspections()


def _stale_without_job() -> list[int]:
    """Return the STALE titles whose refresh was queued and is lost.

    Those whose date has come since the last refresh wait for the next one; what is STALE ahead of its
    date was marked by a person, or by what was learned of it.
    """
    last = Scan.objects.filter(library=None, started_at__isnull=False).order_by("-started_at").first()
    asked = Q(refresh_at=None) | Q(refresh_at__gt=timezone.now())
    if last:
        asked |= Q(refresh_at__lte=last.started_at)
    described = Job.objects.filter(IS_OPEN, kind="scanner.title", key=Concat(Value("title:"), _as_text(OuterRef("pk"))))
    stale = Title.objects.filter(asked, NOT_DESCRIBED, ~Exists(described), state=Title.State.STALE)
    return _without_job(stale.exclude(matches__state=Match.State.NEW), "scanner.refresh_title", "title", "pk")


def _inspections() -> Iterator[queue.Work]:
    """Yield the matches whose files want a closer look: changed ones, then, a few at a time, those never looked into.

    The latter are many once, after the release that began to look inside; nobody waits for them.
    """
    with_match = MediaFile.objects.filter(match__isnull=False)
    changed = with_match.filter(NOT_INDEXED, state__in=(MediaFile.State.CHANGED, MediaFile.State.ERROR))
    unseen = with_match.filter(NOT_INSPECTED).exclude(state=MediaFile.State.MISSING)
    found = _without_job(changed, "scanner.inspect", "match", "match_id")
    for pk in found:
        yield causes.inspection(pk, origin="", priority=Priority.LOW)
    for pk in _without_job(unseen, "scanner.inspect", "match", "match_id")[:INSPECTED_MOST]:
        if pk not in found:
            yield causes.inspection(
                pk, reason="nobody has looked into its files", origin="", priority=Priority.VERY_LOW
            )


def _pictures() -> Iterator[queue.Work]:
    """Yield the titles whose pictures nobody has looked for; after an upgrade that knows more kinds, a few at a time.

    The latter are all titles, once; they have their posters, and nobody waits for the rest.
    """
    waiting = Title.objects.filter(NOT_PICTURED)
    said: dict[str, Any] = {"reason": "its pictures were not looked for yet", "origin": ""}
    for pk in _without_job(waiting.filter(poster=""), "scanner.artwork", "title", "pk"):
        yield causes.artwork(pk, priority=Priority.LOW, **said)
    more = _without_job(waiting.exclude(poster=""), "scanner.artwork", "title", "pk")[:PICTURED_MOST]
    shows = set(Title.objects.filter(pk__in=more, kind=Title.Kind.SHOW).values_list("pk", flat=True))
    said |= {"reason": "this version knows more kinds of pictures", "priority": Priority.VERY_LOW}
    for pk in more:
        yield causes.artwork(pk, **said)
        if pk in shows:
            yield causes.stills(pk, **said)


def _leftovers() -> Iterator[queue.Work]:
    """Yield the libraries in which files of ours can be removed; those that wait for their heir's are its matter.

    An heir that is not settled has no files written, whatever pictures it has kept.
    """
    settled = Q(heir__state__in=(Match.State.MATCHED, Match.State.IGNORED)) & ~Q(heir__sidecars={})
    ready = Leftover.objects.filter(Q(heir=None) | settled)
    lost = _without_job(Library.objects.filter(pk__in=ready.values("library")), "scanner.tidy", "library", "pk")
    yield from leftovers.work(*lost)


def take_up(library: Library, *, origin: str) -> None:
    """Queue what was cancelled of a library and still waits: a person who stopped a scan asks for it again."""
    for chunk in bulk.slices(_cancelled_of(library, origin), 500):
        with transaction.atomic():
            queue.enqueue(*chunk)


def _cancelled_of(library: Library, origin: str) -> Iterator[queue.Work]:
    matches = Match.objects.filter(library=library)
    titles = Title.objects.filter(matches__library=library)
    written = matches.filter(NOT_WRITTEN, title__state=Title.State.INDEXED)
    seen = MediaFile.objects.filter(NOT_INSPECTED, library=library, match__isnull=False)
    unseen = seen.exclude(state=MediaFile.State.MISSING)
    for things, kind, word, field, job, priority in (
        (matches.filter(NOT_IDENTIFIED), "scanner.match", "match", "pk", causes.identification, Priority.HIGH),
        (titles.filter(NOT_DESCRIBED, state="new"), "scanner.title", "title", "pk", causes.description, Priority.HIGH),
        (titles.filter(NOT_PICTURED, poster=""), "scanner.artwork", "title", "pk", causes.artwork, Priority.LOW),
        (written, "scanner.write", "match", "pk", causes.writing, Priority.LOW),
        (unseen, "scanner.inspect", "match", "match_id", causes.inspection, Priority.LOW),
    ):
        for pk in _cancelled(things, kind, word, field):
            yield job(pk, origin=origin, priority=priority, reason="taken up again after it was stopped")


def _without_job(things: QuerySet[Any], kind: str, word: str, field: str) -> list[int]:
    """Return the ids of things that have no open job of this kind, in one query.

    What a person cancelled stays so until something happens to the thing.
    """
    lost = _idle(things, kind, word, field).exclude(job_key__in=_cancelled_keys(kind))
    return list(lost[:RESEED_MOST])


def _cancelled(things: QuerySet[Any], kind: str, word: str, field: str) -> list[int]:
    """Return the ids of things whose job of this kind was cancelled, where none is open."""
    return list(_idle(things, kind, word, field).filter(job_key__in=_cancelled_keys(kind)))


def _idle(things: QuerySet[Any], kind: str, word: str, field: str) -> Any:
    key = Concat(Value(f"{word}:"), _as_text(field), output_field=CharField())
    open_jobs = Job.objects.filter(IS_OPEN, kind=kind, key=OuterRef("job_key"))
    idle = things.annotate(job_key=key).filter(~Exists(open_jobs))
    return idle.order_by(field).values_list(field, flat=True).distinct()


def _cancelled_keys(kind: str) -> QuerySet[Job, Any]:
    return Job.objects.filter(kind=kind, state=Job.State.CANCELLED).values("key")


def _as_text(field: Any) -> Cast:
    return Cast(field, CharField())
