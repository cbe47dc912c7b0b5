"""What time alone brings: descriptions grow stale, missing files are forgotten, a key opens doors."""

from __future__ import annotations

import datetime as dt

from django.conf import settings
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.crypto import salted_hmac

from jobs import queue
from jobs.models import Priority
from journal.models import Event
from journal.moves import record
from scanner import bulk
from scanner.models import Match, MediaFile, Scan, Title
from scanner.providers import service, tmdb
from scanner.services import causes, followups, leftovers, titles
from scanner.services.titles import NOBODY_KNOWS

DescribedBy = Title.DescribedBy
KEY_SUBJECT = "scanner.metadata_key"
KEY_ADDED = "a metadata key was added"
KEPT_MISSING = dt.timedelta(days=30)
KEPT_SCANS = dt.timedelta(days=30)
LEAST_SCANS = 20


def mark_stale() -> int:
    """Move titles whose refresh date has come to STALE; returns how many."""
    return followups.mark_stale(timezone.now())


def forget_long_missing() -> int:
    """Delete files that were MISSING for 30 days, then matches and titles that have none left."""
    limit = timezone.now() - KEPT_MISSING
    long_gone = MediaFile.objects.filter(state=MediaFile.State.MISSING, missing_since__lt=limit)
    return sum(_forget(long_gone, chunk) for chunk in bulk.slices(list(long_gone.values_list("pk", flat=True)), 500))


@transaction.atomic
def _forget(long_gone: QuerySet[MediaFile], ids: list[int]) -> int:
    """Delete those of these files that have not come back since they were read."""
    still = dict(long_gone.filter(pk__in=ids).select_for_update().values_list("pk", "match_id"))
    if still:
        MediaFile.objects.filter(pk__in=still).delete()
        reason = f"{len(still)} files were missing for 30 days"
        record("scanner.mediafile", reason=reason, facts={"files": len(still)})
        _forget_empty({match for match in still.values() if match})
    return len(still)


def _forget_empty(matches: set[int]) -> None:
    """Delete those of these matches that have no file left; what was written for them is left over."""
    empty = list(Match.objects.filter(pk__in=matches, files__isnull=True).select_related("library"))
    left = [match.library_id for match in empty if leftovers.leave_all(match)]
    Match.objects.filter(pk__in=[match.pk for match in empty]).delete()
    gone = {match.title_id for match in empty if match.title_id}
    Title.objects.filter(pk__in=gone, matches__isnull=True).delete()
    rest = sorted(matches.difference(match.pk for match in empty))
    queue.enqueue(*leftovers.work(*left), *(causes.writing(pk, reason="files of it are forgotten") for pk in rest))


def name_unmatched() -> int:
    """Give unmatched folders that have no title one of their own, as earlier releases did not; returns how many.

    Nothing is asked of anybody. They came when they came: a title of a year ago is not added recently.
    """
    waiting = Match.objects.filter(state=Match.State.UNMATCHED, title=None, library__removed_at=None)
    found = list(waiting.values_list("pk", flat=True))
    for chunk in bulk.paced(found, most=500):
        with transaction.atomic():
            named = [_named_after(match) for match in waiting.filter(pk__in=chunk).select_for_update(of=("self",))]
            queue.enqueue(*(causes.description(pk, priority=Priority.LOW, reason=NOBODY_KNOWS) for pk in named))
    return len(found)


def _named_after(match: Match) -> int:
    title = titles.own_title(match, name=match.name or match.key, year=match.year)
    Title.objects.filter(pk=title.pk).update(created_at=match.created_at)
    Match.objects.filter(pk=match.pk).update(title=title)
    return title.pk


def _key_known_since() -> dt.datetime:
    """Return when every process knew of the present key; what was looked at since then is not asked again."""
    mark = salted_hmac("scanner.metadata_key", tmdb.service().api_key, algorithm="sha256").hexdigest()[:16]
    last = Event.objects.filter(subject=KEY_SUBJECT).first()
    if last is None or last.facts.get("key") != mark:
        last = record(KEY_SUBJECT, reason=KEY_ADDED, facts={"key": mark})
    return last.at + dt.timedelta(seconds=settings.HOUSEHOLD_SECONDS)


def forget_old_scans() -> int:
    """Delete scans that ended 30 days ago, but for the newest 20; returns how many."""
    newest = list(Scan.objects.order_by("-created_at").values_list("pk", flat=True)[:LEAST_SCANS])
    old = Scan.objects.filter(ended_at__lt=timezone.now() - KEPT_SCANS).exclude(pk__in=newest)
    ids = list(old.exclude(state__in=(Scan.State.OPEN, Scan.State.HELD)).values_list("pk", flat=True))
    for chunk in bulk.slices(ids, 500):
        Scan.objects.filter(pk__in=chunk).delete()
    return len(ids)


def ask_again_with_a_key() -> int:
    """Once there is a metadata key: describe what ids are known of, identify anew what had to do with names.

    It is queued the moment somebody gives a key: what this process knew a second ago does not count. Others may go
    by what they knew for a moment longer, so it comes back once when that is over.
    """
    service.look_again()
    if not tmdb.configured():
        return 0
    since = _key_known_since()
    if since > timezone.now():
        queue.enqueue(queue.Work(kind="scanner.upkeep", key="", priority=Priority.HIGH, reason=KEY_ADDED, due_at=since))
    return _describe_known(since) + _identify_unknown(since)


def _describe_known(since: dt.datetime) -> int:
    """Queue the titles whose id a tag or an NFO told while nobody could be asked; ids that are gone are left alone."""
    from_files = Q(described_by__in=(DescribedBy.NAMES, DescribedBy.NFO), tmdb_id__isnull=False)
    waiting = Title.objects.filter(from_files, state=Title.State.INDEXED, described_at__lt=since)
    waiting = waiting.exclude(details__has_key="gone_at").exclude(matches__library__demo=True)
    found = list(waiting.values_list("pk", flat=True))
    for chunk in bulk.slices(found, 500):
        with transaction.atomic():
            followups.mark_stale(timezone.now(), titles=chunk, reason=KEY_ADDED)
            works = (causes.description(pk, priority=Priority.MEDIUM, reason=KEY_ADDED) for pk in chunk)
            queue.enqueue(*works)
    return len(found)


def _identify_unknown(since: dt.datetime) -> int:
    before_the_key = Q(looked_at__lt=since) | Q(looked_at=None)
    from_files = (DescribedBy.NAMES, DescribedBy.NFO)
    undescribed = Q(by=Match.By.NAME) | Q(title__described_by__in=from_files, title__tmdb_id=None)
    by_name = Match.objects.filter(
        undescribed, before_the_key, state=Match.State.MATCHED, locked=False, library__demo=False
    )
    found = list(by_name.values_list("pk", "title_id"))
    for chunk in bulk.slices(found, 500):
        with transaction.atomic():
            ids = [pk for pk, _title in chunk]
            Match.objects.filter(pk__in=ids, state=Match.State.MATCHED).update(state=Match.State.NEW)
            followups.mark_stale(timezone.now(), titles=[title for _pk, title in chunk], reason=KEY_ADDED)
            queue.enqueue(*(causes.identification(pk, priority=Priority.MEDIUM, reason=KEY_ADDED) for pk in ids))
            record("scanner.match", reason=KEY_ADDED, facts={"matches": len(ids)})
    return len(found)
