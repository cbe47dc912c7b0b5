"""Movies and shows."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Literal

from django.http import HttpRequest, HttpResponse
from ninja import Path, Query, Router, Schema
from pydantic import Field

from mediasync import whys
from mediasync.api import jobs, problems, title_parts
from mediasync.api.auth import actor_of
from mediasync.api.door import acts, reads
from mediasync.api.jobs import JobRow
from mediasync.api.paging import Asked, Id, Key, Page, Text, page
from mediasync.api.shapes import accepts, looks_like
from mediasync.api.title_parts import Parts
from mediasync.api.why import document
from scanner import letters, standings
from scanner.listing import DEAR, YEAR, LibraryQuery
from scanner.models import FormerTitle, Title, TitleId
from scanner.services import matches
from scanner.unmatched import waiting

router = Router(tags=["titles"])
State = Literal["NEW", "INDEXED", "STALE", "ERROR", "NEEDS", "GONE"]
Letter = Literal[("", *letters.KNOWN)]  # type: ignore[valid-type]
ID, NAME = Key("id"), Key("sort_name")
ORDERS = {
    "name": (NAME, ID),
    "added": (Key("created_at", down=True), Key("id", down=True)),
    "year": (Key("year", down=True, nullable=True), NAME, ID),
    "rating": (Key("rating", down=True, nullable=True), NAME, ID),
}
BRIEF = ("id", "kind", "state", "name", "year", "tmdb_id", "rating", "genres", "poster", "created_at", "described_at")
FULL = (
    *BRIEF, "original_name", "overview", "tagline", "released_on", "runtime_min", "certification", "status",
    "described_by", "refresh_at",
)  # fmt: skip
INCLUDE = "(seasons|files|matches|events|why)"
EXAMPLE = {
    "id": 17,
    "kind": "movie",
    "state": "INDEXED",
    "name": "Harbour Lights",
    "year": 2021,
    "tmdb_id": 603,
    "rating": 7.4,
    "genres": ["Drama"],
    "poster": "/artwork/" + "0" * 64 + "-342.webp",
    "created_at": "2026-11-01T10:05:00Z",
    "described_at": "2026-11-01T10:06:00Z",
}
FULL_EXAMPLE = {
    **EXAMPLE,
    "original_name": "",
    "overview": "A keeper of a lighthouse …",
    "tagline": "",
    "released_on": "2021-03-01",
    "runtime_seconds": 6300,
    "certification": "PG",
    "status": "Released",
    "described_by": "tmdb",
    "refresh_at": "2026-12-01T10:06:00Z",
    "ids": {"tmdb": "603", "imdb": "tt0133093"},
}


class TitleRow(Parts):
    """A movie or a show. `poster` is the address of a picture on this server, empty where there is none.

    `state` is what its page says. NEEDS and ERROR wait for a person: nobody knows for certain which title it is or its
    files cannot be read, and its description failed. GONE: none of its files is on disk.
    """

    id: int
    kind: Literal["movie", "show"]
    state: State
    name: str
    year: int | None
    tmdb_id: int | None
    rating: float | None
    genres: list[str]
    poster: str
    created_at: datetime
    described_at: datetime | None

    model_config = looks_like(EXAMPLE)


class TitleFull(TitleRow):
    """A movie or a show with its description."""

    original_name: str
    overview: str
    tagline: str
    released_on: date | None
    runtime_seconds: int | None
    certification: str
    status: str
    described_by: Literal["names", "nfo", "tmdb"]
    refresh_at: datetime | None
    ids: dict[str, str] = Field(description="At other services, by their name.")

    model_config = looks_like(FULL_EXAMPLE)


class IncludedInTitles(Schema):
    """What titles are answered with."""

    include: str = Field(
        "",
        pattern=rf"^({INCLUDE}(,{INCLUDE})*)?$",
        description="More, by commas: seasons, files, matches, events, why.",
    )


class TitleFilters(Asked, IncludedInTitles):
    """Which titles: the filters of the Library page."""

    q: Text = Field("", description="Part of the name, without regard to case, accents and articles.")
    type: Literal["", "movie", "show"] = Field("", description="Movies or shows.")
    state: Literal["", "indexed", "new", "missing", "needs", "stale", "gone", "damaged"] = Field(
        "",
        description="As on the Library page: `missing` lacks aired episodes, `needs` a person, `gone` has lost files, "
        "`damaged` broken ones.",
    )
    genre: Text = Field("", description="Titles of this genre.")
    year: str = Field(
        "", pattern=f"^({YEAR})?$", description="Of release: one year, a decade or a range: 1987, 1980s, 1980-1989."
    )
    letter: Letter = Field("", description="Under which they stand: a to z, `0` for digits, `other` for the rest.")
    library: Id | None = Field(None, description="Titles with files in this library.")
    sort: Literal["name", "added", "year", "rating"] = Field("name", description="Newest and best come first.")


class RefreshAsked(Schema):
    """Titles to be described anew."""

    ids: list[Id] = Field(min_length=1, max_length=1000)

    model_config = accepts({"ids": [17, 18]})


class Refreshed(Schema):
    """How many titles are described next; those that are gone are left out."""

    titles: int

    model_config = looks_like({"titles": 2})


@reads(router, "/titles", Page[TitleRow])
def list_titles(request: HttpRequest, response: HttpResponse, filters: Query[TitleFilters]) -> Any:
    """List movies and shows.

    With the filters and orders of the Library page. `include` adds more to each row.
    """
    words = {name: getattr(filters, name) for name in ("type", "state", "genre", "year", "letter", "sort")}
    query = LibraryQuery(q=filters.q.strip(), folder=filters.library or 0, **words)

    def shape(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
        told = _rows(rows)
        title_parts.add(told, filters.include)
        return told

    read = query.titles().values(*BRIEF, "waiting", "sort_name")
    return page(request, response, read, ORDERS[filters.sort], filters, count=query.state not in DEAR, shape=shape)


@acts(router, "/titles/refresh", {202: Refreshed})
def refresh_titles(request: HttpRequest, asked: RefreshAsked) -> Any:
    """Describe several titles anew.

    Before everything else that waits, but politely: the budget of the source holds.
    """
    there = list(Title.objects.filter(pk__in=asked.ids).values_list("pk", flat=True))
    if there:
        matches.refresh(there, actor=actor_of(request))
    return {"titles": len(there)}


@reads(router, "/titles/{pk}", TitleFull, others={301: None})
def get_title(request: HttpRequest, response: HttpResponse, pk: Path[Id], asked: Query[IncludedInTitles]) -> Any:
    """Get a movie or a show.

    301 where it was merged into another: the address of that.
    """
    row = Title.objects.annotate(waiting=waiting()).filter(pk=pk).values(*FULL, "waiting").first()
    if row is None:
        return _elsewhere(request, pk)
    told = _rows([row])[0] | {name: row[name] for name in FULL if name not in (*BRIEF, "runtime_min")}
    told["runtime_seconds"] = None if row["runtime_min"] is None else row["runtime_min"] * 60
    told["ids"] = {"tmdb": str(row["tmdb_id"])} if row["tmdb_id"] else {}
    told["ids"] |= dict(TitleId.objects.filter(title=pk).order_by("source").values_list("source", "value"))
    title_parts.add([told], asked.include)
    if "why" in told and (found := whys.answer_of("title", str(pk))):
        told["why"] |= document(found[1]) | {"state": told["state"]}
    return told


@acts(router, "/titles/{pk}/refresh", {202: JobRow})
def refresh_title(request: HttpRequest, pk: Path[Id]) -> Any:
    """Describe a title anew.

    Before everything else that waits. The answer is its job.
    """
    known(pk)
    matches.refresh([pk], actor=actor_of(request))
    return jobs.latest_job("scanner.title", f"title:{pk}")


def known(pk: int) -> None:
    """Raise Problem where there is no such title."""
    if not Title.objects.filter(pk=pk).exists():
        raise problems.missing(f"title {pk}")


def _elsewhere(request: HttpRequest, pk: int) -> HttpResponse:
    """Lead to the title that this one was merged into."""
    there = FormerTitle.objects.filter(former_id=pk).values_list("title_id", flat=True).first()
    if there is None:
        raise problems.missing(f"title {pk}")
    asked = f"?{request.GET.urlencode()}" if request.GET else ""
    return HttpResponse(status=301, headers={"Location": f"/api/v1/titles/{there}{asked}"})


def _rows(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return titles as they are answered, in the state that their pages show; one query for that."""
    amiss = standings.amiss([row["id"] for row in rows])
    return [_row(row, standings.shown(row["state"], amiss.get(row["id"], ""), row["waiting"])) for row in rows]


def _row(row: dict[str, Any], state: str) -> dict[str, Any]:
    genres = row["genres"] if isinstance(row["genres"], list) else []
    return {
        **{name: row[name] for name in BRIEF},
        "state": state.upper(),
        "genres": [str(genre) for genre in genres],
        "poster": f"/artwork/{row['poster']}-342.webp" if row["poster"] else "",
    }
