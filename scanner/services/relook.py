"""Looking again at files by hand: the way out of ERROR once a person has mended what was wrong."""

from __future__ import annotations

from collections.abc import Collection

from django.db import transaction

from jobs import queue
from jobs.models import Priority
from journal.moves import record
from scanner.models import MediaFile
from scanner.services import causes

State = MediaFile.State


def look_again(file_ids: Collection[int], *, actor: str) -> int:
    """Queue the inspection of these files before everything else; returns how many will be looked at.

    Those that are missing, or belong to no match, wait for the next scan. What is known of the
    content of an unreadable file is forgotten, so that it is read anew.
    """
    there = MediaFile.objects.filter(pk__in=file_ids, match__isnull=False).exclude(state=State.MISSING)
    with transaction.atomic():
        there.filter(state=State.ERROR).update(fingerprint="")
        there.update(inspected_at=None)
        matches = list(there.values_list("match_id", flat=True))
        if matches:
            reason = f"asked to look again by {actor}"
            record("scanner.mediafile:set", reason=reason, facts={"files": len(matches)}, actor=actor)
            works = [causes.inspection(pk, reason=reason, priority=Priority.CRITICAL) for pk in set(matches)]
            queue.enqueue(*works)
    return len(matches)
