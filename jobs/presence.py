"""Which drains live: their rows, their processes, and what tells a process from a later one of its number."""

from __future__ import annotations

import hashlib
import os
import platform
import secrets
from datetime import timedelta
from functools import cache
from pathlib import Path

import psutil
from django.conf import settings

from jobs import clock
from jobs.models import Drain

SILENT_S = 60  # without a heartbeat for longer, a drain counts as dead
FORGET_S = 600  # rows of drains of other nodes are kept for so long


@cache
def node() -> str:
    """Return the name of this node: this machine's data directory."""
    return f"{platform.node()[:30]}:{hashlib.sha256(str(settings.DATA_DIR).encode()).hexdigest()[:8]}"


def process_started(pid: int) -> float | None:
    """Return when a live process started, seconds since the machine did; None when it is gone or a zombie.

    Unlike the wall clock this cannot be set, so a process is recognised for sure.
    """
    try:
        stat = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace")
    except FileNotFoundError:
        return None if Path("/proc/self/stat").exists() else _started_elsewhere(pid)
    except OSError:
        return None
    state, *rest = stat.rpartition(") ")[2].split()
    return None if state in "ZX" else int(rest[18]) / os.sysconf("SC_CLK_TCK")


def register(role: str, *, ticket: str = "") -> Drain:
    """Write the row of this process as a drain."""
    pid = os.getpid()
    return Drain.objects.create(
        name=f"{platform.node()[:30]}-{pid}-{secrets.token_hex(3)}",
        role=role,
        ticket=ticket,
        node=node(),
        pid=pid,
        pid_started=process_started(pid) or 0,
        started_at=clock.now(),
        beat_at=clock.now(),
        version=settings.VERSION,
    )


def send_signal(drain: Drain, number: int) -> None:
    """Send a signal to the process of a drain of this node, if it is still the same process."""
    if lives(drain):
        os.kill(drain.pid, number)


def live() -> int:
    """Return the number of drains that share the pools now, at least 1."""
    fresh = clock.now() - timedelta(seconds=SILENT_S)
    return max(1, Drain.objects.exclude(role=Drain.Role.ALONE).filter(beat_at__gt=fresh).count())


def of_this_node() -> list[Drain]:
    """Return the drains of this node, dead ones too."""
    return list(Drain.objects.filter(node=node()))


def lives(drain: Drain) -> bool:
    """Tell whether the process of a drain of this node is there, and is still the same one."""
    return process_started(drain.pid) == drain.pid_started


def dead() -> list[Drain]:
    """Return the drains of this node whose process is gone."""
    return [drain for drain in of_this_node() if not lives(drain)]


def forget_dead() -> None:
    """Delete the rows of this node's dead drains; only after their leases have come back."""
    Drain.objects.filter(pk__in=[drain.pk for drain in dead()]).delete()


def forget_silent() -> None:
    """Delete the rows of drains that nobody has heard of for long, such as those of a node that is gone."""
    Drain.objects.filter(beat_at__lt=clock.now() - timedelta(seconds=FORGET_S)).delete()


def _started_elsewhere(pid: int) -> float | None:
    """Ask psutil where there is no /proc (macOS)."""
    try:
        process = psutil.Process(pid)
        return None if process.status() == psutil.STATUS_ZOMBIE else process.create_time()
    except psutil.Error:
        return None
