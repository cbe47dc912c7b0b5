"""How a source stands, for pages and terminal alike: a word of `words.LOOKS`, until when it holds, and why."""

from __future__ import annotations

from datetime import datetime

from outbound.errors import NotConfigured
from outbound.models import Source
from scanner.models import Library
from scanner.providers import service, tmdb


def shown(source: Source, now: datetime) -> tuple[str, datetime | None, str]:
    """Return what `standing` does; a metadata service that answers, but has no key to be asked with, is "keyless"."""
    found = standing(source, now)
    calm = found[0] == Source.Circuit.CLOSED
    return ("keyless", None, "") if calm and source.pk == tmdb.SOURCE and not _has_key() else found


def _has_key() -> bool:
    """Say whether there is a key that serves anybody: the demo's own goes with the demo."""
    now = service.current()
    return bool(now.api_key) and (not now.demo or Library.objects.filter(demo=True).exists())


def standing(source: Source, now: datetime) -> tuple[str, datetime | None, str]:
    """Return the circuit word for a source, until when it holds (None: no time helps, or nobody knows), and why."""
    paused = source.paused_until is not None and source.paused_until > now
    if source.settings_key or (paused and source.paused_as == NotConfigured.__name__):
        return "no_key", None, source.paused_reason  # also when the day that the pause lasts is over
    if paused:
        return "paused", source.paused_until, source.paused_reason
    if source.circuit != Source.Circuit.OPEN:
        return source.circuit, None, ""
    if source.open_until and source.open_until > now:
        return "open", source.open_until, source.last_error
    return "due", None, source.last_error
