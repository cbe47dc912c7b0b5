"""How titles stand, as their pages say it: what became of their files comes before what is known of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from typing import Any

from django.db.models import Count, F, Q, QuerySet

from scanner.listing import UNTIDY
from scanner.models import Match, MediaFile, Title
from scanner.unmatched import waiting

NEEDS, GONE = "needs", "gone"
AWAY = Q(state=MediaFile.State.MISSING) | Q(state=MediaFile.State.ERROR)


def amiss(titles: Collection[int] | Any) -> dict[int, str]:
    """Return those of these titles (ids or a query of them) of which no file is any use: all gone, or unreadable."""
    files = MediaFile.objects.filter(match__title__in=_with_trouble().filter(title__in=titles), extra="").order_by()
    unreadable = Count("pk", filter=Q(state=MediaFile.State.ERROR))
    counted = files.values_list("match__title").annotate(n=Count("pk"), away=Count("pk", filter=AWAY), bad=unreadable)
    return {pk: NEEDS if bad else GONE for pk, _n, _away, bad in counted.filter(n=F("away"))}


def shown(state: str, lacking: str, waits: Any) -> str:
    """Return the state that is shown of a title: what `amiss` says of it, whether it waits for a pick, else its own."""
    return lacking or (NEEDS if waits else state)


def counts() -> Counter[str]:
    """Return how many titles are shown in which state; those that are not as they are stored are few."""
    found: Counter[str] = Counter(dict(Title.objects.order_by().values_list("state").annotate(n=Count("pk"))))
    lacking = amiss(_with_trouble())
    unmatched = Match.objects.filter(state=Match.State.UNMATCHED, title__isnull=False).values("title")
    unclear = Title.objects.filter(Q(pk__in=unmatched) | Q(pk__in=_with_trouble())).annotate(waits=waiting())
    for pk, state, waits in unclear.order_by().values_list("pk", "state", "waits"):
        found[state] -= 1
        found[shown(state, lacking.get(pk, ""), waits)] += 1
    return +found


def _with_trouble() -> QuerySet[Match, Any]:
    """Return the titles with files that are gone or unreadable: those rows alone are read, by their index."""
    files = MediaFile.objects.filter(UNTIDY, AWAY).values("match")
    return Match.objects.filter(pk__in=files, title__isnull=False).values("title")
