"""The strip on top of every page, polled, and the choice of theme."""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseNotModified
from django.shortcuts import redirect, render
from django.templatetags.static import static
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST, require_safe

from mediasync.context import THEME_COOKIE, THEMES, Wire

YEAR = 31_536_000


@require_safe
def wire(request: HttpRequest) -> HttpResponse:
    """Show the strip alone; 304 while it looks the same."""
    strip = Wire()
    if unchanged(request, strip.revision):
        return HttpResponseNotModified()
    return render(request, "mediasync/wire.html", {"wire": strip})


def unchanged(request: HttpRequest, revision: str) -> bool:
    """Return whether the poller already holds this revision (app.js sends it back as it was given)."""
    return request.headers.get("If-None-Match") == revision


@require_POST
def theme(request: HttpRequest) -> HttpResponse:
    """Keep the theme in a cookie, so that the server renders it and nothing flashes."""
    back = request.POST.get("next", "/")
    if not url_has_allowed_host_and_scheme(back, allowed_hosts={request.get_host()}):
        back = "/"
    wanted = request.POST.get("theme", "")
    response = redirect(back)
    response.set_cookie(
        THEME_COOKIE,
        wanted if wanted in THEMES else "",
        max_age=YEAR,
        samesite="Lax",
        httponly=True,
        secure=request.is_secure(),
    )
    return response


@login_not_required
@require_safe
def favicon(request: HttpRequest) -> HttpResponse:
    """Send browsers that look in the old place to the one icon."""
    return redirect(static("favicon.svg"))
