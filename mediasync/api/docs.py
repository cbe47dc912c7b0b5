"""The OpenAPI document, and a page that shows it: Swagger's, from our own origin and under our own policy."""

from __future__ import annotations

import hashlib
import json
from functools import cache
from importlib.util import find_spec
from pathlib import Path

import ninja
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from mediasync.api import auth, openapi
from mediasync.api.auth import Caller
from mediasync.api.problems import Problem
from mediasync.keys import Scope

FILES = {
    "swagger-ui.css": "text/css",
    "swagger-ui-bundle.js": "text/javascript",
    "swagger-ui-init.js": "text/javascript",
}
SETTINGS = {"layout": "BaseLayout", "deepLinking": True, "validatorUrl": None, "docExpansion": "list"}


@require_safe
def openapi_json(request: HttpRequest) -> HttpResponse:
    """Return the document to whoever may look."""
    _may_look(request)
    return HttpResponse(openapi.document(), headers={"ETag": _tag()}, content_type="application/json")


@require_safe
def docs(request: HttpRequest) -> HttpResponse:
    """Show the document; for staff, who can try each operation with their session."""
    if not request.user.is_authenticated:
        return redirect(f"{reverse('login')}?next={request.path}")
    if not request.user.is_staff:
        raise Problem(403, "forbidden", "This page is for staff.")
    settings = {**SETTINGS, "url": reverse("api:openapi-json")}
    context = {"settings": json.dumps(settings), "version": ninja.__version__, "token": get_token(request)}
    return render(request, "mediasync/api.html", context)


@require_safe
def docs_file(request: HttpRequest, name: str) -> FileResponse:
    """Send a file of Swagger, as django-ninja brings it: 1.7 MB that only this page needs."""
    if name not in FILES:
        raise Http404
    file = FileResponse((_folder() / name).open("rb"), content_type=FILES[name])
    file.headers["Cache-Control"] = "private, max-age=604800"
    return file


def index(request: HttpRequest) -> HttpResponse:
    """Lead people to the page, and tell programs where the document is."""
    if "text/html" in request.headers.get("Accept", ""):
        return redirect("api:docs")
    raise Problem(404, "not-found", f"Nothing is at this address. {reverse('api:openapi-json')} lists what there is.")


def _may_look(request: HttpRequest) -> Caller:
    """Return who asks, in any of the ways. Raises Problem."""
    for way in auth.WAYS[Scope.READ]:
        if caller := way(request):
            return caller
    raise auth.nobody()


@cache
def _tag() -> str:
    return f'"{hashlib.sha256(openapi.document()).hexdigest()[:32]}"'


@cache
def _folder() -> Path:
    spec = find_spec("ninja")
    if spec is None or spec.origin is None:
        raise Http404
    return Path(spec.origin).parent / "static" / "ninja"
