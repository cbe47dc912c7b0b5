"""What we remember of the files beside the media of a match: which are ours, and as we wrote them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import transaction

from journal.moves import record
from scanner.models import Match

Record = dict[str, Any]
Notes = dict[str, Record | None]  # None: not ours to look after any more
FOREIGN: Record = {"foreign": True}


def remember(notes: Mapping[int, Notes]) -> None:
    """Keep which files are ours, by match; other jobs add theirs, so the rows are read again.

    A file that turns out to be somebody's own is told once.
    """
    with transaction.atomic():
        wanted = sorted(pk for pk, said in notes.items() if said)
        rows = Match.objects.select_for_update().filter(pk__in=wanted).only("sidecars").order_by("pk")
        changed = [match for match in rows if _take_note(match, notes[match.pk])]
        Match.objects.bulk_update(changed, ["sidecars"], batch_size=500)


def _take_note(match: Match, said: Notes) -> bool:
    new = {name: note for name, note in said.items() if match.sidecars.get(name) != note}
    foreign = [name for name, note in new.items() if note == FOREIGN]
    if foreign:
        record(match, reason=f"somebody's own files were left alone: {', '.join(foreign[:20])}")
    match.sidecars = {name: note for name, note in {**match.sidecars, **new}.items() if note is not None}
    return bool(new)
