"""The History page: what happened, when, to what, by whom and why; and the same as CSV."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from typing import Any

from django.contrib.auth import get_user_model
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from journal.moves import SYSTEM
from mediasync import history as listing
from mediasync.history import HistoryQuery
from pages import preferences

NAME = "history"
COLUMNS = ("time", "subject", "name", "from", "to", "what happened", "by")
RISKY = ("=", "+", "-", "@", "\t", "\r", "\n")


@require_safe
def history(request: HttpRequest) -> HttpResponse:
    """Show the newest events, or what the filter finds."""
    if there := preferences.recalled(request, NAME):
        return redirect(request.path + there)
    query = HistoryQuery.parse(request.GET)
    if not query.before:
        preferences.remember(request, NAME, query)
    page = listing.page_of(query)
    context: dict[str, Any] = {
        "section": "history",
        "query": query,
        "page": page,
        "lines": listing.lines(page.events),
        "kinds": [(value, word) for value, (word, _labels) in listing.KINDS.items()],
        "actors": [SYSTEM, *get_user_model().objects.order_by("username").values_list("username", flat=True)[:50]],
    }
    return render(request, "mediasync/history.html", context)


@require_safe
def export(request: HttpRequest) -> StreamingHttpResponse:
    """Send what the filter finds as CSV, row by row."""
    query = HistoryQuery.parse(request.GET)
    response = StreamingHttpResponse(_written(query), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="history-{timezone.localdate():%Y-%m-%d}.csv"'
    return response


class _Echo:
    """Hands back what is written, so that a row is sent as soon as it is made."""

    def write(self, text: str) -> str:
        return text


def _written(query: HistoryQuery) -> Iterator[str]:
    writer = csv.writer(_Echo())
    yield "\ufeff" + str(writer.writerow(COLUMNS))
    for event in listing.exported(query):
        row = (event.subject, event.name, event.old, event.new, event.reason, event.actor)
        yield str(writer.writerow([event.at.isoformat(timespec="seconds"), *map(_safe, row)]))


def _safe(text: str) -> str:
    """Keep a spreadsheet from taking text for a formula; lone surrogates cannot be sent."""
    text = text.encode("utf-8", "replace").decode()
    return f"'{text}" if text.startswith(RISKY) else text
