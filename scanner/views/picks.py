"""What is done with many titles of the Library at once."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, ngettext_lazy
from django.views.decorators.http import require_POST

from pages.picks import Picks
from scanner.listing import LibraryQuery
from scanner.models import Title
from scanner.services import many
from scanner.views.match import staff_only

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

SHOWN = 20
LATER = ngettext_lazy(
    "%(n)d title: it is under way, the Queue shows how far.",
    "%(n)d titles: it is under way, the Queue shows how far.",
    "n",
)
DONE: dict[str, _StrPromise] = {
    "refresh": ngettext_lazy("%(n)d title is refreshed next.", "%(n)d titles are refreshed next.", "n"),
    "lock": ngettext_lazy("The match of %(n)d title is locked.", "The matches of %(n)d titles are locked.", "n"),
    "unlock": ngettext_lazy("The match of %(n)d title is unlocked.", "The matches of %(n)d titles are unlocked.", "n"),
    "write": ngettext_lazy(
        "The files beside %(n)d title are written again.", "The files beside %(n)d titles are written again.", "n"
    ),
    "ignore": ngettext_lazy("%(n)d title is ignored.", "%(n)d titles are ignored.", "n"),
}


@require_POST
def library_act(request: HttpRequest, verb: str) -> HttpResponse:
    """Do something with the titles that were ticked, or with all that the filter in the address finds."""
    if verb not in many.VERBS:
        raise Http404
    if verb != "refresh":
        staff_only(request)
    query, picks = LibraryQuery.parse(request.GET), Picks.parse(request.POST)
    found = picks.of(query.titles() if picks.everything else Title.objects.all())
    chosen = list(found.order_by("pk").values_list("pk", flat=True)) if picks else []
    if not chosen:
        messages.info(request, _("These titles have gone in the meantime.") if picks else _("No title was ticked."))
    elif verb == "ignore" and "sure" not in request.POST:
        return _ask(request, query, picks, chosen)
    else:
        later = many.decide(verb, chosen, actor=request.user.get_username())
        messages.success(request, (LATER if later else DONE[verb]) % {"n": len(chosen)})
    response = redirect("scanner:library")
    response["Location"] += query.address(page=query.page) if query != LibraryQuery() else "?all"
    response.status_code = 303
    return response


def _ask(request: HttpRequest, query: LibraryQuery, picks: Picks, chosen: Sequence[int]) -> HttpResponse:
    """Say what ignoring these titles means before it is done."""
    context = {
        "section": "library",
        "query": query,
        "picks": picks,
        "many": len(chosen),
        "shown": Title.objects.filter(pk__in=chosen[:SHOWN]).order_by("sort_name").only("name", "year", "kind"),
        "more": len(chosen) - SHOWN,
        "question": ngettext("Ignore %d title?", "Ignore %d titles?", len(chosen)) % len(chosen),
    }
    return render(request, "scanner/library_ignore.html", context)
