"""Jobs that describe a title."""

from __future__ import annotations

from jobs.registry import handles
from scanner.models import Title
from scanner.providers import tmdb
from scanner.services import describe, titles

REFRESH = "refresh"  # a pool of one lease: a refresh asks for one title at a time


def title_failed(key: str, reason: str) -> None:
    """Mark the title whose job came to rest failed."""
    title = Title.objects.filter(pk=key.partition(":")[2]).first()
    if title:
        describe.failed(title, reason)


@handles("scanner.title", pool="metadata", needs=tmdb.SOURCE, on_failed=title_failed)
def describe_title(key: str) -> None:
    """Describe one title ("title:17"); one that was merged away has nothing to be described."""
    title = titles.in_use().filter(pk=key.partition(":")[2]).first()
    if title:
        describe.describe(title)


@handles("scanner.refresh_title", pool=REFRESH, needs=tmdb.SOURCE, on_failed=title_failed)
def refresh_title(key: str) -> None:
    """Describe one title ("title:17") again, unless somebody has done so since it was found STALE."""
    title = titles.in_use().filter(pk=key.partition(":")[2], state=Title.State.STALE).first()
    if title:
        describe.describe(title)
