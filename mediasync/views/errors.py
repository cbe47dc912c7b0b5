"""Styled errors: a page for people, a small alert for a region that htmx wanted to swap."""

from __future__ import annotations

import re
import sys
from typing import Any

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.csrf import requires_csrf_token

from mediasync.api import problems
from mediasync.api.problems import Problem

FULL, UNWRITABLE = re.compile(r"\bis full|\bNo space left"), re.compile(r"read-?only|\bdisk I/O")  # of both databases
HEADS = {
    400: gettext_lazy("That made no sense here"),
    403: gettext_lazy("For staff only"),
    404: gettext_lazy("Nothing is on here"),
    405: gettext_lazy("A button leads here"),
}


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


def form_too_old(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Show that a form carries no token of this session: somebody signed in anew, or it came from elsewhere."""
    text = _("The form was too old or came from elsewhere. Go back, reload the page and send it again.")
    if "HX-Request" in request.headers:
        return _alert(request, text, 403)
    return HttpResponse(render_to_string("403_csrf.html", {"request_id": _id(request)}), status=403)


@requires_csrf_token
def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Show that there is nothing at this address."""
    return _answer(request, 404, _("Nothing is at this address. It may have been removed, or the link is wrong."))


def not_allowed(request: HttpRequest) -> HttpResponse:
    """Show that this address is a button's: it is not to be opened by itself."""
    return _answer(request, 405, _("Nothing is shown at this address: it is where a button of a page leads."))


def server_error(request: HttpRequest) -> HttpResponse:
    """Show that something broke; nothing is read for it, since the database may be what broke."""
    if isinstance(error := sys.exc_info()[1], OperationalError | InterfaceError):
        return _no_database(request, str(error))
    if problems.is_for(request):
        return problems.answer(request, Problem(500, "mistake", "mediasync made a mistake here. The log says more."))
    return _broken(request, 500, _("Something broke"), _("Something broke on our side. It was written to the log."))


def _no_database(request: HttpRequest, error: str) -> HttpResponse:
    """Show what keeps us from the database, and what would help: this is nobody's mistake."""
    if problems.is_for(request):
        return problems.answer(request, problems.no_database())
    if FULL.search(error):
        text = _("The disk of mediasync's data is full, so nothing can be kept. Make room there and try again.")
    elif UNWRITABLE.search(error):
        text = _("The disk of mediasync's data cannot be written, so nothing can be kept. The log says more.")
    else:
        text = _("The database does not answer just now. Try again in a moment; the log says more.")
    answer = _broken(request, 503, _("Not possible just now"), text)
    answer["Retry-After"] = "10"
    return answer


def _broken(request: HttpRequest, status: int, head: str, text: str) -> HttpResponse:
    if "HX-Request" in request.headers:
        return _alert(request, text, status)
    context = {"status": status, "head": head, "text": text, "request_id": _id(request)}
    try:
        page = render_to_string("500.html", context)
    except Exception:  # noqa: BLE001  whatever broke may break this page too (style sheets not collected, say)
        plain = "<!doctype html><title>{} · mediasync</title><p>{} <code>{}</code></p>"
        page = format_html(plain, status, text, _id(request))
    return HttpResponse(page, status=status)


def _answer(request: HttpRequest, status: int, text: str) -> HttpResponse:
    if "HX-Request" in request.headers:
        return _alert(request, text, status)
    context: dict[str, Any] = {"status": status, "head": HEADS[status], "text": text, "request_id": _id(request)}
    return render(request, "mediasync/error.html", context, status=status)


def _alert(request: HttpRequest, text: str, status: int) -> HttpResponse:
    context = {"text": text, "request_id": _id(request) if status >= 500 else ""}
    return HttpResponse(render_to_string("mediasync/alert.html", context), status=status)


def _id(request: HttpRequest) -> str:
    """Return the id under which the log tells of this request."""
    return getattr(request, "id", "")
