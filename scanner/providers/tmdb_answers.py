"""What TMDB's answers say, as our dataclasses; pure, and patient with whatever is missing."""

from __future__ import annotations

import statistics
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from scanner.description import CrewMember, Description, EpisodeInfo, Person, SeasonInfo, as_iso
from scanner.lenient import as_date, clean
from scanner.matching import Candidate
from scanner.providers import tmdb_art, tmdb_words
from scanner.providers.tmdb_words import base_language

__all__ = ["Glance", "base_language", "candidate", "glance", "movie", "rows", "season_numbers", "show"]

Row = Mapping[str, Any]
CAST_MAX, CREW_MAX, GUESTS_MAX = 30, 40, 10
JOBS = {
    "Director": 0, "Co-Director": 0, "Creator": 0, "Screenplay": 1, "Writer": 1, "Story": 1, "Novel": 1, "Teleplay": 1,
    "Producer": 2, "Executive Producer": 2, "Original Music Composer": 3, "Director of Photography": 3, "Editor": 3,
}  # fmt: skip
THEATRICAL_FIRST = (3, 2, 4, 5, 6, 1)  # TMDB's release types; 1 is a premiere


def candidate(row: Row, *, kind: str) -> Candidate:
    """Return a row of a search or find as something to weigh."""
    name, original, released = _spelling(kind)
    first_seen = as_date(row.get(released))
    return Candidate(
        id=int(row["id"]),
        kind=kind,
        name=_text(row, name) or _text(row, original),
        original_name=_text(row, original),
        year=first_seen.year if first_seen else None,
        popularity=_number(row, "popularity"),
        votes=int(_number(row, "vote_count")),
        poster_path=_text(row, "poster_path"),
        overview=_text(row, "overview"),
    )


@dataclass(frozen=True, slots=True)
class Glance:
    """A title before anybody has decided for it; `seasons` are (number, episodes), the specials left out."""

    candidate: Candidate
    seasons: tuple[tuple[int, int], ...] = ()


def glance(data: Row, *, kind: str) -> Glance:
    """Return what the plain details of a title say."""
    listed = ((_whole(row, "season_number"), _whole(row, "episode_count")) for row in rows(data, "seasons"))
    seasons = tuple(sorted((number, count or 0) for number, count in listed if number))
    return Glance(candidate(data, kind=kind), seasons)


def movie(data: Row, *, language: str, etag: str = "") -> Description:
    """Return the description in `/movie/{id}` with everything appended."""
    return Description(
        kind="movie",
        runtime_min=_whole(data, "runtime") or None,
        keywords=_names(rows(_part(data, "keywords"), "keywords")),
        certification=_movie_certification(data),
        collection=_collection(data),
        crew=_crew(rows(_part(data, "credits"), "crew")),
        **_common(data, kind="movie", language=language, etag=etag),
    )


def show(data: Row, *, language: str, etag: str = "") -> Description:
    """Return the description in `/tv/{id}` with everything and some `season/N` appended."""
    seasons = _seasons(data)
    creators = tuple(CrewMember(_text(row, "name"), "Creator", _whole(row, "id")) for row in rows(data, "created_by"))
    return Description(
        kind="show",
        runtime_min=_usual_runtime(data, seasons),
        keywords=_names(rows(_part(data, "keywords"), "results")),
        certification={
            _text(row, "iso_3166_1"): _text(row, "rating")
            for row in rows(_part(data, "content_ratings"), "results")
            if _text(row, "rating")
        },
        networks=_names(rows(data, "networks")),
        crew=creators + _crew(rows(_part(data, "credits"), "crew")),
        seasons=seasons,
        **_common(data, kind="show", language=language, etag=etag),
    )


def season_numbers(data: Row) -> list[int]:
    """Return the numbers of the seasons that TMDB lists for a show."""
    return [number for row in rows(data, "seasons") if (number := _whole(row, "season_number")) is not None]


def rows(data: Row, name: str) -> list[Row]:
    """Return a list of objects, empty where it is missing or something else."""
    found = data.get(name)
    return [row for row in found if isinstance(row, Mapping)] if isinstance(found, list) else []


def _common(data: Row, *, kind: str, language: str, etag: str) -> dict[str, Any]:
    name, original, released = _spelling(kind)
    words = tmdb_words.choose(data, name=name, original=original, language=language)
    release_date = as_date(data.get(released))
    return {
        "title": words.title,
        "overview": words.overview,
        "tagline": words.tagline,
        "original_title": _text(data, original),
        "original_language": _text(data, "original_language"),
        "ids": _ids(data),
        "language": language,
        "release_date": release_date,
        "year": release_date.year if release_date else None,
        "status": _text(data, "status"),
        "genres": _names(rows(data, "genres")),
        "rating": _rating(data),
        "studios": _names(rows(data, "production_companies")),
        "countries": _names(rows(data, "production_countries")),
        "cast": _cast(rows(_part(data, "credits"), "cast"), most=CAST_MAX),
        "trailers": tmdb_art.trailers(rows(_part(data, "videos"), "results"), language=language),
        "art": tmdb_art.choose(data, language=language),
        "etag": etag,
        "fetched_at": as_iso(datetime.now(UTC)),
    }


def _spelling(kind: str) -> tuple[str, str, str]:
    if kind == "movie":
        return "title", "original_title", "release_date"
    return "name", "original_name", "first_air_date"


def _ids(data: Row) -> dict[str, int | str]:
    found: dict[str, int | str] = {"tmdb": int(data["id"])}
    external = {**_part(data, "external_ids")}
    external["imdb_id"] = _text(data, "imdb_id") or external.get("imdb_id")
    for name, value in sorted(external.items()):
        if name.endswith("_id") and value and isinstance(value, int | str) and not name.startswith("freebase"):
            found[name.removesuffix("_id")] = value
    return found


def _rating(data: Row) -> dict[str, tuple[float, int]]:
    votes = int(_number(data, "vote_count"))
    return {"tmdb": (_number(data, "vote_average"), votes)} if votes else {}


def _collection(data: Row) -> dict[str, int | str] | None:
    found = _part(data, "belongs_to_collection")
    if not _text(found, "name"):
        return None
    pictures = {name: _text(found, name) for name in ("poster_path", "backdrop_path") if _text(found, name)}
    return {"id": int(_number(found, "id")), "name": _text(found, "name"), **pictures}


def _movie_certification(data: Row) -> dict[str, str]:
    found = {}
    for country in rows(_part(data, "release_dates"), "results"):
        given = {row.get("type"): _text(row, "certification") for row in _marked(rows(country, "release_dates"))}
        for release_type in THEATRICAL_FIRST:
            if release_type in given:
                found[_text(country, "iso_3166_1")] = given[release_type]
                break
    return found


def _marked(releases: list[Row]) -> Iterable[Row]:
    return (row for row in reversed(releases) if _text(row, "certification"))  # the first of a type stays


def _cast(people: list[Row], *, most: int) -> tuple[Person, ...]:
    ordered = sorted(people, key=lambda row: _number(row, "order"))[:most]
    return tuple(
        Person(_text(row, "name"), _text(row, "character"), place, _whole(row, "id"), _text(row, "profile_path"))
        for place, row in enumerate(ordered)
        if _text(row, "name")
    )


def _crew(people: list[Row]) -> tuple[CrewMember, ...]:
    telling = sorted((row for row in people if row.get("job") in JOBS), key=lambda row: JOBS[row["job"]])
    members = (CrewMember(_text(row, "name"), row["job"], _whole(row, "id")) for row in telling)
    return tuple(dict.fromkeys(members))[:CREW_MAX]


def _seasons(data: Row) -> tuple[SeasonInfo, ...]:
    listed = {number: row for row in rows(data, "seasons") if (number := _whole(row, "season_number")) is not None}
    for name, season in data.items():
        if name.startswith("season/") and isinstance(season, Mapping):
            number = int(name.removeprefix("season/"))
            listed[number] = {**listed.get(number, {}), **season}
    return tuple(_season(number, row) for number, row in sorted(listed.items()))


def _season(number: int, row: Row) -> SeasonInfo:
    described = "episodes" in row
    found = [episode for episode in rows(row, "episodes") if _whole(episode, "episode_number") is not None]
    return SeasonInfo(
        number=number,
        name=_text(row, "name"),
        air_date=as_date(row.get("air_date")),
        overview=_text(row, "overview"),
        poster_path=_text(row, "poster_path"),
        episode_count=len(found) if described else _whole(row, "episode_count") or 0,
        episodes=tuple(map(_episode, found)) if described else None,
    )


def _episode(row: Row) -> EpisodeInfo:
    return EpisodeInfo(
        number=int(row["episode_number"]),
        name=_text(row, "name"),
        air_date=as_date(row.get("air_date")),
        runtime_min=_whole(row, "runtime") or None,
        overview=_text(row, "overview"),
        still_path=_text(row, "still_path"),
        tmdb_id=_whole(row, "id"),
        type=_text(row, "episode_type"),
        crew=_crew(rows(row, "crew")),
        guests=_cast(rows(row, "guest_stars"), most=GUESTS_MAX),
    )


def _usual_runtime(data: Row, seasons: Iterable[SeasonInfo]) -> int | None:
    given = [n for n in data.get("episode_run_time") or () if isinstance(n, int) and n > 0]
    known = [e.runtime_min for s in seasons if s.number for e in s.episodes or () if e.runtime_min]
    return given[0] if given else int(statistics.median(known)) if known else None


def _names(found: list[Row]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name for row in found if (name := _text(row, "name"))))


def _part(data: Row, name: str) -> Row:
    found = data.get(name)
    return found if isinstance(found, Mapping) else {}


def _text(row: Row, name: str) -> str:
    value = row.get(name)
    return clean(value).strip() if isinstance(value, str) else ""


def _whole(row: Row, name: str) -> int | None:
    value = row.get(name)
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def _number(row: Row, name: str) -> float:
    value = row.get(name)
    return float(value) if isinstance(value, int | float) else 0.0
