"""The processes: what `manage.py up` and `manage.py work` start, watch and end."""

from __future__ import annotations


def welcome(address: str) -> list[str]:
    """Return the lines shown once the web server listens at `address`."""
    return [f"mediasync is at {address} (Ctrl-C stops it)"]
