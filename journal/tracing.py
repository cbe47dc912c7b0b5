"""What a log line says of where it was written: the role of the process, the request, the job."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from types import MappingProxyType
from typing import Any

_said: ContextVar[Mapping[str, Any]] = ContextVar("said", default=MappingProxyType({}))
_process = ["command"]


def name_process(role: str) -> None:
    """Give this process, and what it forks from here on, a role such as "web" or "worker"."""
    _process[0] = role


def process() -> str:
    """Return the role of this process."""
    return _process[0]


def say(**facts: Any) -> None:
    """Have every line of this thread carry just these facts from here on: Django logs of a request after its answer."""
    _said.set(facts)


@contextmanager
def saying(**facts: Any) -> Iterator[None]:
    """Have every line that this thread logs meanwhile carry these facts."""
    token = _said.set({**_said.get(), **facts})
    try:
        yield
    finally:
        _said.reset(token)


def said() -> Mapping[str, Any]:
    """Return the facts of this thread."""
    return _said.get()
