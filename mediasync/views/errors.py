"""Styled errors: a page for people, a small alert for a region that htmx wanted to swap."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.views.decorators.csrf import requires_csrf_token

from mediasync.api import problems
from mediasync.api.problems import Problem


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Show that the request could not be understood."""
    if problems.is_for(request):
        return problems.answer(request, Problem(400, "bad-request", "This request cannot be understood."))
    return _answer(request, 400, _("This request could not be understood."))


@requires_csrf_token
def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Show that this is not for the person who asked."""
    text = _("This page is for staff. Ask the person who runs this server.")
    if problems.is_for(request):
        return problems.answer(request, Problem(403, "forbidden", "This is for staff."))
    return _answer(request, 403, text)


@requires_csrf_token
def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Show that there is nothing at this address."""
    return _answer(request, 404, _("Nothing is at this address. It may have been removed, or the link is wrong."))


def not_allowed(request: HttpRequest) -> HttpResponse:
    """Show that this address is a button's: it is not to be opened by itself."""
    return _answer(request, 405, _("Nothing is shown at this address: it is where a button of a page leads."))


def server_error(request: HttpRequest) -> HttpResponse:
    """Show that something broke; nothing is read for it, since the database may be what broke."""
    text = _("Something broke on our side. It was written to the log.")
    if problems.is_for(request):
        return problems.answer(request, Problem(500, "mistake", "mediasync made a mistake here. The log says more."))
    if "HX-Request" in request.headers:
        return _alert(request, text, 500)
    try:
        page = render_to_string("500.html", {"text": text, "request_id": _id(request)})
    except Exception:  # noqa: BLE001  whatever broke may break this page too (style sheets not collected, say)
        page = format_html("<!doctype html><title>500 · mediasync</title><p>{} <code>{}</code></p>", text, _id(request))
    return HttpResponse(page, status=500)


def _answer(request: HttpRequest, status: int, text: str) -> HttpResponse:
    if "HX-Request" in request.headers:
        return _alert(request, text, status)
    context: dict[str, Any] = {"status": status, "text": text, "request_id": _id(request)}
    return render(request, "mediasync/error.html", context, status=status)


def _alert(request: HttpRequest, text: str, status: int) -> HttpResponse:
    context = {"text": text, "request_id": _id(request) if status >= 500 else ""}
    return HttpResponse(render_to_string("mediasync/alert.html", context), status=status)


def _id(request: HttpRequest) -> str:
    """Return the id under which the log tells of this request."""
    return getattr(request, "id", "")
