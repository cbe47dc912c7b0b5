"""Pictures from the data directory; an address carries the picture's hash and never changes."""

from __future__ import annotations

from pathlib import Path

from django.conf import settings
from django.http import FileResponse, Http404, HttpRequest
from django.views.decorators.http import require_safe

from scanner import art

FOREVER = "private, max-age=31536000, immutable"


@require_safe
def artwork(request: HttpRequest, sha: str, width: str) -> FileResponse:
    """Send one thumbnail. The URL pattern lets only a hash and a number through: no path."""
    if int(width) not in art.WIDTHS:
        raise Http404
    try:
        picture = (Path(settings.ARTWORK_DIR) / sha[:2] / f"{sha}-{width}.webp").open("rb")
    except OSError as error:
        raise Http404 from error
    response = FileResponse(picture, content_type="image/webp")
    response["Cache-Control"] = FOREVER
    return response
