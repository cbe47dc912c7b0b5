"""The API with all its operations."""

from __future__ import annotations

from mediasync.api import (
    artwork,
    backups,
    decisions,
    episodes,
    events,
    health,
    items,
    jobs,
    libraries,
    matches,
    pools,
    scans,
    schedules,
    sources,
    system,
    titles,
    why,
    wishes,
)
from mediasync.api.door import api

# `wishes` before the rest: /titles/bulk is no title by the name of bulk.
PARTS = (
    wishes,
    libraries,
    items,
    titles,
    artwork,
    episodes,
    matches,
    decisions,
    scans,
    jobs,
    pools,
    sources,
    events,
    system,
    health,
    schedules,
    backups,
    why,
)

__all__ = ["api"]

for part in PARTS:
    api.add_router("", part.router)
