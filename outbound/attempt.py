"""One request under way: its deadline, and how another thread shuts its socket."""

from __future__ import annotations

import os
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from contextvars import ContextVar

from jobs import running
from jobs.errors import Interrupted


class Attempt:
    """Holds a handle of the open socket; shutting it wakes whoever reads or writes there.

    `close` would wake nobody, and TLS objects are by-passed: the handle is a duplicate of the
    plain descriptor.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._handle: socket.socket | None = None
        self._timer: threading.Timer | None = None
        self.stopped = False
        self.expired = False
        self.has_headers = False

    @property
    def was_cut(self) -> bool:
        """Whether we ended it; the request may still reach the server."""
        return self.stopped or self.expired

    def watch(self, connection: socket.socket) -> None:
        """List a socket that this attempt is about to use."""
        handle = socket.socket(fileno=os.dup(connection.fileno()))
        with self._lock:
            self._release()
            self._handle = handle
            if self.was_cut:
                self._shut()

    def stop(self) -> None:
        """End it because the job must stop; called from another thread."""
        with self._lock:
            self.stopped = True
            self._shut()

    def expire_in(self, seconds: float) -> None:
        """End it after `seconds`, in place of any deadline set before: trickling bytes do not help."""
        with self._lock:
            if self._timer is not None:
                self._timer.cancel()
            self._timer = threading.Timer(max(0.0, seconds), self._expire)
            self._timer.daemon = True
            self._timer.start()

    def check(self) -> None:
        """Raise Interrupted when the job was told to stop, TimeoutError when the deadline has passed.

        A shut socket looks like the end of a body, so whoever has read one asks here.
        """
        running.check()
        if self.stopped:
            raise Interrupted
        if self.expired:
            raise TimeoutError

    def end(self) -> None:
        """Forget the socket and the deadline."""
        with self._lock:
            if self._timer is not None:
                self._timer.cancel()
            self._release()

    def _expire(self) -> None:
        with self._lock:
            self.expired = True
            self._shut()

    def _shut(self) -> None:
        if self._handle is not None:
            with suppress(OSError):  # not connected any more
                self._handle.shutdown(socket.SHUT_RDWR)

    def _release(self) -> None:
        if self._handle is not None:
            self._handle.close()
            self._handle = None


_current: ContextVar[Attempt | None] = ContextVar("attempt", default=None)


def current() -> Attempt | None:
    """Return the attempt of this thread, for the connection that opens its socket."""
    return _current.get()


@contextmanager
def under_way() -> Iterator[Attempt]:
    """Make an attempt that a stop of the running job ends."""
    attempt = Attempt()
    token = _current.set(attempt)
    try:
        with running.interruptible(attempt.stop):
            yield attempt
    finally:
        _current.reset(token)
        attempt.end()
