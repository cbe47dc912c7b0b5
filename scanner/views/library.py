"""The Library page: posters, searched, filtered, sorted, paged."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, Subquery
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_headers

from scanner import listing
from scanner.listing import LibraryQuery
from scanner.models import Library, Match, Scan
from scanner.strips import strips


@require_safe
@vary_on_headers("HX-Request-Type")
def library(request: HttpRequest) -> HttpResponse:
    """Show a page of titles; the part with the posters alone where htmx asks for it."""
    query = LibraryQuery.parse(request.GET)
    shown, pages = listing.page_of(query)
    found = strips(shown)
    context: dict[str, Any] = {
        "query": query,
        "pages": pages,
        "cards": [(title, found[title.pk]) for title in shown],
        "choices": listing,
        "section": "library",
    }
    if not shown:
        context["nearest"] = listing.nearest(query.q) if query.q else None
    if request.headers.get("HX-Request-Type") == "partial":
        return render(request, "scanner/library.html#titles", context)
    return render(request, "scanner/library.html", context | _about())


def _about() -> dict[str, Any]:
    """What the head of the page says of the folders, the last scan and what waits for a person: one query."""
    latest = Scan.objects.filter(ended_at__isnull=False).order_by("-created_at")
    unmatched = Match.objects.filter(state=Match.State.UNMATCHED).order_by().values("state").annotate(n=Count("pk"))
    libraries = list(
        Library.objects.annotate(
            scanned_at=Subquery(latest.values("ended_at")[:1]),
            found=Subquery(latest.values("new")[:1]),
            unmatched=Subquery(unmatched.values("n")),
        )
    )
    last = libraries[0] if libraries else None
    return {"libraries": libraries, "last": last, "unmatched": last.unmatched if last else 0}
