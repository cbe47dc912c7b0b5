"""What a person decides about a match: pick, lock, unlock, ignore, look again."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from jobs import queue
from jobs.models import Priority
from journal.moves import move, record
from scanner.models import Match, Title
from scanner.services import causes, decided, episodes, followups, titles


def pick(match: Match, kind: str, tmdb_id: int, *, actor: str, name: str = "", year: int | None = None) -> bool:
    """Say which title a match is, and lock it; survives rescans and a rebuild of the database.

    `name` and `year` are what the title is called until it is described.
    """
    before, former = match.title_id, decided.before(match)
    with transaction.atomic():
        match.kind = kind
        title = titles.title_for(match, tmdb_id=tmdb_id, name=name or match.name, year=year if name else match.year)
        after = decided.mark(Match.State.MATCHED, title.pk, kind, Match.By.HAND, locked=True)
        chosen = move(
            match,
            Match.State.MATCHED,
            reason=f"picked by {actor}",
            facts={"kind": kind, "tmdb_id": tmdb_id, "title": str(title), "before": former, "after": after},
            actor=actor,
            still=decided.as_read(former),
            kind=kind,
            title=title,
            by=Match.By.HAND,
            locked=True,
            score=None,
            candidates=[],
        )
        if chosen:
            titles.forget_unless_matched(before, successor=title)
            queue.enqueue(identified(match.pk, actor), _describe(title.pk, actor))
        else:
            transaction.set_rollback(True)  # its own title has learnt an id by now, or a new one was made
    return chosen


def lock(match: Match, *, actor: str) -> None:
    """Keep a match as it is, whatever names, files or searches say later; nothing happens where it is locked."""
    _set_lock(match, locked=True, actor=actor)


def unlock(match: Match, *, actor: str) -> None:
    """Let mediasync decide again; nothing changes until something about the match does."""
    _set_lock(match, locked=False, actor=actor)


def _set_lock(match: Match, *, locked: bool, actor: str) -> None:
    if match.locked == locked:
        return
    after = decided.mark(match.state, match.title_id, match.kind, match.by, locked=locked)
    with transaction.atomic():
        former = decided.before(match)
        if not Match.objects.filter(pk=match.pk).exclude(locked=locked).update(locked=locked):
            return
        reason = f"{'locked' if locked else 'unlocked'} by {actor}"
        record(match, reason=reason, facts={"before": former, "after": after}, actor=actor)
        queue.enqueue(kept(match.pk, actor))
    match.locked = locked


def ignore(match: Match, *, actor: str) -> bool:
    """Leave a match alone: it is not searched for and not asked about; kept in metadata.json."""
    before, former = match.title_id, decided.before(match)
    after = decided.mark(Match.State.IGNORED, None, match.kind, match.by, locked=True)
    with transaction.atomic():
        ignored = move(
            match,
            Match.State.IGNORED,
            reason=f"ignored by {actor}",
            facts={"before": former, "after": after},
            actor=actor,
            still=decided.as_read(former),
            locked=True,
            title=None,
        )
        if ignored:
            episodes.unlink(match)
            titles.forget_unless_matched(before)
            queue.enqueue(kept(match.pk, actor))
    return ignored


def look_again(match: Match, *, actor: str) -> bool:
    """Forget what a match was believed to be and identify it anew."""
    former = decided.before(match)
    after = decided.mark(Match.State.NEW, match.title_id, match.kind, match.by, locked=False)
    with transaction.atomic():
        reset = move(
            match,
            Match.State.NEW,
            reason=f"{actor} asked to look again",
            facts={"before": former, "after": after},
            actor=actor,
            locked=False,
        )
        if reset:
            queue.enqueue(identified(match.pk, actor))
    return reset


def refresh(title_ids: list[int], *, actor: str) -> int:
    """Mark titles as due and queue their descriptions before everything else; returns how many."""
    with transaction.atomic():
        reason = f"refresh asked by {actor}"
        followups.mark_stale(timezone.now(), titles=title_ids, reason=reason, actor=actor)
        Title.objects.filter(pk__in=title_ids).update(etag="")
        return queue.enqueue(*(_describe(pk, actor) for pk in title_ids))


def identified(match_id: int, actor: str) -> queue.Work:
    """Return the work that finds out anew what a match is."""
    return causes.identification(match_id, origin="", priority=Priority.CRITICAL, reason=f"asked by {actor}")


def _describe(title_id: int, actor: str) -> queue.Work:
    return causes.description(title_id, origin="", priority=Priority.CRITICAL, reason=f"asked by {actor}")


def kept(match_id: int, actor: str) -> queue.Work:
    """Return the work that keeps a decision beside the media."""
    reason = f"a decision of {actor} is kept beside the media"
    return causes.writing(match_id, origin="", priority=Priority.CRITICAL, reason=reason)
