"""Looking through the folders: start, watch, stop, and decide about what a held scan misses."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any, Literal

from django.http import HttpRequest, HttpResponse
from ninja import Path, Query, Router, Schema
from pydantic import Field

from mediasync.api import auth, problems
from mediasync.api.auth import actor_of
from mediasync.api.door import acts, reads
from mediasync.api.paging import NEWEST, Asked, Id, Page, page
from mediasync.api.shapes import accepts, looks_like
from mediasync.keys import Scope
from scanner.models import Library, Scan
from scanner.services import scans

router = Router(tags=["scans"])
MOVED_ON = "This scan has moved on in the meantime."
State = Literal["open", "held", "done", "stopped", "failed"]
Mode = Literal["quick", "dirs", "refresh", "full"]
EXAMPLE = {
    "id": 12,
    "library": "Films",
    "library_id": 1,
    "mode": "quick",
    "state": "done",
    "reason": "3 files are new",
    "actor": "anna",
    "files": 1200,
    "new": 3,
    "changed": 0,
    "missing": 0,
    "moved": 0,
    "unchanged": 1197,
    "errors": 0,
    "lost": 0,
    "walk_seconds": 0.4,
    "seconds": 1.2,
    "created_at": "2026-11-22T21:45:00Z",
    "ended_at": "2026-11-22T21:45:01Z",
}


class ScanRow(Schema):
    """A walk of one library, or a refresh of stale titles (then `library` is null). `lost`: files that are held."""

    id: int
    library: str | None
    library_id: int | None
    mode: Mode
    state: State
    reason: str
    actor: str
    files: int
    new: int
    changed: int
    missing: int
    moved: int
    unchanged: int
    errors: int
    lost: int
    walk_seconds: float | None
    seconds: float | None
    created_at: datetime
    ended_at: datetime | None

    model_config = looks_like(EXAMPLE)


class Progress(Schema):
    """How far a scan is, with all that follows from it."""

    phase: str
    done: int
    total: int | None
    rate: float | None = Field(description="Units a second.")
    eta_seconds: float | None

    model_config = looks_like({"phase": "describing", "done": 20, "total": 60, "rate": 3.2, "eta_seconds": 12.5})


class ScanFull(ScanRow):
    """One scan, with its progress, the counts of each top folder and what could not be read."""

    progress: Progress
    folders: dict[str, Any]
    troubles: list[Any]

    model_config = looks_like(
        {
            **EXAMPLE,
            "progress": {"phase": "done", "done": 3, "total": 3, "rate": None, "eta_seconds": 0.0},
            "folders": {"A": {"files": 12}},
            "troubles": [],
        }
    )


class ScanFilters(Asked):
    """Which scans."""

    state: State | None = Field(None, description="Scans in one state.")
    mode: Mode | None = Field(None, description="Scans of one mode.")
    library: Id | None = Field(None, description="Scans of one library.")


class ScanAsked(Schema):
    """What is to be scanned."""

    libraries: list[Id] = Field([], max_length=100, description="Ids of libraries; none: all of them.")
    mode: Mode = Field("quick", description="`full` describes every title afresh, `refresh` walks nothing.")

    model_config = accepts({"libraries": [1], "mode": "quick"})


class Started(Schema):
    """The scans that run now; one that ran already was joined."""

    scans: list[ScanRow]


@reads(router, "/scans", Page[ScanRow])
def list_scans(request: HttpRequest, response: HttpResponse, filters: Query[ScanFilters]) -> Any:
    """List scans.

    Newest first.
    """
    found = Scan.objects.select_related("library").filter(library__removed_at=None).defer("folders", "troubles")
    for name in ("state", "mode", "library"):
        if value := getattr(filters, name):
            found = found.filter(**{name: value})
    return page(request, response, found, NEWEST, filters, count=True, shape=rows)


@acts(router, "/scans", {202: Started}, errors=[409])
def start_scan(request: HttpRequest, asked: ScanAsked) -> Any:
    """Start a scan.

    Of the libraries named, or of all. A running scan is joined. Modes other than `quick` need the scope `admin`.
    409 where there is no library yet.
    """
    if asked.mode != "quick":
        auth.needs(request, Scope.ADMIN)
    chosen = Library.objects.filter(pk__in=asked.libraries) if asked.libraries else Library.objects.all()
    found = list(chosen)
    unknown = sorted(set(asked.libraries) - {library.pk for library in found})
    if unknown:
        raise problems.invalid("body", "libraries", f"there is no library {unknown[0]}.")
    if not found and asked.mode != "refresh":
        raise problems.moved_on("There is no library to scan yet: add one first.")
    return {"scans": rows(scans.start(found, mode=asked.mode, actor=actor_of(request)))}


@reads(router, "/scans/{pk}", ScanFull)
def get_scan(request: HttpRequest, pk: Path[Id]) -> Any:
    """Get a scan.

    With its progress; `eta_seconds` counts all that follows from it.
    """
    return _shown(pk)


@acts(router, "/scans/{pk}/stop", {202: ScanFull}, errors=[409])
def stop_scan(request: HttpRequest, pk: Path[Id]) -> Any:
    """Stop a scan.

    Also what follows from it. The files that a held one misses are kept. 409 where nothing is left to stop.
    """
    return _decided(pk, lambda scan: scan.state == Scan.State.STOPPED, scans.stop, request)


@acts(router, "/scans/{pk}/confirm", {202: ScanFull}, scope=Scope.ADMIN, errors=[409])
def confirm_scan(request: HttpRequest, pk: Path[Id]) -> Any:
    """Confirm what a held scan misses.

    Those files, and no others, are taken for gone. 409 where the scan is not held.
    """
    return _decided(pk, lambda scan: scan.losses_confirmed, scans.confirm, request)


@acts(router, "/scans/{pk}/refuse", {202: ScanFull}, errors=[409])
def refuse_scan(request: HttpRequest, pk: Path[Id]) -> Any:
    """Keep what a held scan misses.

    It ends, and the next scan asks again. 409 where the scan is not held.
    """
    return _decided(pk, lambda scan: scan.state == Scan.State.STOPPED, scans.refuse, request)


def _decided(pk: int, is_so: Any, decide: Any, request: HttpRequest) -> dict[str, Any]:
    """Decide about a scan; asked for again it stays as it was decided."""
    scan = _get(pk)
    if not is_so(scan) and not decide(scan, actor=actor_of(request)):
        raise problems.moved_on(MOVED_ON)
    return _shown(pk)


def rows(found: Iterable[Scan]) -> list[dict[str, Any]]:
    """Return scans as they are answered; their libraries are read with them."""
    return [_row(scan) for scan in found]


def _row(scan: Scan) -> dict[str, Any]:
    names = [name for name in ScanRow.model_fields if name not in ("library", "lost", "seconds")]
    return {
        **{name: getattr(scan, name) for name in names},
        "library": scan.library.name if scan.library else None,
        "lost": len(scan.losses) if scan.state == Scan.State.HELD and isinstance(scan.losses, list) else 0,
        "seconds": (scan.ended_at - scan.created_at).total_seconds() if scan.ended_at else None,
    }


def _get(pk: int) -> Scan:
    scan = Scan.objects.select_related("library").filter(pk=pk, library__removed_at=None).first()
    if scan is None:
        raise problems.missing(f"scan {pk}")
    return scan


def _shown(pk: int) -> dict[str, Any]:
    scan = _get(pk)
    seen = scans.progress(scan)
    progress = {name: getattr(seen, name) for name in Progress.model_fields}
    troubles = scan.troubles if isinstance(scan.troubles, list) else []
    folders = scan.folders if isinstance(scan.folders, dict) else {}
    return {**_row(scan), "progress": progress, "folders": folders, "troubles": troubles}
