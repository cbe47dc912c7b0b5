"""Files, as `items --json` shows them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any, Literal

from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from ninja import Path, Query, Router, Schema
from pydantic import Field

from mediasync.api import problems
from mediasync.api.door import reads
from mediasync.api.paging import Asked, Id, Key, Page, Text, page
from mediasync.api.shapes import looks_like
from scanner import inventory
from scanner.listing import DAMAGED
from scanner.models import NOT_INDEXED, MediaFile, MediaInfo
from scanner.models.files import MediaFileQuerySet

router = Router(tags=["items"])
State = Literal["NEW", "INDEXED", "STALE", "CHANGED", "MISSING", "UNMATCHED", "ERROR"]
OWN = ("MISSING", "ERROR", "CHANGED")  # a file's own word goes before those of its match and its title
MORE = ("size_bytes", "mtime_ns", "first_seen_at", "missing_since", "version", "part", "last_error")
COLUMNS = ("id", *inventory.COLUMNS, *MORE, "library_id", "match_id")
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
EXAMPLE = {
    "id": 501,
    "path": "/media/films/Harbour Lights (2021)/Harbour Lights (2021).mkv",
    "library": "Films",
    "library_id": 1,
    "match_id": 44,
    "title_id": 17,
    "kind": "movie",
    "title": "Harbour Lights",
    "year": 2021,
    "ids": {"tmdb": 603, "imdb": "tt0133093", "tvdb": None},
    "season": None,
    "episodes": [],
    "state": "INDEXED",
    "reason": "same name, same year",
    "size_bytes": 4294967296,
    "modified_at": "2026-11-01T10:00:00Z",
    "first_seen_at": "2026-11-01T10:05:00Z",
    "missing_since": None,
    "version": "",
    "part": None,
    "extra": "",
    "last_error": "",
}


class Ids(Schema):
    """Ids at other services; an episode carries its show's."""

    tmdb: int | str | None
    imdb: int | str | None
    tvdb: int | str | None


class Media(Schema):
    """What a look into the file found; null and empty lists where nobody has looked yet."""

    duration_seconds: float | None
    width: int | None
    height: int | None
    resolution: str | None
    video_codec: str | None
    hdr: list[str]
    audio_languages: list[str]
    subtitle_languages: list[str]
    problem: str | None = Field(description="What is wrong with the file, if anything is.")

    model_config = looks_like(
        {
            "duration_seconds": 6720.5,
            "width": 3840,
            "height": 2160,
            "resolution": "2160p",
            "video_codec": "hevc",
            "hdr": ["HDR10"],
            "audio_languages": ["en", "de"],
            "subtitle_languages": ["de"],
            "problem": None,
        }
    )


class ItemRow(Schema):
    """A file. `state` is what a person sees of it: its own, else that of its match or title."""

    id: int
    path: str
    library: str
    library_id: int
    match_id: int | None
    title_id: int | None
    kind: Literal["movie", "episode", "extra"]
    title: str | None = Field(description="Of the movie or show.")
    year: int | None
    ids: Ids
    season: int | None
    episodes: list[int]
    state: State
    reason: str
    size_bytes: int
    modified_at: datetime | None
    first_seen_at: datetime
    missing_since: datetime | None
    version: str
    part: int | None
    extra: str = Field(description="trailer, sample, … or empty.")
    last_error: str
    media: Media | None = Field(None, description="With include=media.")

    model_config = looks_like(EXAMPLE)


class IncludedInItems(Schema):
    """What files are answered with."""

    include: Literal["", "media"] = Field("", description="`media` adds duration, picture, languages and faults.")


class ItemFilters(Asked, IncludedInItems):
    """Which files."""

    q: Text = Field("", description="Part of the path, in any case.")
    state: State | None = Field(None, description="Files in one state.")
    library: Id | None = Field(None, description="Files of one library.")
    title: Id | None = Field(None, description="Files of one movie or show.")
    match: Id | None = Field(None, description="Files of one match.")
    damaged: bool | None = Field(None, description="Whether a look into them found them broken; `media` says how.")


@reads(router, "/items", Page[ItemRow])
def list_items(request: HttpRequest, response: HttpResponse, filters: Query[ItemFilters]) -> Any:
    """List files.

    In the order in which they were first seen. Titles without a file are in /titles only.
    """
    found = MediaFile.objects.filter(library__removed_at=None)
    for name, column in (("library", "library"), ("title", "match__title"), ("match", "match")):
        if value := getattr(filters, name):
            found = found.filter(**{column: value})
    if filters.damaged is not None:
        found = found.filter(_broken()) if filters.damaged else found.exclude(_broken())
    if filters.q.strip():
        found = found.filter(path__icontains=filters.q.strip())
    if filters.state:
        found = _in_state(found, filters.state)
    # Counted before anything is read of them besides, which would cost ten times as much.
    many = found.count() if filters.state is None or filters.state in OWN else False
    return page(
        request,
        response,
        found.with_shown_state().values(*COLUMNS),
        (Key("id"),),
        filters,
        count=many,
        shape=lambda read: rows(read, filters.include),
    )


@reads(router, "/items/{pk}", ItemRow)
def get_item(request: HttpRequest, pk: Path[Id], asked: Query[IncludedInItems]) -> Any:
    """Get a file.

    With what it is believed to be, and why.
    """
    row = files().filter(pk=pk).values(*COLUMNS).first()
    if row is None:
        raise problems.missing(f"item {pk}")
    return rows([row], asked.include)[0]


def files() -> QuerySet[MediaFile]:
    """Return the files of libraries that nobody has removed, with the state that is shown."""
    return MediaFile.objects.with_shown_state().filter(library__removed_at=None)


def rows(found: Iterable[dict[str, Any]], include: str = "") -> list[dict[str, Any]]:
    """Return files read by COLUMNS as they are answered; one query for their ids."""
    read = list(found)
    return [_row(row, told, include) for row, told in zip(read, inventory.shaped(read), strict=True)]


def _row(row: dict[str, Any], told: dict[str, Any], include: str) -> dict[str, Any]:
    more = {"media": _media(told)} if include else {}
    return {
        **told,
        **{name: row[name] for name in MORE if name != "mtime_ns"},
        "id": row["id"],
        "library_id": row["library_id"],
        "match_id": row["match_id"],
        "title_id": row["match__title__pk"],
        "extra": row["extra"],
        "modified_at": _moment(row["mtime_ns"]),
        **more,
    }


def _media(told: dict[str, Any]) -> dict[str, Any]:
    """Return what is inside a file, its length by a name that says its unit."""
    return {"duration_seconds": told["duration"]} | {name: told[name] for name in Media.model_fields if name in told}


def _moment(nanoseconds: int) -> datetime | None:
    """A file's date may be anything; what no calendar knows is left out."""
    try:
        return EPOCH + timedelta(microseconds=nanoseconds // 1000)
    except OverflowError:
        return None


def _broken() -> Q:
    """Return what is looked for in the rows of broken files alone; those that are gone are not called so."""
    return Q(pk__in=MediaInfo.objects.filter(DAMAGED).values("pk")) & ~Q(state=MediaFile.State.MISSING)


def _in_state(found: MediaFileQuerySet, state: str) -> MediaFileQuerySet:
    if state in OWN:
        return found.filter(NOT_INDEXED, state=state.lower())
    shown, found = Q(shown_state=state.lower()), found.with_shown_state()
    return found.filter(shown & Q(match__state="unmatched")) if state == "UNMATCHED" else found.filter(shown)
