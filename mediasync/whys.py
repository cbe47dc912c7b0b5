"""Why anything is as it is: one answer for each title, match, file, episode, job and source."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from jobs.whys import of_job
from mediasync.source_why import of_source
from pages.query import whole
from pages.why import Why
from scanner import whys

Answer = tuple[Any, Why] | None
BY_NUMBER: dict[str, Callable[[int], Answer]] = {
    "title": whys.of_title,
    "match": whys.of_match,
    "file": whys.of_file,
    "episode": whys.of_episode,
    "job": of_job,
}


def answer_of(scope: str, key: str) -> Answer:
    """Return the thing and why it is as it is; None where there is no such thing, or no such kind of thing."""
    if scope == "source":
        return of_source(key)
    number = whole(key, 0)
    return BY_NUMBER[scope](number) if scope in BY_NUMBER and number else None
