"""What folders and files are believed to be, and what a person says of it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any, Literal

from django.db.models import F, QuerySet, Window
from django.db.models.functions import RowNumber
from django.http import HttpRequest, HttpResponse
from ninja import Path, Query, Router, Schema
from pydantic import Field

from mediasync.api import problems
from mediasync.api.door import reads
from mediasync.api.events import EventRow, latest
from mediasync.api.paging import Asked, Id, Key, Page, Text, page
from mediasync.api.shapes import looks_like
from scanner.models import Match, MediaFile
from scanner.services.offers import Offer, offers

router = Router(tags=["matches"])
State = Literal["NEW", "MATCHED", "UNMATCHED", "IGNORED"]
Kind = Literal["movie", "show"]
FILES, EVENTS = 200, 10
EXAMPLE = {
    "id": 44,
    "library": "Films",
    "library_id": 1,
    "key": "Harbour Lights (2021)",
    "folder": "Harbour Lights (2021)",
    "kind": "movie",
    "name": "Harbour Lights",
    "year": 2021,
    "ids": {},
    "state": "MATCHED",
    "by": "search",
    "locked": False,
    "title_id": 17,
    "title": "Harbour Lights",
    "score": 100.0,
    "reason": "same name, same year",
    "looked_at": "2026-11-01T10:06:00Z",
    "created_at": "2026-11-01T10:05:00Z",
}
CANDIDATE = {
    "kind": "movie",
    "tmdb_id": 603,
    "name": "Harbour Lights",
    "year": 2021,
    "score": 94.0,
    "reason": "same name, year off by one",
    "overview": "A keeper of a lighthouse …",
    "address": "https://www.themoviedb.org/movie/603",
}


class Candidate(Schema):
    """What a match could be; `score` is out of 100, for the name and year it was looked for by."""

    kind: Kind
    tmdb_id: int
    name: str
    year: int | None
    score: float
    reason: str
    overview: str
    address: str

    model_config = looks_like(CANDIDATE)


class FileRow(Schema):
    """A file in short; /items/{id} has the rest."""

    id: int
    path: str = Field(description="Relative to the library.")
    state: str
    size_bytes: int

    model_config = looks_like(
        {"id": 501, "path": "Harbour Lights (2021)/a.mkv", "state": "INDEXED", "size_bytes": 4294967296}
    )


class MatchRow(Schema):
    """What a folder, or a stem in a shared folder, is believed to be, by what, and why."""

    id: int
    library: str
    library_id: int
    key: str
    folder: str
    kind: Kind
    name: str
    year: int | None
    ids: dict[str, Any] = Field(description="Ids found in names.")
    state: State
    by: Literal["", "name", "tag", "nfo", "search", "hand"]
    locked: bool
    title_id: int | None
    title: str | None
    score: float | None
    reason: str
    looked_at: datetime | None
    created_at: datetime
    candidates: list[Candidate] | None = Field(None, description="With include=candidates.")
    files: list[FileRow] | None = Field(None, description="With include=files: the first 200.")
    events: list[EventRow] | None = Field(None, description="With include=events: the last 10.")

    model_config = looks_like(EXAMPLE)


class IncludedInMatches(Schema):
    """What one match is answered with."""

    include: str = Field(
        "",
        pattern=r"^((candidates|files|events)(,(candidates|files|events))*)?$",
        description="More, by commas: candidates, files, events.",
    )


class MatchFilters(Asked, IncludedInMatches):
    """Which matches."""

    state: State | None = Field(None, description="Matches in one state; UNMATCHED are those that wait for a person.")
    kind: Kind | None = Field(None, description="Movies or shows.")
    library: Id | None = Field(None, description="Matches of one library.")
    title: Id | None = Field(None, description="Matches of one title.")
    locked: bool | None = Field(None, description="Whether no scan changes them.")
    q: Text = Field("", description="Part of the name or the folder, in any case.")


@reads(router, "/matches", Page[MatchRow])
def list_matches(request: HttpRequest, response: HttpResponse, filters: Query[MatchFilters]) -> Any:
    """List matches.

    By folder. `state=UNMATCHED` is what the Unmatched page shows.
    """
    found = known(filters.include)
    for name in ("kind", "library", "title", "locked"):
        if (value := getattr(filters, name)) is not None:
            found = found.filter(**{name: value})
    if filters.state:
        found = found.filter(state=filters.state.lower())
    if words := filters.q.strip():
        found = found.filter(key__icontains=words) | found.filter(name__icontains=words)
    keys = (Key("key"), Key("id"))
    return page(request, response, found, keys, filters, count=True, shape=lambda rows_: rows(rows_, filters.include))


@reads(router, "/matches/{pk}", MatchRow)
def get_match(request: HttpRequest, pk: Path[Id], asked: Query[IncludedInMatches]) -> Any:
    """Get a match.

    `include=candidates` adds what it could be, best first.
    """
    return shown(pk, asked.include)


def known(include: str = "") -> QuerySet[Match]:
    """Return the matches of libraries that nobody has removed."""
    found = Match.objects.filter(library__removed_at=None).select_related("library", "title")
    titles = [f"title__{name}" for name in ("overview", "details", "genres")]
    return found.defer("sidecars", *titles, *(() if "candidates" in include else ("candidates",)))


def one(pk: int, include: str = "") -> Match:
    """Return a match. Raises Problem."""
    match = known(include).filter(pk=pk).first()
    if match is None:
        raise problems.missing(f"match {pk}")
    return match


def shown(pk: int, include: str = "") -> dict[str, Any]:
    """Return a match as it is answered."""
    return rows([one(pk, include)], include)[0]


def rows(found: Iterable[Match], include: str = "") -> list[dict[str, Any]]:
    """Return matches as they are answered: one query for each thing included, however many there are."""
    read, asked = list(found), set(include.split(",")) - {""}
    told = [_row(match) for match in read]
    ids = [match.pk for match in read]
    files = files_of(ids) if "files" in asked else {}
    events = latest([f"scanner.match:{pk}" for pk in ids], EVENTS) if "events" in asked else {}
    for match, row in zip(read, told, strict=True):
        if "candidates" in asked:
            row["candidates"] = [candidate(offer) for offer in offers(match)]
        if "files" in asked:
            row["files"] = files.get(match.pk, [])
        if "events" in asked:
            row["events"] = events.get(f"scanner.match:{match.pk}", [])
    return told


def candidate(offer: Offer) -> dict[str, Any]:
    """Return a candidate as it is answered."""
    same = {name: getattr(offer, name) for name in ("name", "year", "score", "reason", "overview", "address")}
    return {**same, "kind": offer.value.partition(":")[0], "tmdb_id": offer.id}


def files_of(ids: Iterable[int]) -> dict[int, list[dict[str, Any]]]:
    """Return the first files of each match, in one query."""
    return first_files(MediaFile.objects.filter(match__in=list(ids)), "match")


def first_files(files: QuerySet[MediaFile, Any], whose: str) -> dict[int, list[dict[str, Any]]]:
    """Return the first `files` by what they belong to, `FILES` of each at most, in one query."""
    place = Window(RowNumber(), partition_by=[F(whose)], order_by="path")
    shown = MediaFile.objects.with_shown_state().filter(pk__in=files.annotate(place=place).filter(place__lte=FILES))
    found: dict[int, list[dict[str, Any]]] = {}
    for owner, pk, path, state, size in shown.order_by("path").values_list(
        whose, "pk", "path", "shown_state", "size_bytes"
    ):
        found.setdefault(owner, []).append({"id": pk, "path": path, "state": state.upper(), "size_bytes": size})
    return found


def _row(match: Match) -> dict[str, Any]:
    same = ("id", "library_id", "key", "folder", "kind", "name", "year", "by", "locked", "title_id", "score", "reason")
    return {
        **{name: getattr(match, name) for name in same},
        "library": match.library.name,
        "ids": match.ids if isinstance(match.ids, dict) else {},
        "state": match.state.upper(),
        "title": match.title.name if match.title else None,
        "looked_at": match.looked_at,
        "created_at": match.created_at,
    }
