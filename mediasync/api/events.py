"""What happened, and why: the journal."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Annotated, Any

from django.db.models import F, Window
from django.db.models.functions import RowNumber
from django.http import HttpRequest, HttpResponse
from ninja import Query, Router, Schema
from pydantic import AfterValidator, AwareDatetime, BeforeValidator, Field

from journal.models import Event
from mediasync.api.door import reads
from mediasync.api.paging import NEWEST, Asked, Page, Text, page
from mediasync.api.shapes import looks_like

router = Router(tags=["history"])


def _written_out(value: Any) -> Any:
    """Seconds since 1970 are no moment as the document describes it."""
    if isinstance(value, str) and "-" not in value[1:]:
        raise ValueError("a moment is written as 2026-11-22T21:45:00Z")
    return value


def _in_utc(value: datetime) -> datetime:
    """PostgreSQL does not know every offset that ISO 8601 can write."""
    try:
        return value.astimezone(UTC)
    except OverflowError as error:
        raise ValueError("no calendar knows this moment") from error


Moment = Annotated[AwareDatetime, BeforeValidator(_written_out), AfterValidator(_in_utc)]
EXAMPLE = {
    "id": 90210,
    "at": "2026-11-22T21:45:00Z",
    "subject": "scanner.title:17",
    "old": "new",
    "new": "indexed",
    "reason": "described by TMDB",
    "facts": {"tmdb_id": 603},
    "actor": "mediasync",
}


class EventRow(Schema):
    """Something happened to a thing; `subject` is app.model:id, `old` and `new` are its states."""

    id: int
    at: datetime
    subject: str
    old: str
    new: str
    reason: str
    facts: dict[str, Any]
    actor: str

    model_config = looks_like(EXAMPLE)


class EventFilters(Asked):
    """Which events."""

    subject: Text = Field("", description="Of one thing: scanner.title:17; of one kind: scanner.title")
    actor: Text = Field("", description="What one person or program did.")
    q: Text = Field("", description="Words in the reason.")
    new: Text = Field("", description="The state that was reached.")
    since: Moment | None = Field(None, description="Not before this moment.")
    until: Moment | None = Field(None, description="Before this moment.")


@reads(router, "/events", Page[EventRow])
def list_events(request: HttpRequest, response: HttpResponse, filters: Query[EventFilters]) -> Any:
    """List events.

    Newest first: what happened to what, why, and who wanted it.
    """
    found = Event.objects.all()
    if filters.subject:
        exact = ":" in filters.subject
        found = found.filter(
            **{"subject" if exact else "subject__startswith": filters.subject + ("" if exact else ":")}
        )
    for name, column in (("actor", "actor"), ("new", "new"), ("q", "reason__icontains")):
        if value := getattr(filters, name):
            found = found.filter(**{column: value})
    if filters.since:
        found = found.filter(at__gte=filters.since)
    if filters.until:
        found = found.filter(at__lt=filters.until)
    return page(request, response, found.values(*EventRow.model_fields), NEWEST, filters)


def latest(subjects: Iterable[str], most: int) -> dict[str, list[dict[str, Any]]]:
    """Return the last events of each of these things, newest first, in one query."""
    place = Window(RowNumber(), partition_by=[F("subject")], order_by=F("id").desc())
    read = Event.objects.filter(subject__in=list(subjects)).annotate(place=place).filter(place__lte=most)
    found: dict[str, list[dict[str, Any]]] = {}
    for row in read.order_by("-id").values(*EventRow.model_fields):
        found.setdefault(row["subject"], []).append(row)
    return found
