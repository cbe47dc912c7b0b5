"""What mediasync is, what it stands on, and the notice that TMDB asks for."""

from __future__ import annotations

import platform
from importlib import metadata

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

STANDS_ON = (
    ("Django", "django"),
    ("django-q2", "django-q2"),
    ("django-htmx", "django-htmx"),
    ("django-ninja", "django-ninja"),
    ("django-axes", "django-axes"),
    ("django-environ", "django-environ"),
    ("Requests", "requests"),
    ("gunicorn", "gunicorn"),
    ("WhiteNoise", "whitenoise"),
    ("guessit", "guessit"),
    ("RapidFuzz", "rapidfuzz"),
    ("Pillow", "pillow"),
    ("MediaInfo", "pymediainfo"),
    ("Heroicons", "heroicons"),
    ("Rich", "rich"),
    ("defusedxml", "defusedxml"),
    ("psutil", "psutil"),
)


@require_safe
def about(request: HttpRequest) -> HttpResponse:
    """Show versions, credits and notices."""
    packages = [(word, metadata.version(name), _licence(name)) for word, name in STANDS_ON]
    return render(request, "mediasync/about.html", {"packages": packages, "python": platform.python_version()})


def _licence(name: str) -> str:
    found = metadata.metadata(name).json
    said = str(found.get("license_expression") or found.get("license") or "")
    kinds = [line.rpartition(" :: ")[2] for line in found.get("classifier", []) if line.startswith("License ::")]
    return said if said and len(said) < 40 else ", ".join(kinds)
