"""The processes: what `manage.py up` and `manage.py work` start, watch and end."""

from __future__ import annotations

from collections.abc import Sequence


def prepare(paths: Sequence[str]) -> list[str]:
    """Get the household ready before anything starts, with the folders given; returns lines to show."""
    return [f"not added: {path}" for path in paths]


def welcome(address: str) -> list[str]:
    """Return the lines shown once the web server listens at `address`."""
    return [f"mediasync is at {address} (Ctrl-C stops it)"]
