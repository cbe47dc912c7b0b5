"""The strip on top of every page, polled, and the choice of theme."""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseNotModified
from django.shortcuts import redirect
from django.templatetags.static import static
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST, require_safe

from mediasync import context
from mediasync.context import THEME_COOKIE, THEMES
from pages import live, preferences

YEAR = 31_536_000


@require_safe
def wire(request: HttpRequest) -> HttpResponse:
    """Show the strip alone; 304 while it looks the same."""
    strip = context.wire()
    if live.unchanged(request, strip.revision):
        return HttpResponseNotModified()
    return HttpResponse(strip.html)


@require_POST
def theme(request: HttpRequest) -> HttpResponse:
    """Keep the theme with the account, and in a cookie for the page that signs in: rendered here, nothing flashes."""
    back = request.POST.get("next", "/")
    if not back.startswith("/") or not url_has_allowed_host_and_scheme(back, allowed_hosts={request.get_host()}):
        back = "/"  # also for a bare word: it would be looked up as the name of a page
    wanted = request.POST.get("theme", "")
    wanted = wanted if wanted in THEMES else ""
    preferences.prefer(request.user, theme=wanted)
    return keep_theme(request, redirect(back), wanted)


def keep_theme(request: HttpRequest, response: HttpResponse, wanted: str) -> HttpResponse:
    """Put the theme into a cookie, for the pages before somebody has signed in."""
    secure = request.is_secure()
    response.set_cookie(THEME_COOKIE, wanted, max_age=YEAR, samesite="Lax", httponly=True, secure=secure)
    return response


@login_not_required
@require_safe
def favicon(request: HttpRequest) -> HttpResponse:
    """Send browsers that look in the old place to the one icon."""
    return redirect(static("favicon.svg"))
