"""Live parts of pages: a fragment that carries a revision and is sent again only when it would look different."""

from __future__ import annotations

import hashlib
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseNotModified
from django.shortcuts import render


def revision_of(*seen: Any) -> str:
    """Return a short mark of what is shown; equal marks mean that nothing has to be sent."""
    return hashlib.sha256(repr(seen).encode("utf-8", "surrogatepass")).hexdigest()[:16]


def is_partial(request: HttpRequest) -> bool:
    """Return whether htmx asks for a part of the page."""
    return request.headers.get("HX-Request-Type") == "partial"


def unchanged(request: HttpRequest, revision: str) -> bool:
    """Return whether the poller already holds this revision (app.js sends it back as it was given)."""
    return request.headers.get("If-None-Match") == revision


def holds(request: HttpRequest, revision: str) -> bool:
    """Return whether nothing has to be read any further: a poll for what would look the same. Answer 304 then."""
    return is_partial(request) and request.method in ("GET", "HEAD") and unchanged(request, revision)


def show(request: HttpRequest, template: str, part: str, context: dict[str, Any]) -> HttpResponse:
    """Return the page, or its `part` where htmx asks for that; 304 where it holds `context["revision"]` already."""
    if holds(request, context.get("revision", "")):
        return HttpResponseNotModified()
    if not is_partial(request):
        return render(request, template, context)
    return render(request, f"{template}#{part}", context | {"partial": True})
