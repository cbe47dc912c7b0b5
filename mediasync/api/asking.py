"""What a service on the network, or the disk, does while a program waits for the answer."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.utils import timezone

from jobs.errors import GiveUp, RetryLater
from mediasync.api import problems
from mediasync.api.problems import Problem


@contextmanager
def asking() -> Iterator[None]:
    """Tell failures as problems: 503 with a time to come back where it is not possible now, 502 for nonsense."""
    try:
        yield
    except RetryLater as error:
        seconds = (error.until - timezone.now()).total_seconds() if error.until else 30
        raise problems.busy(str(error), seconds) from error
    except GiveUp as error:
        raise Problem(502, "bad-answer", str(error)) from error
