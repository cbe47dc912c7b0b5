"""One process of the budget's crowd: asks a source without end, as workers do or as a person does."""

from __future__ import annotations

import threading
import time
import uuid
from contextlib import suppress

from jobs.errors import RetryLater
from outbound.client import Client, asked_by_a_person
from outbound.sources import SourceSpec, allowed_with_base, register

PERSON_EVERY = 2.0  # seconds


def ask(source: str, url: str, rules: list[tuple[int, float]], threads: int) -> None:
    """Ask with that many threads as fast as the budget lets; with none, as a person now and then."""
    register(SourceSpec(source, url, rules=tuple(rules), allow_hosts=allowed_with_base(url)))
    if not threads:
        _as_a_person(source)
    for _ in range(threads):
        threading.Thread(target=_without_end, args=(source,)).start()


def _without_end(source: str) -> None:
    while True:
        with suppress(RetryLater):
            Client(source).get_json(f"/{uuid.uuid4().hex}")


def _as_a_person(source: str) -> None:
    """Tell the server when it was asked for: one clock for all processes of a machine."""
    while True:
        time.sleep(PERSON_EVERY)
        with suppress(RetryLater), asked_by_a_person():
            Client(source).get_json("/person", params={"asked": repr(time.monotonic())})
