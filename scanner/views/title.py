"""The page of one title, and what a person can do there."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotModified
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe
from django.views.decorators.vary import vary_on_headers

from pages.query import whole
from scanner import filenames
from scanner.about import about, of
from scanner.models import FormerTitle, Match, MediaFile, Title
from scanner.services import matches, relook
from scanner.sheet import sheet
from scanner.views.match import staff_only


def address_of(title: Title) -> str:
    """Return the decoration of a title's address; never empty."""
    return filenames.slug(title.name)


@require_safe
@vary_on_headers("HX-Request-Type")
def title(request: HttpRequest, pk: int, slug: str = "") -> HttpResponse:
    """Show a title; wrong slugs and merged titles redirect to where it is now."""
    found = Title.objects.filter(pk=pk).first()
    if found is None:
        found = get_object_or_404(FormerTitle.objects.select_related("title"), former_id=pk).title
    if found.pk != pk or slug != address_of(found):
        there = redirect("scanner:title", found.pk, address_of(found))
        there["Location"] += f"?{request.META['QUERY_STRING']}" if request.META.get("QUERY_STRING") else ""
        return there
    season = whole(request.GET.get("season"), -1)
    shown = sheet(found, season=season, page=whole(request.GET.get("page"), 1))
    context = {
        "sheet": shown,
        "title": found,
        "about": shown.about,
        "ids": shown.ids,
        "art": shown.art,
        "section": "library",
    }
    partial = request.headers.get("HX-Request-Type") == "partial"
    return render(request, "scanner/title.html#episodes" if partial else "scanner/title.html", context)


@require_safe
def title_about(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the head of a title's page alone, polled while work for it is open; then the page is loaded once more."""
    found = of(pk)
    if found is None:  # merged meanwhile, or removed
        response = HttpResponse()
        response["HX-Redirect"] = reverse("scanner:title", args=[pk, "title"])
        return response
    now = about(found)
    if request.headers.get("If-None-Match") == now.revision:
        return HttpResponseNotModified()
    response = render(request, "scanner/title.html#about", {"title": found, "about": now})
    if not now.poll:
        response["HX-Refresh"] = "true"  # the episodes, the cast and what happened have changed too
    return response


@require_POST
def title_refresh(request: HttpRequest, pk: int) -> HttpResponse:
    """Mark a title for refresh, ahead of everything."""
    found = get_object_or_404(Title, pk=pk)
    matches.refresh([found.pk], actor=request.user.get_username())
    messages.success(request, _("%s is refreshed next.") % found.name)
    return redirect("scanner:title", pk, address_of(found))


@require_POST
def file_look(request: HttpRequest, pk: int) -> HttpResponse:
    """Have a file looked into once more, ahead of everything."""
    file = get_object_or_404(MediaFile.objects.select_related("match__title"), pk=pk)
    if relook.look_again([file.pk], actor=request.user.get_username()):
        messages.success(request, _("The file is looked at next."))
    else:
        messages.info(request, _("This file is not on disk at the moment; the next scan looks for it."))
    owner = file.match.title if file.match else None
    return redirect("scanner:title", owner.pk, address_of(owner)) if owner else redirect("scanner:library")


@require_POST
def match_lock(request: HttpRequest, pk: int, verb: str) -> HttpResponse:
    """Lock or unlock a match: a locked one is never changed by a scan."""
    staff_only(request)
    match = get_object_or_404(Match.objects.select_related("title"), pk=pk)
    if match.title is None:
        raise Http404
    change = matches.lock if verb == "lock" else matches.unlock
    change(match, actor=request.user.get_username())
    messages.success(request, _("The match is locked.") if verb == "lock" else _("The match is unlocked."))
    return redirect("scanner:title", match.title.pk, address_of(match.title))
