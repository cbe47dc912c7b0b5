"""The breaker of a source: closed, open after failures in a row, half-open with exactly one probe.

Every change of circuit raises the epoch; results of requests taken under an older one change nothing.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction

from journal.moves import record
from outbound import holds
from outbound.budget import Permit, now
from outbound.clock import Moment
from outbound.errors import CircuitOpen
from outbound.models import Source
from outbound.waits import Wait

LONGEST = 3600.0  # seconds a circuit stays open at most, however often the probe failed
PROBE_GRACE = 5.0  # seconds beyond its timeout after which a prober counts as dead
PROBE_LOOK = 0.25  # seconds between two looks at somebody else's probe
Circuit = Source.Circuit


def obstacle(source: Source, moment: Moment, *, early: bool = False) -> Wait | None:
    """Return why the circuit lets nothing through at this moment; None where it does or wants a probe.

    A person's test is such a probe, `early`, while nobody else's is under way.
    """
    if source.circuit == Circuit.CLOSED or (early and source.circuit == Circuit.OPEN):
        return None
    if source.circuit == Circuit.OPEN:
        left = _left(source.open_until, moment, longest=open_seconds(source.opened_times))
    else:  # the probe may be answered at any moment: wait in place, look often
        left = min(PROBE_LOOK, _left(source.probe_until, moment, longest=600 + PROBE_GRACE))
    return Wait(left, moment, CircuitOpen, _reason(source)) if left > 0 else None


def open_seconds(times: int) -> float:
    """Return how long the circuit stays open after that many openings in a row."""
    seconds: float = settings.CIRCUIT_BREAKER_TIMEOUT * 2.0 ** max(0, min(times - 1, 20))
    return min(seconds, max(LONGEST, settings.CIRCUIT_BREAKER_TIMEOUT))


def begin_probe(source: Source, moment: Moment, *, timeout: float, by: str) -> None:
    """Turn half-open for one probe with a lease of its own; `source` is locked and has no obstacle."""
    source.circuit = Circuit.HALF_OPEN
    source.probe_by = by
    source.probe_until = moment.wall + timedelta(seconds=timeout + PROBE_GRACE)
    source.epoch += 1
    source.save(update_fields=["circuit", "probe_by", "probe_until", "epoch", "updated_at"])


def succeeded(permit: Permit) -> None:
    """An answer below 500 shows life: close the circuit and forget the failures.

    Writes nothing while there is nothing to forget.
    """
    if not Source.objects.filter(pk=permit.source, epoch=permit.epoch).exclude(failures=0, circuit="closed").exists():
        return
    with transaction.atomic(durable=True):
        source = _locked(permit)
        if source is None:
            return
        was_closed = source.circuit == Circuit.CLOSED
        close(source)
        if not was_closed:
            record(source, reason="A probe was answered: the circuit is closed again.", new=Circuit.CLOSED)


def failed(permit: Permit, reason: str) -> None:
    """Count a failure; open the circuit at the threshold, or again and longer after a probe.

    A person's test only tells: it neither counts nor makes an open circuit stay open longer.
    """
    if permit.is_test:
        _test_failed(permit, reason)
        return
    moment = now()
    with transaction.atomic(durable=True):
        source = _locked(permit)
        if source is None:
            return
        source.failures += 1
        source.last_error, source.last_error_at = reason, moment.wall
        source.save(update_fields=["failures", "last_error", "last_error_at", "updated_at"])
        if permit.is_probe or source.failures >= settings.CIRCUIT_BREAKER_THRESHOLD:
            _open(source, moment, reason)


def _test_failed(permit: Permit, reason: str) -> None:
    with transaction.atomic(durable=True):
        source = _locked(permit)
        if source is None:
            return
        source.last_error, source.last_error_at = reason, now().wall
        if permit.is_probe and source.circuit == Circuit.HALF_OPEN:
            source.circuit, source.epoch = Circuit.OPEN, source.epoch + 1
        source.save(update_fields=["last_error", "last_error_at", "circuit", "epoch", "updated_at"])


def release(permit: Permit) -> None:
    """Let another probe at once: this one was told to stop, or was never sent."""
    if permit.is_probe:
        Source.objects.filter(pk=permit.source, epoch=permit.epoch, circuit=Circuit.HALF_OPEN).update(probe_until=None)


def close(source: Source) -> None:
    """Close the circuit and forget the failures; belongs in the transaction that locked `source`."""
    if source.circuit != Circuit.CLOSED:
        source.epoch += 1
    source.circuit, source.failures, source.opened_times = Circuit.CLOSED, 0, 0
    source.open_until = source.probe_until = None
    source.probe_by = ""
    source.save()
    holds.renew(source, now())


def _locked(permit: Permit) -> Source | None:
    """Lock the source if it is still in the epoch of the permit."""
    return Source.objects.select_for_update().filter(pk=permit.source, epoch=permit.epoch).first()


def _open(source: Source, moment: Moment, reason: str) -> None:
    source.opened_times += 1
    seconds = open_seconds(source.opened_times)
    source.circuit, source.epoch = Circuit.OPEN, source.epoch + 1
    source.open_until = moment.wall + timedelta(seconds=seconds)
    source.save(update_fields=["circuit", "epoch", "opened_times", "open_until", "updated_at"])
    facts = {"failures": source.failures, "seconds": seconds}
    record(source, reason=f"{_reason(source)} Last: {reason}", new=Circuit.OPEN, facts=facts)
    holds.renew(source, moment)


def _left(until: datetime | None, moment: Moment, *, longest: float) -> float:
    """Return the seconds left; 0 where it lies further ahead than it was set: the clock went back."""
    left = (until - moment.wall).total_seconds() if until else 0.0
    return left if left <= longest + 1 else 0.0


def _reason(source: Source) -> str:
    return f"it failed {source.failures} times in a row, so nothing is sent for a while."
