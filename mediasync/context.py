"""What the frame around every page shows."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest

from mediasync import __version__


def frame(request: HttpRequest) -> dict[str, Any]:
    """Return the values that base.html needs on every page."""
    return {"version": __version__}
