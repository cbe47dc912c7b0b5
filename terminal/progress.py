"""One line of progress on a terminal; silence where nobody watches."""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from django.db import connection

EVERY_S = 0.5


@contextmanager
def line(text: Callable[[], str], *, quiet: bool = False) -> Iterator[None]:
    """Show `text()` on standard error twice a second while the block runs.

    Nothing is shown where standard error is no terminal or `quiet` is set.
    """
    if quiet or not sys.stderr.isatty():
        yield
        return
    over = threading.Event()
    shower = threading.Thread(target=_show, args=(text, over), daemon=True)
    shower.start()
    try:
        yield
    finally:
        over.set()
        shower.join(timeout=2)
        sys.stderr.write("\r\x1b[K")
        sys.stderr.flush()


def _show(text: Callable[[], str], over: threading.Event) -> None:
    try:
        while not over.wait(EVERY_S):
            sys.stderr.write(f"\r\x1b[K{text()}")
            sys.stderr.flush()
    finally:
        connection.close()
