"""What every request of the API passes: HEAD, ETags, plain English, and no error that is not a problem document."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.core.exceptions import RequestDataTooBig, SuspiciousOperation
from django.db import InterfaceError, OperationalError
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils import translation
from django.utils.cache import get_conditional_response, patch_vary_headers

from mediasync.api import problems
from mediasync.api.problems import Problem

log = logging.getLogger(__name__)
View = Callable[..., HttpResponseBase]
SAYS_WHO = ("Cookie", "X-Api-Key", "Authorization")


def guarded(view: View) -> View:
    """Return `view` behind the gate. The API itself asks who one is, and for the CSRF token of a session."""

    @wraps(view)
    def entry(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        with translation.override("en"):  # programs read it: the same words for everybody
            try:
                response = _answered(view, request, *args, **kwargs)
            except Exception as error:  # noqa: BLE001  it becomes an answer, and a line in the log
                response = trouble(request, error)
        patch_vary_headers(response, SAYS_WHO)
        return response

    entry.csrf_exempt = True  # type: ignore[attr-defined]
    entry.login_required = False  # type: ignore[attr-defined]
    return entry


def nothing_here(request: HttpRequest) -> HttpResponse:
    """Answer for every address that is none."""
    raise problems.missing("such address in the API")


def trouble(request: HttpRequest, error: Any) -> HttpResponse:
    """Return the problem document of whatever went wrong; our own mistakes are written to the log."""
    if isinstance(error, Problem):
        return problems.answer(request, error)
    if isinstance(error, Http404):
        return problems.answer(request, problems.missing("such thing"))
    if isinstance(error, RequestDataTooBig):
        return problems.answer(request, Problem(413, "too-large", "The body is larger than 1 MB."))
    if isinstance(error, SuspiciousOperation):
        return problems.answer(request, Problem(400, "bad-request", "This request cannot be understood."))
    log.error("%s %s", request.method, request.path, exc_info=error)
    if isinstance(error, OperationalError | InterfaceError):
        return problems.answer(request, problems.no_database())
    return problems.answer(request, Problem(500, "mistake", "mediasync made a mistake here. The log says more."))


def _answered(view: View, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
    head = request.method == "HEAD"
    if head:
        request.method = "GET"
    response = view(request, *args, **kwargs)
    if response.status_code == 405:
        return _not_allowed(request, response)
    if request.method == "GET" and response.status_code == 200 and isinstance(response, HttpResponse):
        response = _with_tag(request, response)
    if head and isinstance(response, HttpResponse):
        length = len(response.content)
        response.content = b""
        response.headers["Content-Length"] = str(length)
    return response


def _not_allowed(request: HttpRequest, response: HttpResponseBase) -> HttpResponse:
    allowed = {method.strip() for method in response.headers["Allow"].split(",")}
    allowed |= {"HEAD"} if "GET" in allowed else set()
    named = ", ".join(sorted(allowed))
    detail = f"{request.method} is not possible here, but {named}."
    return problems.answer(request, Problem(405, "method-not-allowed", detail, headers={"Allow": named}))


def _with_tag(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """Add the ETag; a client that holds the same already gets 304."""
    response.headers.setdefault("Cache-Control", "private, no-cache")
    if not response.has_header("ETag"):
        response.headers["ETag"] = f'"{hashlib.sha256(response.content).hexdigest()[:32]}"'
    return get_conditional_response(request, etag=response.headers["ETag"], response=response) or response
