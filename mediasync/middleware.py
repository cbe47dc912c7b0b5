"""What every request and page carries: an id, the headers, and a fresh look after every action."""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from django.contrib import messages
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.middleware.gzip import GZipMiddleware
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from journal import tracing
from mediasync.api import problems
from mediasync.views import errors
from pages import moment

POLICY = (
    "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' data:; object-src 'none'; "
    "base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)


SANE_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{7,63}")


def request_id(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Give each request an id: its proxy's where that looks like one, else a new one.

    It stands in every log line of the request, in the header X-Request-ID of its answer and on pages of errors.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        given = request.headers.get("X-Request-ID", "")
        request.id = given if SANE_ID.fullmatch(given) else secrets.token_hex(6)  # type: ignore[attr-defined]
        tracing.say(request=request.id)  # type: ignore[attr-defined]
        response = get_response(request)
        response["X-Request-ID"] = request.id  # type: ignore[attr-defined]
        return response

    return middleware


def content_security_policy(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Add the one Content-Security-Policy to every answer (UI.md §4, no exceptions)."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        response["Content-Security-Policy"] = POLICY
        return response

    return middleware


class SignInFirst(LoginRequiredMiddleware):
    """Sends strangers to the sign-in page, and back from there to the page they were on.

    Whoever was signed out and presses a button is told that nothing was done: the address of the button
    itself shows nothing.
    """

    def handle_no_permission(self, request: HttpRequest, view_func: Any) -> HttpResponseRedirect:
        """Answer somebody who is not signed in."""
        if request.method in ("GET", "HEAD"):
            return super().handle_no_permission(request, view_func)
        messages.info(request, _("You were signed out, so nothing was done. Sign in and do it once more."))
        return redirect_to_login(_page_before(request))


def _page_before(request: HttpRequest) -> str:
    """Return the address of our page on which a form was sent."""
    address = request.headers.get("Referer", "")
    ours = url_has_allowed_host_and_scheme(address, {request.get_host()}, require_https=request.is_secure())
    found = urlsplit(address) if ours else urlsplit("/")
    return f"{found.path or '/'}?{found.query}" if found.query else found.path or "/"


def say_what_buttons_are_for(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Show a page where somebody opens the address of a button, instead of nothing at all."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if isinstance(response, HttpResponseNotAllowed) and not response.content and not problems.is_for(request):
            told = errors.not_allowed(request)
            told["Allow"] = response["Allow"]
            return told
        return response

    return middleware


def look_again_after_actions(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Let the page after an action show what the action did."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if request.method == "POST":
            moment.ended()
        return response

    return middleware


def sign_in_page_whole(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Let htmx leave for the sign-in page, and come back to its page from there: it would swap it into a part."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if "HX-Request" in request.headers and response.get("Location", "").startswith("/login/"):
            response.status_code = 200  # its cookies carry what was said
            response["HX-Redirect"] = redirect_to_login(_page_before(request)).url
            del response["Location"]
        return response

    return middleware


def compressed(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Compress pages, with random padding, so that their size tells nothing; what else is large is already."""
    squeeze: Any = GZipMiddleware(get_response)

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        page = response.get("Content-Type", "").startswith("text/html") and not response.streaming
        return squeeze.process_response(request, response) if page else response

    return middleware
