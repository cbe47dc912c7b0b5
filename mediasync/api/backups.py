"""Backups: which there are, and one more now. Taking one away needs a password, at the System page."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router, Schema
from pydantic import Field

from mediasync.api.auth import actor_of
from mediasync.api.door import acts, reads
from mediasync.api.jobs import JobRow, latest_job
from mediasync.api.paging import Asked, Key, Page, page
from mediasync.api.shapes import looks_like
from mediasync.backups import place, scheduled
from mediasync.keys import Scope
from mediasync.models import Backup

router = Router(tags=["system"])
NEWEST = (Key("at", down=True), Key("id", down=True))
COLUMNS = ("id", "at", "kind", "file", "bytes", "verified_at", "ok", "message")


class BackupRow(Schema):
    """A try of a backup. `file` is empty where none was made, and `message` says why."""

    id: int
    at: datetime
    kind: str
    file: str
    size_bytes: int
    verified_at: datetime | None = Field(
        description="When it was restored into a scratch place, to see that it can be."
    )
    ok: bool
    message: str

    model_config = looks_like(
        {
            "id": 9,
            "at": "2026-11-22T01:30:00Z",
            "kind": "daily",
            "file": "/data/backups/mediasync-20261122-013000.zip",
            "size_bytes": 10485760,
            "verified_at": "2026-11-22T01:30:12Z",
            "ok": True,
            "message": "48 tables, 120000 rows, restored into a scratch place",
        }
    )


@reads(router, "/backups", Page[BackupRow])
def list_backups(request: HttpRequest, response: HttpResponse, filters: Query[Asked]) -> Any:
    """List the backups.

    Newest first, those that failed too.
    """
    return page(request, response, Backup.objects.values(*COLUMNS), NEWEST, filters, count=True, shape=_rows)


@acts(router, "/backups", {202: JobRow}, scope=Scope.ADMIN, errors=[409])
def back_up_now(request: HttpRequest) -> Any:
    """Back up now.

    Before everything else that waits. The answer is its job; a second one joins it.
    """
    scheduled.ask(actor=actor_of(request))
    return latest_job(scheduled.KIND, place.BY_HAND)


def _rows(found: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [{**row, "size_bytes": row["bytes"]} for row in found]
