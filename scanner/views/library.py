"""The Library page: posters, searched, filtered, sorted, paged."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from django.db.models import Count, Subquery
from django.http import HttpRequest, HttpResponse, HttpResponseNotModified, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe
from django.views.decorators.vary import vary_on_headers

from pages import live, preferences
from scanner import listing, news
from scanner.listing import LibraryQuery
from scanner.models import Library, Match, Scan, Title
from scanner.providers import tmdb
from scanner.strips import files_of, strips

LIST = "library"
KEY_COOKIE = "mediasync_key_notice"
YEAR = 31_536_000


@require_safe
@vary_on_headers("HX-Request-Type")
def library(request: HttpRequest) -> HttpResponse:
    """Show a page of titles; where htmx asks for it, the list alone, or the next rows of it (`more`)."""
    if there := preferences.recalled(request, LIST):
        return redirect(request.path + there)
    query = LibraryQuery.parse(request.GET)
    preferences.remember(request, LIST, query)
    shown, pages = listing.page_of(query)
    context: dict[str, Any] = {
        "query": query,
        "pages": pages,
        "choices": listing,
        "section": "library",
    } | _seen(shown, query)
    if not shown:
        context["nearest"] = listing.nearest(query.q) if query.q else None
        context["unnamed"] = listing.unnamed(query)
    offer = listing.offer()
    if query.sort == "name" and (pages.last > 1 or query.letter):
        context["letters"] = offer.letters
    if live.is_partial(request):
        part = "more" if "more" in request.GET and shown else "titles"
        return render(request, f"scanner/library.html#{part}", context)
    about = _about() | {"genres": offer.genres(query.genre)}
    about["room"] = bool(about["libraries"]) and not query.filtered and pages.count < query.per
    if KEY_COOKIE in request.COOKIES:
        about["key_missing"] = False
    return render(request, "scanner/library.html", context | about)


def _seen(shown: list[Title], query: LibraryQuery) -> dict[str, Any]:
    """Return what the list shows of its titles: their strips; in the table where they lie and how large they are."""
    if query.view != "table":
        found = strips(shown)
        return {"cards": [(title, found[title.pk]) for title in shown]}
    held = files_of(shown)
    found = strips(shown, held=held)
    places = listing.places(held)
    return {"cards": [(title, found[title.pk], places.get(title.pk)) for title in shown]}


def _about() -> dict[str, Any]:
    """What the head of the page says of the folders, the last scan and what waits for a person: one query."""
    latest = Scan.objects.filter(ended_at__isnull=False).order_by("-created_at")
    unmatched = Match.objects.filter(state=Match.State.UNMATCHED).order_by().values("state").annotate(n=Count("pk"))
    libraries = list(
        Library.objects.annotate(
            scanned_at=Subquery(latest.values("ended_at")[:1]),
            unmatched=Subquery(unmatched.values("n")),
            busy=news.under_way(),
        )
    )
    last = libraries[0] if libraries else None
    return {
        "libraries": libraries,
        "last": last,
        "unmatched": last.unmatched if last else 0,
        "busy": bool(last and last.busy),
        "since": int(timezone.now().timestamp()),
        "key_missing": any(not library.demo for library in libraries) and not tmdb.configured(),
    }


@require_safe
def library_news(request: HttpRequest) -> HttpResponse:
    """Show what is under way and what has come since the page was opened; polled while something is under way."""
    given = request.GET.get("since", "")
    found = news.since(int(given) if given.isascii() and given.isdigit() and len(given) < 11 else 0)
    room = bool(request.GET.get("room"))
    fills = room and news.fills(found)
    if not fills and request.headers.get("If-None-Match") == found.revision:
        return HttpResponseNotModified()
    context = {"news": found, "since": found.since, "room": room, "here": _here(request)}
    response = render(request, "scanner/library.html#news", context)
    if fills:
        response["HX-Refresh"] = "true"
    return response


def _here(request: HttpRequest) -> str:
    """Return the list that the person looks at, by the address htmx reports."""
    try:
        asked = urlsplit(request.headers.get("HX-Current-URL", "")).query
    except ValueError:  # whatever that is, it is no address
        asked = ""
    query = LibraryQuery.parse(QueryDict(asked))
    return query.address(page=query.page)


@require_POST
def hide_key_notice(request: HttpRequest) -> HttpResponse:
    """Remember that this browser has seen what a key would add."""
    response = redirect("home" if request.POST.get("back") == "home" else "scanner:library")
    response.set_cookie(KEY_COOKIE, "seen", max_age=YEAR, samesite="Lax", httponly=True, secure=request.is_secure())
    return response
