"""The page of one season, and what a person says of its episodes."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, ngettext_lazy
from django.views.decorators.http import require_POST, require_safe

from pages.picks import Picks
from pages.query import whole
from scanner.models import Episode, FormerTitle, Title
from scanner.season import season_sheet
from scanner.services import wishes
from scanner.views.title import address_of

WORDS = {"want": Episode.Wish.WANTED.value, "ignore": Episode.Wish.IGNORED.value, "reset": ""}
SAID = {
    "want": ngettext_lazy("%(n)d episode is wanted.", "%(n)d episodes are wanted.", "n"),
    "ignore": ngettext_lazy("%(n)d episode is ignored.", "%(n)d episodes are ignored.", "n"),
    "reset": ngettext_lazy("Of %(n)d episode nothing is said.", "Of %(n)d episodes nothing is said.", "n"),
}


@require_safe
def season(request: HttpRequest, pk: int, slug: str, number: int) -> HttpResponse:
    """Show a season; wrong slugs and merged titles redirect to where it is now."""
    found = Title.objects.defer("details").filter(pk=pk).first()
    if found is None:
        found = get_object_or_404(FormerTitle.objects.select_related("title"), former_id=pk).title
    if found.pk != pk or slug != address_of(found):
        return _back(request, found, number)
    shown = season_sheet(found, number, page=whole(request.GET.get("page"), 1))
    if shown is None:
        raise Http404(_("This show has no such season."))
    context = {"sheet": shown, "title": found, "section": "library", "undo": whole(request.GET.get("undo"), 0)}
    return render(request, "scanner/season.html", context)


@require_POST
def season_wish(request: HttpRequest, pk: int, number: int, verb: str) -> HttpResponse:
    """Keep what a person says of the ticked episodes, or of the whole season."""
    title, picks = get_object_or_404(Title, pk=pk), Picks.parse(request.POST)
    if verb not in WORDS:
        raise Http404
    episodes = picks.of(Episode.objects.filter(title=title, season=number)) if picks else Episode.objects.none()
    chosen = list(episodes.values_list("pk", flat=True))
    event = wishes.say(title, chosen, WORDS[verb], actor=request.user.get_username()) if chosen else None
    if event:
        many = sum(len(ids) for ids in event.facts["before"].values())
        messages.success(request, SAID[verb] % {"n": many})
    else:
        messages.info(request, _("That was so already.") if chosen else _("No episode was ticked."))
    return _back(request, title, number, undo=event.pk if event else 0)


@require_POST
def season_undo(request: HttpRequest, pk: int, number: int, event: int) -> HttpResponse:
    """Take the last change back."""
    title = get_object_or_404(Title, pk=pk)
    many = wishes.take_back(title, event, actor=request.user.get_username())
    said = ngettext("%d episode is as it was.", "%d episodes are as they were.", many) % many
    messages.success(request, said if many else _("There is nothing to take back any more."))
    return _back(request, title, number)


def _back(request: HttpRequest, title: Title, number: int, undo: int = 0) -> HttpResponse:
    """Return to the season, on the page where the person was."""
    page = whole(request.GET.get("page"), 1)
    said = [f"page={page}"] * (page > 1) + [f"undo={undo}"] * bool(undo)
    response = redirect("scanner:season", title.pk, address_of(title), number)
    response["Location"] += "?" + "&".join(said) if said else ""
    if request.method == "POST":
        response.status_code = 303
    return response
