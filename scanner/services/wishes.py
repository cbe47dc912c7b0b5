"""What a person says of episodes: wanted, ignored, or nothing; each change can be taken back."""

from __future__ import annotations

from collections.abc import Collection

from django.db import transaction

from journal.models import Event
from journal.moves import record, subject_of
from scanner.models import Episode, Title

SAID = {"wanted": "wanted", "ignored": "ignored", "": "left to the rule that what is aired is wanted"}


def say(title: Title, episodes: Collection[int], wish: str, *, actor: str) -> Event | None:
    """Keep `wish` for these episodes of a title; returns the event, None where nothing had to change."""
    with transaction.atomic():
        found = Episode.objects.filter(title=title, pk__in=episodes).exclude(wish=wish)
        before: dict[str, list[int]] = {}
        for pk, said in found.order_by("pk").values_list("pk", "wish"):
            before.setdefault(said, []).append(pk)
        many = sum(map(len, before.values()))
        if not many:
            return None
        found.update(wish=wish)
        count = "1 episode is" if many == 1 else f"{many} episodes are"
        facts = {"wish": wish, "before": before}
        return record(title, reason=f"{count} {SAID[wish]}, says {actor}", facts=facts, actor=actor)


def take_back(title: Title, event_id: int, *, actor: str) -> int:
    """Give episodes the wish they had before an event, unless they have got another since; returns how many."""
    event = Event.objects.filter(pk=event_id, subject=subject_of(title)).first()
    before = event.facts.get("before") if event else None
    if event is None or not isinstance(before, dict):
        return 0
    many = 0
    with transaction.atomic():
        for wish, ids in before.items():
            same = Episode.objects.filter(title=title, pk__in=ids, wish=event.facts["wish"])
            many += same.update(wish=wish)
        if many:
            record(title, reason=f"{actor} took back: {event.reason}", actor=actor)
    return many
