"""The Sources pages: who is asked, how often, who rests and why; test and reset."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe
from django.views.decorators.vary import vary_on_headers

from mediasync import source_list as listing
from mediasync.source_why import why_of
from outbound import services
from outbound.models import Source
from pages import live, moment

SHOWN_HOURS = 48


@require_safe
@vary_on_headers("HX-Request-Type")
def source_list(request: HttpRequest) -> HttpResponse:
    """Show every source; the live part answers 304 while nothing changed."""
    found = listing.read()
    context = {"section": "sources", "found": found, "revision": found.revision, "may": request.user.is_staff}
    return live.show(request, "mediasync/sources.html", "live", context)


@require_safe
def source(request: HttpRequest, name: str) -> HttpResponse:
    """Show one source: why it is as it is, what was changed about it, and its use hour by hour."""
    found = listing.read(name)
    known = next((reading.source for reading in found.readings), None)
    if known is None:
        raise Http404
    context = {
        "section": "sources",
        "source": known,
        "why": why_of(known),
        "found": found,
        "hours": listing.hours_of(name, most=SHOWN_HOURS),
        "may": request.user.is_staff,
    }
    return render(request, "mediasync/source.html", context)


@require_POST
def source_do(request: HttpRequest, name: str, verb: str) -> HttpResponse:
    """Test or reset one source; for staff."""
    _staff_only(request)
    known = get_object_or_404(Source, pk=name)
    if verb == "test":
        well, said = services.test(name)
        (messages.success if well else messages.warning)(request, said)
    elif verb == "reset":
        services.reset(known, actor=request.user.get_username())
        messages.success(request, _("%s is reset: the next request shows how it is.") % name)
    else:
        raise Http404
    moment.ended()
    return _back(request, name)


@require_POST
def test_all(request: HttpRequest) -> HttpResponse:
    """Queue a test of every source; for staff."""
    _staff_only(request)
    many = services.test_all(actor=request.user.get_username())
    said = ngettext(
        "%d source is tested; what it says appears here.", "%d sources are tested; what they say appears here.", many
    )
    messages.success(request, said % many)
    return _back(request, "")


def _staff_only(request: HttpRequest) -> None:
    if not request.user.is_staff:
        raise PermissionDenied


def _back(request: HttpRequest, name: str) -> HttpResponse:
    one = name and request.POST.get("back") == "source"
    response = redirect("source", name) if one else redirect("source-list")
    response.status_code = 303
    return response
