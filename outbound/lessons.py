"""What a source's row learns from an attempt: life, a failure that counts, a pause, refused credentials."""

from __future__ import annotations

import random
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

from jobs.errors import GiveUp
from outbound import breaker, pauses
from outbound.budget import Permit, now
from outbound.errors import COUNTED, BadContent, Blocked, Forbidden, NotConfigured, RateLimited, Stalled, Transient
from outbound.sources import SourceSpec

UNNAMED = 10.0  # seconds of the first pause after a 429 without Retry-After
WALL = 900.0  # seconds of the first pause before a wall
SOON = (0.3, 0.8)  # seconds until a second try in place


@contextmanager
def learnt_from(permit: Permit, spec: SourceSpec) -> Iterator[None]:
    """Let the source learn from what flies out of the block, or from nothing flying out."""
    try:
        yield
    except Forbidden:  # nothing was sent
        breaker.release(permit)
        raise
    except COUNTED as error:
        if getattr(error, "cut_short", False) and not permit.is_test:
            breaker.release(permit)  # somebody waited for less time than the source is given
        else:
            _count(permit, error)
        raise
    except (RateLimited, Blocked) as error:
        breaker.succeeded(permit)
        _stop_everybody(permit.source, error)
        raise
    except NotConfigured as error:
        breaker.succeeded(permit)
        if spec.on_trial:
            raise
        error.until = now().wall + timedelta(seconds=pauses.DAY)
        pauses.refuse_credentials(permit.source, spec.settings_key(), str(error))
        raise
    except GiveUp:  # an answer all the same: 404, other 4xx
        breaker.succeeded(permit)
        raise
    except BaseException:  # told to stop, or a bug: this says nothing about the source
        breaker.release(permit)
        raise
    breaker.succeeded(permit)


def _count(permit: Permit, error: Transient | Stalled | BadContent) -> None:
    breaker.failed(permit, str(error))
    if isinstance(error, BadContent):
        return
    error.again_in = random.uniform(*SOON)  # noqa: S311  jitter
    if isinstance(error, Transient) and error.retry_after is not None:
        _stop_everybody(permit.source, error)


def _stop_everybody(name: str, error: Transient | RateLimited | Blocked) -> None:
    first = WALL if isinstance(error, Blocked) else UNNAMED
    kind = Blocked if isinstance(error, Blocked) else RateLimited
    seconds = pauses.pause(name, kind, str(error), asked=error.retry_after, first=first)
    error.until = now().wall + timedelta(seconds=seconds)
    if not isinstance(error, Blocked):
        error.again_in = seconds
