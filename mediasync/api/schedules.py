"""Work that comes back by itself."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.http import HttpRequest
from ninja import Path, Router, Schema
from pydantic import Field

from jobs import schedules
from jobs.models import Schedule
from mediasync.api import problems
from mediasync.api.auth import actor_of
from mediasync.api.door import acts, reads
from mediasync.api.jobs import JobRow, latest_job
from mediasync.api.paging import Id
from mediasync.api.shapes import looks_like
from mediasync.keys import Scope

router = Router(tags=["system"])
EXAMPLE = {
    "id": 3,
    "name": "daily backup",
    "kind": "mediasync.backup",
    "key": "daily",
    "every_seconds": None,
    "daily_at": "02:30",
    "enabled": True,
    "next_run_at": "2026-11-23T01:30:00Z",
    "last_run_at": "2026-11-22T01:30:00Z",
    "last_error": "",
}


class ScheduleRow(Schema):
    """Work that comes back every so many seconds, or daily at a time of the household's clock."""

    id: int
    name: str
    kind: str = Field(description="Of its jobs.")
    key: str
    every_seconds: int | None
    daily_at: str | None = Field(description="Hours and minutes, as in 02:30.")
    enabled: bool
    next_run_at: datetime | None = Field(description="Null while it is switched off.")
    last_run_at: datetime | None
    last_error: str

    model_config = looks_like(EXAMPLE)


@reads(router, "/schedules", list[ScheduleRow])
def list_schedules(request: HttpRequest) -> Any:
    """List the schedules.

    All of them, by name: they are made when the workers start.
    """
    return [_row(schedule) for schedule in Schedule.objects.order_by("name")]


@acts(router, "/schedules/{pk}/run", {202: JobRow}, scope=Scope.ADMIN, errors=[409])
def run_schedule(request: HttpRequest, pk: Path[Id]) -> Any:
    """Run a schedule now.

    Before everything else that waits; its next run stays where it is. The answer is its job.
    """
    schedule = _get(pk)
    schedules.run_now(schedule, actor=actor_of(request))
    return latest_job(schedule.kind, schedule.key)


@acts(router, "/schedules/{pk}/switch-on", {200: ScheduleRow}, scope=Scope.ADMIN)
def switch_schedule_on(request: HttpRequest, pk: Path[Id]) -> Any:
    """Switch a schedule on.

    At the times it had before. Nothing happens where it is on.
    """
    schedule = _get(pk)
    if not schedule.enabled:
        schedules.change(
            schedule, actor=actor_of(request), every_s=schedule.every_s, daily_at=schedule.daily_at, enabled=True
        )
    return _row(schedule)


def _get(pk: int) -> Schedule:
    schedule = Schedule.objects.filter(pk=pk).first()
    if schedule is None:
        raise problems.missing(f"schedule {pk}")
    return schedule


def _row(schedule: Schedule) -> dict[str, Any]:
    same = ("id", "name", "kind", "key", "enabled", "last_run_at", "last_error")
    return {
        **{name: getattr(schedule, name) for name in same},
        "every_seconds": schedule.every_s,
        "daily_at": f"{schedule.daily_at:%H:%M}" if schedule.daily_at else None,
        "next_run_at": schedule.next_run_at if schedule.enabled else None,
    }
