"""A process that ends with its parent, whatever happens to the parent."""

from __future__ import annotations

import ctypes
import os
import signal
import sys
import threading
import time

VARIABLE = "MEDIASYNC_PARENT"
PR_SET_PDEATHSIG = 1


def environment() -> dict[str, str]:
    """Return the environment for a child that is to end with this process.

    Many threads with a heap each would keep much memory that nobody uses (20 MB of all); the interpreter's
    lock lets one thread allocate at a time anyway, so one heap is enough.
    """
    return {"MALLOC_ARENA_MAX": "1", **os.environ, VARIABLE: str(os.getpid())}


def follow() -> None:
    """End with the process that started us, if it asked for that in our environment."""
    parent = os.environ.pop(VARIABLE, "")
    if parent:
        follow_process(int(parent))


def follow_process(parent: int) -> None:
    """Have the kernel end us with `parent`, which must be our parent; at once if it is gone already."""
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    else:
        threading.Thread(target=_look_each_second, args=(parent,), daemon=True).start()
    if os.getppid() != parent:
        os._exit(1)


def bind_forks() -> None:
    """Have every process that is forked from here on, at any depth, end with the one that forked it."""
    forker = [os.getpid()]

    def remember() -> None:
        forker[0] = os.getpid()

    def bind() -> None:
        signal.set_wakeup_fd(-1)  # the pipe is the parent's
        follow_process(forker[0])

    os.register_at_fork(before=remember, after_in_child=bind)


def _look_each_second(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(1)
    os._exit(1)
