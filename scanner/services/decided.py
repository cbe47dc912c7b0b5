"""What a decision about a match changed, so that it can be taken back; and whether it still holds."""

from __future__ import annotations

from typing import Any

from django.db import transaction

from jobs import queue
from jobs.models import Priority
from journal.models import Event
from journal.moves import move, subject_of
from pages.live import revision_of
from scanner.filenames import sort_name
from scanner.models import FormerTitle, Match, Title
from scanner.services import causes, episodes, titles

SEEN = 20  # events of a match looked at for its last decision


def mark(state: str, title_id: int | None, kind: str, by: str, *, locked: bool) -> str:
    """Return a short mark of what a match is: it changes with every decision and every finding."""
    return revision_of(str(state), title_id, str(kind), str(by), locked)


def mark_of(match: Match) -> str:
    """Return the mark of a match as it was read."""
    return mark(match.state, match.title_id, match.kind, match.by, locked=match.locked)


def before(match: Match) -> dict[str, Any]:
    """Return what a decision is about to change, to be kept with its event."""
    title = match.title
    return {
        "state": str(match.state),
        "kind": str(match.kind),
        "by": str(match.by),
        "locked": match.locked,
        "score": match.score,
        "reason": match.reason,
        "candidates": match.candidates,
        "title": title and {"id": title.pk, "tmdb_id": title.tmdb_id, "name": title.name, "year": title.year},
    }


def as_read(former: dict[str, Any]) -> dict[str, Any]:
    """Return the columns that must be as they were read, or another was quicker."""
    title = former["title"]
    return {"title": title["id"] if title else None, "kind": former["kind"], "locked": former["locked"]}


def last(match: Match) -> Event | None:
    """Return the event of the last decision about a match if it still holds and can be taken back."""
    events = Event.objects.filter(subject=subject_of(match))[:SEEN]
    return next((event for event in events if _holds(event, match)), None)


def undo(match: Match, event_id: int, *, actor: str) -> bool:
    """Make a match what it was before a decision: title, state, lock and candidates, and its files with them.

    Returns False, changing nothing, where the match has moved on since.
    """
    event = Event.objects.filter(pk=event_id, subject=subject_of(match)).first()
    if event is None or not _holds(event, match):
        return False
    former = event.facts["before"]
    wrong = match.title_id
    with transaction.atomic():
        title = title_again(former)
        restored = move(
            match,
            former["state"],
            reason=f"{actor} took back: {event.reason}",
            actor=actor,
            still={"title": wrong, "locked": match.locked},
            title=title,
            **{name: former[name] for name in ("kind", "by", "locked", "score", "candidates")},
        )
        if not restored:
            titles.forget_unless_matched(title.pk if title else None)
            return False
        Match.objects.filter(pk=match.pk).update(reason=former["reason"])
        if title is None or title.pk != wrong:
            episodes.unlink(match)
            titles.forget_unless_matched(wrong, successor=title)
        queue.enqueue(_next(match, actor), *_described(match, title))
    return True


def _holds(event: Event, match: Match) -> bool:
    return bool(event.facts.get("before")) and event.facts.get("after") == mark_of(match)


def _next(match: Match, actor: str) -> queue.Work:
    """What is settled or new is looked at again; an unclear match only loses what was written for the decision."""
    reason = f"{actor} took a decision back"
    fields: dict[str, Any] = {"origin": "", "priority": Priority.CRITICAL, "reason": reason}
    if match.state in (Match.State.MATCHED, Match.State.NEW):
        return causes.identification(match.pk, **fields)
    return causes.writing(match.pk, **fields)


def _described(match: Match, title: Title | None) -> list[queue.Work]:
    """An unclear match has its own title described by its files again."""
    if title is None or title.tmdb_id is not None or match.state != Match.State.UNMATCHED:
        return []
    return [causes.description(title.pk, origin="", priority=Priority.CRITICAL, reason=titles.NOBODY_KNOWS)]


def title_again(former: dict[str, Any]) -> Title | None:
    """Return the title that a match had; one that was forgotten comes back under its address."""
    was, kind = former["title"], former["kind"]
    if not was:
        return None
    known = Title.objects.filter(kind=kind, tmdb_id=was["tmdb_id"])
    found = known.filter(pk=was["id"]).first() or (known.first() if was["tmdb_id"] else None)
    if found:
        return found
    row = {"kind": kind, "tmdb_id": was["tmdb_id"], "name": was["name"], "year": was["year"]}
    row["sort_name"] = sort_name(was["name"])
    if Title.objects.filter(pk=was["id"]).exists():  # it has learnt another id since, and is somebody else now
        return Title.objects.create(**row)
    FormerTitle.objects.filter(former_id=was["id"]).delete()
    return Title.objects.create(pk=was["id"], **row)
