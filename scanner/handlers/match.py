"""Jobs about a match: identify it, look closer at its files."""

from __future__ import annotations

from jobs.registry import handles
from scanner.models import Match
from scanner.services import episodes, identify, inspect


def _match(key: str) -> Match | None:
    found = Match.objects.select_related("title", "library").filter(pk=key.partition(":")[2])
    return found.filter(library__removed_at=None).first()


def match_failed(key: str, reason: str) -> None:
    """Mark the files of a match whose job came to rest failed."""
    match = _match(key)
    if match:
        episodes.fail_files(match, reason)


@handles("scanner.match", pool="metadata", needs="tmdb", on_failed=match_failed)
def identify_match(key: str) -> None:
    """Find out what a match is ("match:5")."""
    match = _match(key)
    if match:
        identify.identify(match)


@handles("scanner.inspect", pool="inspect")
def inspect_match(key: str) -> None:
    """Look closer at the new and changed files of a match ("match:5")."""
    match = _match(key)
    if match:
        inspect.inspect(match)
