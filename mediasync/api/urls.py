"""Addresses of the API; loaded by the first request that begins with /api/v1/."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path, re_path

from mediasync.api import docs
from mediasync.api.gate import guarded, nothing_here
from mediasync.api.operations import api


def _operations() -> list[URLPattern | URLResolver]:
    """Return ninja's addresses, each behind the gate; its own root is no address of ours."""
    found = [pattern for pattern in api.urls[0] if isinstance(pattern, URLPattern) and pattern.name != "api-root"]
    for pattern in found:
        pattern.callback = guarded(pattern.callback)
    return [*found]


urlpatterns = [
    path("", guarded(docs.index), name="index"),
    path("docs", guarded(docs.docs), name="docs"),
    path("docs/<str:name>", guarded(docs.docs_file), name="docs-file"),
    path("openapi.json", guarded(docs.openapi_json), name="openapi-json"),
    *_operations(),
    re_path("", guarded(nothing_here)),
]
