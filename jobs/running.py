"""The job that this thread works on: its end, its progress, and how it learns that it must stop."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from django.db import transaction

from jobs import lease
from jobs import stopping as process
from jobs.claim import Claim
from jobs.errors import Interrupted
from jobs.models import Job
from journal import tracing

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a long job is; `speed` in units a second."""

    done: int | None = None
    total: int | None = None
    unit: str = ""
    speed: float | None = None


@dataclass(slots=True, eq=False)
class Running:
    """One claimed job while a thread works on it; shared with the drain that watches over it."""

    claim: Claim
    started: float = field(default_factory=time.monotonic)
    beat: float = field(default_factory=time.monotonic)
    progress: Progress = field(default_factory=Progress)
    written: Progress = field(default_factory=Progress)
    ended: bool = False
    in_ending: bool = False
    told: threading.Event = field(default_factory=threading.Event)
    told_at: float = 0
    bug: Exception | None = None
    _closers: list[Callable[[], None]] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def job_id(self) -> int:
        """The row of the job."""
        return self.claim.job_id

    @property
    def kind(self) -> str:
        """What is done."""
        return self.claim.kind

    @property
    def key(self) -> str:
        """What it is done to."""
        return self.claim.key

    @property
    def priority(self) -> int:
        """Who asked, as it was when the job was claimed."""
        return self.claim.priority

    @property
    def origin(self) -> str:
        """What caused the job, such as "scan:12"."""
        return self.claim.origin

    @property
    def token(self) -> str:
        """The value of `leased_by` that guards this run."""
        return self.claim.token

    def write_progress(self) -> None:
        """Write the progress that is not on the row yet."""
        now = self.progress
        if now != self.written:
            mine = Job.objects.filter(pk=self.job_id, leased_by=self.token)
            mine.update(done_units=now.done, total_units=now.total, unit=now.unit, speed=now.speed)
            self.written = now

    def finish(self) -> bool:
        """Write the job's end as done; False when it has ended before or is no longer ours."""
        self.write_progress()
        return not self.ended and lease.finish(self.claim)

    def tell_to_stop(self) -> None:
        """Have the job stop: its next look raises `Interrupted`, its sockets are shut now."""
        with self._lock:
            if self.told.is_set():
                return
            self.told_at = time.monotonic()
            self.told.set()
            closers = tuple(self._closers)
        for close in closers:
            _call(close)

    def add_closer(self, close: Callable[[], None]) -> None:
        """Have `close` called when the job must stop; raises `Interrupted` if that has been said already."""
        with self._lock:
            if self.told.is_set():
                raise Interrupted("the job was told to stop")
            self._closers.append(close)

    def remove_closer(self, close: Callable[[], None]) -> None:
        """Forget a closer whose socket is done with."""
        with self._lock:
            self._closers.remove(close)


def _call(close: Callable[[], None]) -> None:
    """Shut one socket; whatever goes wrong there must not stop the drain that looks after the others."""
    try:
        close()
    except Exception:
        log.exception("shutting what a job had open")


_thread = threading.local()


def current() -> Running | None:
    """Return the job this thread works on."""
    return getattr(_thread, "running", None)


@contextmanager
def bound(running: Running) -> Iterator[None]:
    """Make `running` the job of this thread."""
    _thread.running = running
    try:
        with tracing.saying(job=running.job_id, work=f"{running.kind} {running.key}"):
            yield
    finally:
        _thread.running = None


@contextmanager
def ending() -> Iterator[None]:
    """Open the transaction that writes what was reached and ends the current job, both or neither.

    Raises `Interrupted`, with everything in it rolled back, when the job is no longer ours. Outside a
    job, and inside another `ending`, it is a plain transaction.
    """
    running = current()
    if running is None or running.in_ending:
        with transaction.atomic():
            yield
        return
    running.in_ending = True
    try:
        with transaction.atomic():
            yield
            if not running.finish():
                raise Interrupted("the job is no longer ours")
        running.ended = True
    finally:
        running.in_ending = False


def beat(*, done: int | None = None, total: int | None = None, unit: str = "") -> None:
    """Say that the job is alive and how far it is; the drain writes it down about once a second."""
    running = current()
    if running is None:
        return
    running.beat = time.monotonic()
    if done is not None:
        elapsed = running.beat - running.started
        running.progress = Progress(done, total, unit, done / elapsed if elapsed > 1 else None)


def check() -> None:
    """Raise `Interrupted` when the job was cancelled or taken over, or the process is to end."""
    running = current()
    if running is not None and (running.told.is_set() or process.asked()):
        raise Interrupted("the job was told to stop")


def stopping() -> bool:
    """Tell whether the current job, or the process, has been asked to end."""
    running = current()
    return process.asked() or (running is not None and running.told.is_set())


@contextmanager
def interruptible(close: Callable[[], None]) -> Iterator[None]:
    """Have `close` called from another thread when the current job must stop, as long as this is open."""
    running = current()
    if running is None:
        yield
        return
    running.add_closer(close)
    try:
        yield
    finally:
        running.remove_closer(close)


def wait(seconds: float) -> None:
    """Sleep; raises `Interrupted` as soon as the job is told to stop."""
    running = current()
    if running is None:
        time.sleep(seconds)
    elif running.told.wait(seconds):
        raise Interrupted("the job was told to stop")


def still_mine() -> bool:
    """Look a last time, before a file is written, whether the current job is still ours."""
    running = current()
    if running is None:
        return True
    mine = Job.objects.filter(pk=running.job_id, leased_by=running.token, state=Job.State.LEASED)
    return not running.told.is_set() and mine.exists()
