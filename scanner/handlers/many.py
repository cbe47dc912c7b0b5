"""Jobs that carry out one decision about many titles."""

from __future__ import annotations

from jobs.registry import handles
from scanner.services import fetching, many


@handles(many.KIND, pool="upkeep", limit=3_600, base=10)
def carry_out(key: str) -> None:
    """Do what somebody asked for ("lock:1f2e…")."""
    many.carry_on(key)


@handles(fetching.KIND, pool="upkeep", limit=3_600, base=10)
def fetch_pictures(key: str) -> None:
    """Have the pictures, or stills, of a library's titles fetched ("pictures:3")."""
    what, _, library = key.partition(":")
    fetching.fetch(what, int(library))
