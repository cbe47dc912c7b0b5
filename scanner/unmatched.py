"""The list of what no title was found for, and what one match's page shows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from django.db.models import Count, IntegerField, OuterRef, QuerySet, Subquery, Sum, TextField
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from pages.query import ListQuery, one_of
from scanner.models import Match, MediaFile
from scanner.services.decided import mark_of
from scanner.services.offers import Offer, offers, with_what_is_here

KINDS = {"": _("All types"), "movie": _("Movies"), "show": _("Shows")}
STATES = {"": _("Waiting for you"), "ignored": _("Ignored")}


@dataclass(frozen=True, slots=True)
class UnmatchedQuery(ListQuery):
    """What the address of the Unmatched page asks for. Few a page: each is a decision."""

    q: str = ""
    library: int = 0
    kind: str = one_of(KINDS)
    state: str = one_of(STATES)
    per: int = 12

    sizes: ClassVar[tuple[int, ...]] = (12, 24, 48)

    def matches(self) -> QuerySet[Match]:
        """Return the matches asked for, in order."""
        found = Match.objects.filter(library__removed_at=None)
        found = found.filter(state=self.state or Match.State.UNMATCHED)
        if self.kind:
            found = found.filter(kind=self.kind)
        if self.library:
            found = found.filter(library=self.library)
        if self.q:
            found = found.filter(key__icontains=self.q)
        return found.order_by("key", "pk")


@dataclass(frozen=True, slots=True)
class Row:
    """A match as it is decided about: `seen` is its mark, `next` the one that comes after it."""

    match: Any
    offers: Sequence[Offer]
    seen: str
    next: int | None = None

    @property
    def season(self) -> str:
        """The seasons read from the names: "1–3"."""
        low, high = self.match.first_season, self.match.last_season
        return "" if low is None else str(low) if low == high else f"{low}–{high}"


def waiting() -> Subquery:
    """Return the match of a title that waits for a person to pick the right title, as a column; none mostly."""
    found = Match.objects.filter(title=OuterRef("pk"), state=Match.State.UNMATCHED, library__removed_at=None)
    return Subquery(found.order_by("pk").values("pk")[:1])


def with_files(matches: QuerySet[Match]) -> QuerySet[Match]:
    """Annotate how many files a match has, how large they are, the first of them, and the seasons in their names."""
    files = MediaFile.objects.filter(match=OuterRef("pk")).order_by()
    per_match = files.values("match")
    seasons = files.exclude(season=None).order_by("season")
    return matches.annotate(
        many=Coalesce(Subquery(per_match.annotate(n=Count("pk")).values("n"), output_field=IntegerField()), 0),
        size_bytes=Subquery(per_match.annotate(n=Sum("size_bytes")).values("n")),
        first_path=Subquery(files.order_by("path").values("path")[:1], output_field=TextField()),
        first_season=Subquery(seasons.values("season")[:1]),
        last_season=Subquery(seasons.order_by("-season").values("season")[:1]),
    )


def rows(matches: Sequence[Match]) -> list[Row]:
    """Return the rows of a page; pictures and known titles of all candidates come in one query."""
    found = with_what_is_here({match.pk: offers(match)[:3] for match in matches})
    after = [match.pk for match in matches[1:]]
    return (
        [
            Row(match, found[match.pk], mark_of(match), following)
            for match, following in zip(matches, [*after, None], strict=True)
        ]
        if matches
        else []
    )
