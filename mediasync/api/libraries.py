"""The folders that mediasync looks after."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.http import HttpRequest
from ninja import Path, Router, Schema, Status
from pydantic import Field

from mediasync import demo
from mediasync.api import problems
from mediasync.api.auth import actor_of
from mediasync.api.door import acts, reads
from mediasync.api.paging import Id
from mediasync.api.shapes import accepts, looks_like
from mediasync.keys import Scope
from scanner import art
from scanner.models import Library, MediaFile, Scan
from scanner.services import art_roles, libraries

router = Router(tags=["libraries"])
Kind = Literal["movies", "shows", "mixed"]
Sidecars = Literal["all", "artwork", "off"]
Picture = Literal[art.SWITCHES]  # type: ignore[valid-type]
Name = Annotated[str, Field(min_length=1, max_length=120, pattern=r"^[^\x00]*$")]
EXAMPLE = {
    "id": 1,
    "name": "Films",
    "path": "/media/films",
    "kind": "movies",
    "sidecars": "all",
    "pictures": ["poster", "fanart"],
    "demo": False,
    "problem": "",
    "files": 1200,
    "scanned_at": "2026-11-22T21:45:00Z",
    "created_at": "2026-11-01T10:00:00Z",
}


class LibraryRow(Schema):
    """A root folder. `problem` is why it cannot be read or written, if so; `sidecars` what is written beside media."""

    id: int
    name: str
    path: str
    kind: Kind
    sidecars: Sidecars
    pictures: list[Picture] = Field(description="Which it gets.")
    demo: bool
    problem: str
    files: int
    scanned_at: datetime | None = Field(description="When a scan of it last ended.")
    created_at: datetime

    model_config = looks_like(EXAMPLE)


class LibraryAsked(Schema):
    """A folder to look after."""

    path: Annotated[str, Field(min_length=1, max_length=4096, pattern=r"^/[^\x00]*$")] = Field(
        description="The whole path, as the server sees it."
    )
    kind: Kind | None = Field(None, description="Guessed from the names where it is not said.")
    name: Name | None = Field(None, description="The folder's own name where it is not said.")

    model_config = accepts({"path": "/media/films", "kind": "movies"})


class LibraryChange(Schema):
    """What is to change; the rest stays."""

    kind: Kind | None = None
    name: Name | None = None
    sidecars: Sidecars | None = None
    pictures: list[Picture] | None = Field(None, description="All that it is to get; those switched on are fetched.")

    model_config = accepts({"name": "Films", "sidecars": "artwork"})


@reads(router, "/libraries", list[LibraryRow])
def list_libraries(request: HttpRequest) -> Any:
    """List the libraries.

    All of them: a household has a handful.
    """
    return [_row(row) for row in _rows()]


@acts(router, "/libraries", {200: LibraryRow, 201: LibraryRow}, scope=Scope.ADMIN)
def add_library(request: HttpRequest, asked: LibraryAsked) -> Any:
    """Add a folder.

    200 where it is a library already. A scan of it has to be started.
    """
    try:
        library, new = libraries.add(asked.path, kind=asked.kind or "", name=asked.name or "", actor=actor_of(request))
    except libraries.NotALibrary as error:
        raise problems.invalid("body", "path", str(error)) from error
    return Status(201 if new else 200, _shown(library.pk))


@reads(router, "/libraries/{pk}", LibraryRow)
def get_library(request: HttpRequest, pk: Path[Id]) -> Any:
    """Get a library.

    With the number of its files, and when it was last looked through.
    """
    return _shown(pk)


@acts(router, "/libraries/{pk}", {200: LibraryRow}, method="PATCH", scope=Scope.ADMIN)
def change_library(request: HttpRequest, pk: Path[Id], asked: LibraryChange) -> Any:
    """Change a library.

    Its name, what its names usually mean, what is written beside its media, and which pictures it gets.
    """
    library = _get(pk)
    libraries.change(
        library,
        name=asked.name or library.name,
        kind=asked.kind or library.kind,
        sidecars=asked.sidecars or library.sidecars,
        actor=actor_of(request),
    )
    if asked.pictures is not None:
        art_roles.change(library, asked.pictures, actor=actor_of(request))
    return _shown(pk)


@acts(router, "/libraries/{pk}", {204: None}, method="DELETE", scope=Scope.ADMIN)
def remove_library(request: HttpRequest, pk: Path[Id]) -> Any:
    """Forget a library.

    No file on disk is touched, but those of the demo. Titles of a large one go in the moments after.
    """
    library, actor = _get(pk), actor_of(request)
    if library.demo:
        demo.remove(actor=actor)
    else:
        libraries.remove_soon(library, actor=actor)
    return Status(204, None)


def _rows() -> QuerySet[Library, Any]:
    ended = Scan.objects.filter(library=OuterRef("pk"), ended_at__isnull=False).order_by("-id")
    files = MediaFile.objects.filter(library=OuterRef("pk")).order_by().values("library").annotate(n=Count("pk"))
    found = Library.objects.annotate(
        files_n=Subquery(files.values("n")), scanned=Subquery(ended.values("ended_at")[:1])
    )
    return found.order_by("name", "pk").values(
        "id", "name", "path", "kind", "sidecars", "art_roles", "demo", "problem", "created_at", "files_n", "scanned"
    )


def _get(pk: int) -> Library:
    library = Library.objects.filter(pk=pk).first()
    if library is None:
        raise problems.missing(f"library {pk}")
    return library


def _shown(pk: int) -> dict[str, Any]:
    row = _rows().filter(pk=pk).first()
    if row is None:
        raise problems.missing(f"library {pk}")
    return _row(row)


def _row(row: dict[str, Any]) -> dict[str, Any]:
    pictures = [name for name in art.SWITCHES if name in row["art_roles"]]
    return {**row, "pictures": pictures, "files": row["files_n"] or 0, "scanned_at": row["scanned"]}
