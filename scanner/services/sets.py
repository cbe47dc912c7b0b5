"""What a person decides about a set of folders without a clear title: one event for the set, and one undo."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from jobs import queue
from journal.models import Event
from journal.moves import record
from pages.picks import MOST
from scanner import bulk
from scanner.models import EpisodeFile, Match, Title
from scanner.services import decided
from scanner.services.matches import identified, kept

SUBJECT = "scanner.match:set"


def ignore_all(chosen: QuerySet[Match], *, actor: str) -> tuple[int, Event | None]:
    """Leave a set of unmatched folders alone; returns how many were, and the event that takes it back."""
    reasons: dict[str, list[int]] = {}
    before: dict[str, Any] = {"reasons": reasons, "locked": [], "titles": {}}
    done = 0
    for chunk in _slices(chosen):
        with transaction.atomic():
            there = list(Match.objects.filter(pk__in=chunk, state=Match.State.UNMATCHED).select_related("title"))
            _note(there, before)
            pks, former = [match.pk for match in there], [match.title_id for match in there if match.title_id]
            EpisodeFile.objects.filter(file__match__in=pks).delete()
            Match.objects.filter(pk__in=pks).update(
                state=Match.State.IGNORED, locked=True, title=None, reason=f"ignored by {actor}"
            )
            Title.objects.filter(pk__in=former, matches=None).delete()
            queue.enqueue(*(kept(pk, actor) for pk in pks))
        done += len(pks)
    return done, _told(done, f"Ignored by {actor}, {done} in all", Match.State.IGNORED, actor, {"before": before})


def look_again_all(chosen: QuerySet[Match], *, actor: str) -> int:
    """Identify a set of unclear or ignored folders anew; returns how many will be."""
    done = 0
    for chunk in _slices(chosen):
        with transaction.atomic():
            there = Match.objects.filter(pk__in=chunk, state__in=(Match.State.UNMATCHED, Match.State.IGNORED))
            pks = list(there.values_list("pk", flat=True))
            there.update(state=Match.State.NEW, locked=False, reason=f"{actor} asked to look again")
            queue.enqueue(*(identified(pk, actor) for pk in pks))
        done += len(pks)
    _told(done, f"Looked up again for {actor}, {done} in all", Match.State.NEW, actor, {})
    return done


def take_back(event_id: int, *, actor: str) -> int:
    """Make the folders of a set that was ignored last what they were; returns how many.

    Those about which something was decided since stay as they are.
    """
    event = Event.objects.filter(pk=event_id, subject=SUBJECT).first()
    before = event.facts.get("before") if event else None
    if event is None or not before or Event.objects.filter(subject=SUBJECT, pk__gt=event.pk).exists():
        return 0
    done = 0
    for reason, pks in before["reasons"].items():
        for chunk in bulk.slices(pks, 500):
            with transaction.atomic():
                done += _restore(chunk, reason, before, event, actor)
    _told(done, f"Made what they were by {actor}, {done} in all", Match.State.UNMATCHED, actor, {})
    return done


def _restore(chunk: list[int], reason: str, before: Mapping[str, Any], event: Event, actor: str) -> int:
    later = Event.objects.filter(subject__in=[f"scanner.match:{pk}" for pk in chunk], pk__gt=event.pk)
    moved_on = {int(subject.partition(":")[2]) for subject in later.values_list("subject", flat=True)}
    ignored = Match.objects.filter(pk__in=chunk, state=Match.State.IGNORED).exclude(pk__in=moved_on)
    pks = list(ignored.values_list("pk", flat=True))
    for pk in pks:
        if former := before["titles"].get(str(pk)):
            Match.objects.filter(pk=pk).update(title=decided.title_again(former))
    found = Match.objects.filter(pk__in=pks)
    found.update(state=Match.State.UNMATCHED, locked=False, reason=reason)
    found.filter(pk__in=before["locked"]).update(locked=True)
    queue.enqueue(*(kept(pk, actor) for pk in pks))
    return len(pks)


def _note(matches: Iterable[Match], before: dict[str, Any]) -> None:
    """Keep what a decision is about to change; most differ in nothing but the reason."""
    for match in matches:
        before["reasons"].setdefault(match.reason, []).append(match.pk)
        if match.locked:
            before["locked"].append(match.pk)
        if match.title_id:
            former = decided.before(match)
            before["titles"][str(match.pk)] = {name: former[name] for name in ("kind", "title")}


def _slices(chosen: QuerySet[Match]) -> Iterable[list[int]]:
    return bulk.paced(list(chosen.values_list("pk", flat=True)[:MOST]), most=500)


def _told(done: int, reason: str, state: str, actor: str, facts: dict[str, Any]) -> Event | None:
    if not done:
        return None
    return record(SUBJECT, reason=reason, new=state, facts={"matches": done, **facts}, actor=actor)
