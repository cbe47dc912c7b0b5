"""What a person decides about a match: pick, lock, unlock, ignore, look again."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from jobs import queue
from jobs.errors import GiveUp, RetryLater
from jobs.models import Priority
from journal.moves import move, record
from outbound.errors import NotFound
from scanner.models import Match, Title
from scanner.providers import tmdb
from scanner.services import causes, episodes, followups, titles


def pick(match: Match, kind: str, tmdb_id: int, *, actor: str) -> bool:
    """Say which title a match is, and lock it; survives rescans and a rebuild of the database."""
    before = match.title_id
    with transaction.atomic():
        match.kind = kind
        title = titles.title_for(match, tmdb_id=tmdb_id, name=match.name, year=match.year)
        chosen = move(
            match,
            Match.State.MATCHED,
            reason=f"picked by {actor}",
            facts={"kind": kind, "tmdb_id": tmdb_id},
            actor=actor,
            kind=kind,
            title=title,
            by=Match.By.HAND,
            locked=True,
            score=None,
            candidates=[],
        )
        if chosen:
            titles.forget_unless_matched(before, successor=title)
            queue.enqueue(_identify(match, actor), _describe(title.pk, actor))
        else:
            titles.forget_unless_matched(title.pk)
    return chosen


def objection(match: Match, kind: str, tmdb_id: int) -> str:
    """Return why this id cannot be right; nothing where TMDB knows it, or cannot be asked at the moment."""
    if not tmdb.configured(demo=match.library.demo):
        return ""
    try:
        tmdb.known_as(tmdb_id, kind=kind)
    except NotFound:
        return _("TMDB knows no %(kind)s with the id %(id)d.") % {
            "kind": Title.Kind(kind).label.lower(),
            "id": tmdb_id,
        }
    except (RetryLater, GiveUp):
        return ""
    return ""


def lock(match: Match, *, actor: str) -> None:
    """Keep a match as it is, whatever names, files or searches say later; nothing happens where it is locked."""
    _set_lock(match, locked=True, actor=actor)


def unlock(match: Match, *, actor: str) -> None:
    """Let mediasync decide again; nothing changes until something about the match does."""
    _set_lock(match, locked=False, actor=actor)


def _set_lock(match: Match, *, locked: bool, actor: str) -> None:
    with transaction.atomic():
        if not Match.objects.filter(pk=match.pk).exclude(locked=locked).update(locked=locked):
            return
        record(match, reason=f"{'locked' if locked else 'unlocked'} by {actor}", actor=actor)
        queue.enqueue(_write(match, actor))
    match.locked = locked


def ignore(match: Match, *, actor: str) -> bool:
    """Leave a match alone: it is not searched for and not asked about; kept in metadata.json."""
    before = match.title_id
    with transaction.atomic():
        ignored = move(match, Match.State.IGNORED, reason=f"ignored by {actor}", actor=actor, locked=True, title=None)
        if ignored:
            episodes.unlink(match)
            titles.forget_unless_matched(before)
            queue.enqueue(_write(match, actor))
    return ignored


def look_again(match: Match, *, actor: str) -> bool:
    """Forget what a match was believed to be and identify it anew."""
    with transaction.atomic():
        reset = move(match, Match.State.NEW, reason=f"{actor} asked to look again", actor=actor, locked=False)
        if reset:
            queue.enqueue(_identify(match, actor))
    return reset


def refresh(title_ids: list[int], *, actor: str) -> int:
    """Mark titles as due and queue their descriptions before everything else; returns how many."""
    with transaction.atomic():
        reason = f"refresh asked by {actor}"
        followups.mark_stale(timezone.now(), titles=title_ids, reason=reason, actor=actor)
        Title.objects.filter(pk__in=title_ids).update(etag="")
        return queue.enqueue(*(_describe(pk, actor) for pk in title_ids))


def _identify(match: Match, actor: str) -> queue.Work:
    return causes.identification(match.pk, origin="", priority=Priority.CRITICAL, reason=f"asked by {actor}")


def _describe(title_id: int, actor: str) -> queue.Work:
    return causes.description(title_id, origin="", priority=Priority.CRITICAL, reason=f"asked by {actor}")


def _write(match: Match, actor: str) -> queue.Work:
    reason = f"a decision of {actor} is kept beside the media"
    return causes.writing(match.pk, origin="", priority=Priority.CRITICAL, reason=reason)
