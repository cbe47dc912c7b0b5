"""The Unmatched page: what no title was found for, decided one after the other or as a set."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe
from django.views.decorators.vary import vary_on_headers

from pages import live, preferences
from pages.paging import Pages
from pages.picks import Picks
from pages.query import whole
from scanner import unmatched as listing
from scanner.models import Library, Match
from scanner.services import decided, sets
from scanner.unmatched import UnmatchedQuery
from scanner.views.match import staff_only

NAME = "unmatched"


@require_safe
@vary_on_headers("HX-Request-Type")
def unmatched(request: HttpRequest) -> HttpResponse:
    """Show a page of matches that wait for a person, each with its best candidates."""
    if there := preferences.recalled(request, NAME):
        return redirect(request.path + there)
    query = UnmatchedQuery.parse(request.GET)
    preferences.remember(request, NAME, query)
    found = query.matches()
    pages = Pages(query.page, query.per, found.count())
    shown = list(listing.with_files(found).select_related("library")[pages.slice])
    context: dict[str, Any] = {
        "section": "unmatched",
        "query": query,
        "pages": pages,
        "rows": listing.rows(shown),
        "libraries": list(Library.objects.all()),
        "choices": listing,
        "may": request.user.is_staff,
        "back": "list",
        "last": _done(whole(request.GET.get("done"), 0)),
        "set": whole(request.GET.get("set"), 0),
    }
    return live.show(request, "scanner/unmatched.html", "list", context)


@require_POST
def unmatched_do(request: HttpRequest) -> HttpResponse:
    """Ignore the matches that are ticked, or have ignored ones looked up again."""
    staff_only(request)
    if request.POST.get("do") not in ("again", "ignore"):
        raise Http404
    query = UnmatchedQuery.parse(request.POST)
    picks, actor = Picks.parse(request.POST), request.user.get_username()
    chosen = picks.of(query.matches()) if picks else Match.objects.none()
    event = None
    if request.POST.get("do") == "again":
        done = sets.look_again_all(chosen, actor=actor)
        said = ngettext("%d folder is looked up again.", "%d folders are looked up again.", done)
    else:
        done, event = sets.ignore_all(chosen, actor=actor)
        said = ngettext("%d folder is ignored.", "%d folders are ignored.", done)
    messages.success(request, said % done if picks else _("Nothing was ticked, so nothing changed."))
    return _back(query, f"&set={event.pk}" if event else "")


@require_POST
def unmatched_undo(request: HttpRequest, event: int) -> HttpResponse:
    """Make a set that was ignored what it was."""
    staff_only(request)
    many = sets.take_back(event, actor=request.user.get_username())
    said = ngettext("%d folder is as it was.", "%d folders are as they were.", many) % many
    messages.success(request, said if many else _("There is nothing to take back any more."))
    return _back(UnmatchedQuery.parse(request.POST), "")


def _back(query: UnmatchedQuery, more: str) -> HttpResponse:
    there = redirect("scanner:unmatched")
    there["Location"] += query.address() + more
    there.status_code = 303
    return there


def _done(pk: int) -> Any:
    """Return the decision about a match that was taken just now and can be taken back."""
    match = Match.objects.filter(pk=pk).select_related("title").first() if pk else None
    event = decided.last(match) if match else None
    return {"match": match, "event": event} if event else None
