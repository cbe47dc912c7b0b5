"""What a scan or a look saw happen to known files, told in the history of each match: one event a match and scan."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from journal.models import Event
from scanner import bulk
from scanner.models import Match, MediaFile

MOST = 5_000  # a whole disk that went: the scan's own event says it for the others
WORDS = {
    "gone": ("1 file is gone from disk", "%d files are gone from disk"),
    "back": ("1 file is back", "%d files are back"),
    "changed": ("1 file has changed on disk", "%d files have changed on disk"),
    "moved": ("1 file has moved", "%d files have moved"),
}


def tell(what: str, file_ids: Iterable[int], *, origin: str) -> int:
    """Write down that files are "gone", "back", "changed" or "moved"; returns how many events that took.

    `origin` is the scan that saw it ("scan:12"), or empty where a look did.
    """
    counts: Counter[tuple[int, str]] = Counter()
    for chunk in bulk.slices(file_ids, 500):
        files = MediaFile.objects.filter(pk__in=chunk, match__isnull=False)
        counts.update(files.values_list("match_id", "match__name"))
    one, several = WORDS[what]
    events = [
        Event(
            subject=f"{Match._meta.label_lower}:{match}",
            name=name[:300],
            reason=one if many == 1 else several % many,
            facts={"files": many, "what": what, "origin": origin},
        )
        for (match, name), many in counts.most_common(MOST)
    ]
    for slice_ in bulk.paced(events, most=500):
        Event.objects.bulk_create(slice_)
    return len(events)
