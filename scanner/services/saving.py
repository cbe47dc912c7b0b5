"""Keeping a description: the title's row, its ids, seasons and episodes, in a handful of queries."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db.models import Model

from journal.moves import move
from scanner import planning
from scanner.description import Description, EpisodeInfo, as_iso, certification_of
from scanner.filenames import LONGEST_NAME, sort_name
from scanner.models import Episode, EpisodeFile, Season, Title, TitleId
from scanner.services import genres

SMALL_MAX, ROWS = 32_767, 500
PATH_MAX = 200
SEASON_FIELDS = ["name", "overview", "air_date", "poster_path"]
EPISODE_FIELDS = ["name", "overview", "air_date", "runtime_min", "still_path", "tmdb_id", "type", "details"]


def save(title: Title, found: Description, columns: dict[str, Any], *, reason: str) -> bool:
    """Move the title to INDEXED with all that was found; False where somebody was quicker.

    Belongs in the ending of the job.
    """
    if not move(title, Title.State.INDEXED, reason=reason, **columns):
        return False
    _save_ids(title, found)
    genres.shelve({title.pk: list(found.genres)})
    if title.kind == Title.Kind.SHOW:
        _save_seasons(title, found)
        _save_episodes(title, found)
    return True


def save_unchanged(title: Title, found: Description | None, *, asked: Iterable[int], now: datetime) -> bool:
    """Move the title to INDEXED when nothing worth a file has changed: rating, dates, seasons asked for."""
    fields: dict[str, Any] = {
        "described_at": now,
        "refresh_at": now + planning.refresh_after(title.released_on, now),
        "details": title.details | {"seasons_asked": _all_asked(title, asked)},
    }
    if found is not None:
        fields |= {"rating": _rating(found), "etag": found.etag[:120]}
    return move(title, Title.State.INDEXED, reason="looked up again; nothing has changed", **fields)


def columns(title: Title, found: Description, *, asked: Iterable[int], now: datetime) -> dict[str, Any]:
    """Return the fields of the title's row; `asked` are the seasons that were asked for, found or not."""
    refresh = planning.refresh_after(found.release_date, now)
    details = found.without_episodes().to_json() | {
        "expires_at": as_iso(now + refresh),
        "seasons_asked": _all_asked(title, asked),
    }
    return {
        "name": found.title[:LONGEST_NAME],
        "sort_name": sort_name(found.title),
        "original_name": found.original_title[:LONGEST_NAME],
        "year": _small(found.year),
        "overview": found.overview,
        "tagline": found.tagline,
        "released_on": found.release_date,
        "runtime_min": _small(found.runtime_min),
        "certification": certification_of(found)[:20],
        "rating": _rating(found),
        "status": found.status[:40],
        "genres": list(found.genres),
        "details": details,
        "described_by": found.described_by,
        "described_at": now,
        "refresh_at": now + refresh if found.described_by == Title.DescribedBy.TMDB else None,
        "etag": found.etag if len(found.etag) <= 120 else "",
    }


def _save_ids(title: Title, found: Description) -> None:
    rows = [
        TitleId(title=title, source=source[:20], value=str(value)[:60])
        for source, value in found.ids.items()
        if source != "tmdb"
    ]
    TitleId.objects.bulk_create(rows, update_conflicts=True, unique_fields=["title", "source"], update_fields=["value"])


def _save_seasons(title: Title, found: Description) -> None:
    rows = [
        Season(
            title=title,
            number=season.number,
            name=season.name,
            overview=season.overview,
            air_date=season.air_date,
            poster_path=_path(season.poster_path),
        )
        for season in found.seasons
        if season.number <= SMALL_MAX
    ]
    _upsert(Season, rows, unique=["title", "number"], fields=SEASON_FIELDS)


def _save_episodes(title: Title, found: Description) -> None:
    """Upsert the episodes of the seasons in the answer; one that has gone from them goes, unless a file holds it."""
    described = {season.number: season.episodes for season in found.seasons if season.episodes is not None}
    wanted = {(season, info.number): info for season, infos in described.items() for info in infos}
    rows = [_episode(title, season, info) for (season, _number), info in sorted(wanted.items())]
    _upsert(Episode, rows, unique=["title", "season", "number"], fields=EPISODE_FIELDS)
    there = title.episodes.filter(season__in=described).values_list("pk", "season", "number")
    gone = [pk for pk, season, number in there if (season, number) not in wanted]
    for start in range(0, len(gone), ROWS):
        chunk = gone[start : start + ROWS]
        held = EpisodeFile.objects.filter(episode__in=chunk).values("episode")
        Episode.objects.filter(pk__in=chunk).exclude(pk__in=held).delete()


def _episode(title: Title, season: int, info: EpisodeInfo) -> Episode:
    people = info.people()
    return Episode(
        title=title,
        season=season,
        number=info.number,
        name=info.name,
        overview=info.overview,
        air_date=info.air_date,
        runtime_min=_small(info.runtime_min),
        still_path=_path(info.still_path),
        tmdb_id=info.tmdb_id,
        type=info.type[:20],
        details=people,
    )


def _upsert(model: type[Model], rows: list[Any], *, unique: list[str], fields: list[str]) -> None:
    model._default_manager.bulk_create(
        rows, batch_size=ROWS, update_conflicts=True, unique_fields=unique, update_fields=fields
    )


def _all_asked(title: Title, asked: Iterable[int]) -> list[int]:
    before = title.details.get("seasons_asked")
    return sorted({*(before if isinstance(before, list) else ()), *asked})


def _rating(found: Description) -> float | None:
    rated = next(iter(found.rating.values()), None)
    return round(rated[0], 3) if rated else None


def _small(value: int | None) -> int | None:
    return value if value is not None and 0 <= value <= SMALL_MAX else None


def _path(path: str) -> str:
    return path if len(path) <= PATH_MAX else ""
