"""What the frame around every page shows; read only by templates that show a frame."""

from __future__ import annotations

import datetime
import hashlib
from functools import cached_property
from typing import Any

from django.http import HttpRequest
from django.utils import timezone

from jobs.models import Drain
from mediasync import __version__
from outbound.models import Source
from scanner.listing import open_scans
from scanner.models import Scan

ALIVE = datetime.timedelta(seconds=60)
THEMES = ("", "light", "dark")
THEME_COOKIE = "mediasync_theme"


class Wire:
    """The strip on top of every page: sources, running scans, the workers. Three queries at most."""

    @cached_property
    def sources(self) -> list[Source]:
        """Every source asked so far, with `shown`: closed, half_open, open or paused."""
        found = list(Source.objects.order_by("name").only("name", "circuit", "open_until", "paused_until"))
        now = timezone.now()
        for source in found:
            paused = source.paused_until is not None and source.paused_until > now
            until = source.paused_until if paused else source.open_until if source.circuit == "open" else None
            source.shown = "paused" if paused else source.circuit  # type: ignore[attr-defined]
            source.until = until if until and until > now else None  # type: ignore[attr-defined]
        return found

    @cached_property
    def scans(self) -> list[Scan]:
        """Scans that run or are held, with what their walk has done."""
        return list(open_scans().order_by("state", "pk")[:3])

    @cached_property
    def stopped(self) -> bool:
        """Whether no worker has given a sign of life for a minute."""
        return not Drain.objects.filter(beat_at__gte=timezone.now() - ALIVE).exists()

    @property
    def revision(self) -> str:
        """Changes whenever the strip would look different."""
        sources = [(s.name, s.shown, s.until) for s in self.sources]  # type: ignore[attr-defined]
        scans = [(s.pk, s.state, s.done_units, s.files) for s in self.scans]  # type: ignore[attr-defined]
        return hashlib.sha256(repr((sources, scans, self.stopped)).encode()).hexdigest()[:16]


def frame(request: HttpRequest) -> dict[str, Any]:
    """Return the values that base.html needs on every page; nothing is read until it is shown."""
    theme = request.COOKIES.get(THEME_COOKIE, "")
    return {"version": __version__, "wire": Wire(), "theme": theme if theme in THEMES else ""}
