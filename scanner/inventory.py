"""Every item of the library as plain rows, streamed: what `items` and exports print."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db.models import Exists, OuterRef

from scanner import bulk
from scanner.models import Library, MediaFile, Title, TitleId

STATES = ("NEW", "INDEXED", "STALE", "CHANGED", "MISSING", "UNMATCHED", "ERROR")
AT_ONCE = 1_000
COLUMNS = (
    "pk", "library__path", "library__name", "path", "season", "episode_numbers", "extra", "shown_state",
    "match__kind", "match__name", "match__year", "match__reason", "match__ids",
    "info__duration_s", "info__width", "info__height", "info__resolution", "info__video_codec", "info__hdr",
    "info__audio_languages", "info__subtitle_languages", "info__problem",
    "match__title__pk", "match__title__name", "match__title__year", "match__title__tmdb_id",
)  # fmt: skip
_NOTHING = dict.fromkeys(name for name in COLUMNS if name.startswith("info__"))


def rows(*, library: Library | None = None, state: str = "") -> Iterator[dict[str, Any]]:
    """Yield one row an item in the shape of `items --json`; paged, so that memory stays flat."""
    files = MediaFile.objects.with_shown_state().order_by("pk")
    if library:
        files = files.filter(library=library)
    if state:
        files = files.filter(shown_state=state.lower())  # type: ignore[misc]  # annotated
    last = 0
    while page := list(files.filter(pk__gt=last).values(*COLUMNS)[:AT_ONCE]):
        last = page[-1]["pk"]
        yield from shaped(page)
    if not library:
        yield from _without_file(state)


def shaped(page: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return files that were read `with_shown_state` by COLUMNS in the shape of `items --json`."""
    ids = _ids({row["match__title__pk"] for row in page})
    return [_row(row, ids) for row in page]


def _row(row: dict[str, Any], ids: dict[int, dict[str, str]]) -> dict[str, Any]:
    # A title that nobody knows is what its name says.
    title = row["match__title__pk"] if row["shown_state"] != "unmatched" else None
    kind = "extra" if row["extra"] else "episode" if row["match__kind"] == Title.Kind.SHOW else "movie"
    known = {"tmdb": row["match__title__tmdb_id"], **ids.get(title, {})} if title else row["match__ids"] or {}
    return {
        "path": f"{row['library__path']}/{row['path']}",
        "library": row["library__name"],
        "kind": kind,
        "title": row["match__title__name"] if title else row["match__name"],
        "year": row["match__title__year"] if title else row["match__year"],
        "ids": {name: known.get(name) for name in ("tmdb", "imdb", "tvdb")},
        "season": row["season"],
        "episodes": row["episode_numbers"],
        "state": row["shown_state"].upper(),
        "reason": row["match__reason"] or "",
        **_inside(row),
    }


def _inside(row: dict[str, Any]) -> dict[str, Any]:
    """Return what a look into the file found: seconds, pixels; None and empty lists where nobody looked yet."""
    duration = row["info__duration_s"]
    return {
        "duration": round(duration, 3) if duration is not None else None,
        "width": row["info__width"],
        "height": row["info__height"],
        "resolution": row["info__resolution"] or None,
        "video_codec": row["info__video_codec"] or None,
        "hdr": row["info__hdr"].split(", ") if row["info__hdr"] else [],
        "audio_languages": (row["info__audio_languages"] or "").split(),
        "subtitle_languages": (row["info__subtitle_languages"] or "").split(),
        "problem": row["info__problem"] or None,
    }


def _ids(titles: set[int | None]) -> dict[int, dict[str, Any]]:
    found: dict[int, dict[str, Any]] = {}
    for chunk in bulk.slices((pk for pk in titles if pk), 500):
        rows = TitleId.objects.filter(title_id__in=chunk, source__in=("imdb", "tvdb"))
        for title, source, value in rows.values_list("title_id", "source", "value"):
            found.setdefault(title, {})[source] = int(value) if source == "tvdb" and value.isdigit() else value
    return found


def _without_file(state: str) -> Iterator[dict[str, Any]]:
    files = MediaFile.objects.filter(match__title=OuterRef("pk"))
    titles = Title.objects.filter(~Exists(files)).order_by("pk")
    if state:
        titles = titles.filter(state=state.lower())
    for title in titles.iterator(chunk_size=AT_ONCE):
        yield {
            "path": None,
            "library": None,
            "kind": "movie" if title.kind == Title.Kind.MOVIE else "episode",
            "title": title.name,
            "year": title.year,
            "ids": {"tmdb": title.tmdb_id, "imdb": None, "tvdb": None},
            "season": None,
            "episodes": [],
            "state": title.state.upper(),
            "reason": "it has no file",
            **_inside(_NOTHING),
        }
