"""Seasons and episodes of a show."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Annotated, Any, Literal

from django.http import HttpRequest, HttpResponse
from ninja import Path, Query, Router, Schema
from pydantic import Field

from mediasync.api import problems, title_parts, titles
from mediasync.api.door import reads
from mediasync.api.matches import FileRow
from mediasync.api.paging import Asked, Id, Key, Page, page
from mediasync.api.shapes import looks_like
from mediasync.api.title_parts import SeasonRow
from scanner.models import Episode, EpisodeFile, MediaFile
from scanner.strips import with_state

router = Router(tags=["titles"])
COLUMNS = (
    "id", "season", "number", "name", "overview", "air_date", "runtime_min", "tmdb_id", "type", "shown_state",
)  # fmt: skip
EXAMPLE = {
    "id": 900,
    "season": 1,
    "number": 1,
    "name": "Pilot",
    "overview": "",
    "air_date": "2019-03-01",
    "runtime_seconds": 2700,
    "tmdb_id": 70001,
    "type": "standard",
    "state": "AVAILABLE",
}


class EpisodeRow(Schema):
    """An episode. MISSING has aired and is on no disk; GONE was there; UPCOMING is still to air."""

    id: int
    season: int
    number: int
    name: str
    overview: str
    air_date: date | None
    runtime_seconds: int | None
    tmdb_id: int | None
    type: str
    state: Literal["AVAILABLE", "CHANGED", "ERROR", "GONE", "IGNORED", "MISSING", "UPCOMING"]
    files: list[FileRow] | None = Field(None, description="With include=files.")

    model_config = looks_like(EXAMPLE)


class EpisodeFilters(Asked):
    """Which episodes."""

    season: int | None = Field(None, ge=0, le=32767, description="Episodes of one season; 0 holds the specials.")
    include: Literal["", "files"] = Field("", description="`files` adds the files of each.")


@reads(router, "/titles/{pk}/seasons", list[SeasonRow])
def list_seasons(request: HttpRequest, pk: Path[Id]) -> Any:
    """List the seasons of a show.

    The specials come last. A movie has none.
    """
    titles.known(pk)
    return title_parts.seasons([pk]).get(pk, [])


@reads(router, "/titles/{pk}/seasons/{number}", SeasonRow)
def get_season(request: HttpRequest, pk: Path[Id], number: Path[Annotated[int, Field(ge=0, le=32767)]]) -> Any:
    """Get a season.

    How many of its episodes are there, missing or still to come.
    """
    titles.known(pk)
    for season in title_parts.seasons([pk]).get(pk, []):
        if season["number"] == number:
            return season
    raise problems.missing(f"season {number} of title {pk}")


@reads(router, "/titles/{pk}/episodes", Page[EpisodeRow])
def list_episodes(request: HttpRequest, response: HttpResponse, pk: Path[Id], filters: Query[EpisodeFilters]) -> Any:
    """List the episodes of a show.

    By season and number.
    """
    titles.known(pk)
    found = with_state(Episode.objects.filter(title=pk))
    if filters.season is not None:
        found = found.filter(season=filters.season)

    def shape(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
        files = _files(row["id"] for row in rows) if filters.include else {}
        return [_row(row) | ({"files": files.get(row["id"], [])} if filters.include else {}) for row in rows]

    keys = (Key("season"), Key("number"), Key("id"))
    return page(request, response, found.values(*COLUMNS), keys, filters, count=True, shape=shape)


def _row(row: dict[str, Any]) -> dict[str, Any]:
    minutes = row["runtime_min"]
    told = {name: row[name] for name in COLUMNS if name not in ("runtime_min", "shown_state")}
    return {
        **told,
        "state": row["shown_state"].upper(),
        "runtime_seconds": None if minutes is None else minutes * 60,
    }


def _files(ids: Iterable[int]) -> dict[int, list[dict[str, Any]]]:
    """Return the files of each episode, in two queries."""
    links = list(EpisodeFile.objects.filter(episode__in=list(ids)).values_list("episode_id", "file_id"))
    read: Any = MediaFile.objects.filter(pk__in={file for _episode, file in links}).with_shown_state()
    files = {
        pk: {"id": pk, "path": path, "state": state.upper(), "size_bytes": size}
        for pk, path, state, size in read.values_list("pk", "path", "shown_state", "size_bytes")
    }
    found: dict[int, list[dict[str, Any]]] = {}
    for episode, file in links:
        found.setdefault(episode, []).append(files[file])
    return found
