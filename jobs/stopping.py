"""Whether this process has been asked to end; a signal handler may only set this flag."""

from __future__ import annotations

_asked = False


def ask(*_signal: object) -> None:
    """Ask this process to end; fit as a signal handler: it takes no lock."""
    global _asked  # noqa: PLW0603  a process ends once
    _asked = True


def asked() -> bool:
    """Tell whether this process has been asked to end."""
    return _asked


def forget() -> None:
    """Begin anew, in a child or after a foreground run."""
    global _asked  # noqa: PLW0603  a process ends once
    _asked = False
