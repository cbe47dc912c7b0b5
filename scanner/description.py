"""What a movie or a show is said to be: the description that metadata.json, NFOs and pages are made of."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import UTC, date, datetime
from typing import Any, Self

from scanner.lenient import as_date, mapping, required, several, text, texts, whole

Json = dict[str, Any]
VOLATILE = ("rating", "etag", "fetched_at", "expires_at")


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody in front of the camera; `role` is the character's name."""

    name: str
    role: str = ""
    order: int = 0
    id: int | None = None
    profile_path: str = ""

    @classmethod
    def from_json(cls, row: Mapping[str, Any]) -> Self:
        """Read one entry of `cast`, whatever is missing or odd in it."""
        return cls(
            text(row, "name"),
            text(row, "role"),
            whole(row, "order") or 0,
            whole(row, "id"),
            text(row, "profile_path"),
        )


@dataclass(frozen=True, slots=True)
class CrewMember:
    """Somebody behind the camera; `job` as TMDB words it: "Director", "Screenplay"."""

    name: str
    job: str
    id: int | None = None

    @classmethod
    def from_json(cls, row: Mapping[str, Any]) -> Self:
        """Read one entry of `crew`."""
        return cls(text(row, "name"), text(row, "job"), whole(row, "id"))


@dataclass(frozen=True, slots=True)
class Trailer:
    """A video at another site: `site` "YouTube", `key` its id there."""

    name: str
    site: str
    key: str

    @classmethod
    def from_json(cls, row: Mapping[str, Any]) -> Self:
        """Read one entry of `trailers`."""
        return cls(text(row, "name"), text(row, "site"), text(row, "key"))


@dataclass(frozen=True, slots=True)
class ArtPick:
    """The picture chosen for a role: its path at the image service and the size to ask for."""

    tmdb_path: str
    size: str

    @classmethod
    def from_json(cls, row: Mapping[str, Any]) -> Self:
        """Read one entry of `art`."""
        return cls(text(row, "tmdb_path"), text(row, "size"))


@dataclass(frozen=True, slots=True)
class EpisodeInfo:
    """An episode; `type` is standard, mid_season or finale."""

    number: int
    name: str = ""
    air_date: date | None = None
    runtime_min: int | None = None
    overview: str = ""
    still_path: str = ""
    tmdb_id: int | None = None
    type: str = ""
    crew: tuple[CrewMember, ...] = ()
    guests: tuple[Person, ...] = ()

    def people(self) -> Json:
        """Return crew and guests as JSON: what an episode's row keeps of them."""
        return {"crew": _plain(self.crew), "guests": _plain(self.guests)}

    @classmethod
    def from_json(cls, row: Mapping[str, Any]) -> Self:
        """Read one entry of a season's `episodes`; raises ValueError without a number."""
        return cls(
            number=required(row, "number"),
            name=text(row, "name"),
            air_date=as_date(row.get("air_date")),
            runtime_min=whole(row, "runtime_min"),
            overview=text(row, "overview"),
            still_path=text(row, "still_path"),
            tmdb_id=whole(row, "tmdb_id"),
            type=text(row, "type"),
            crew=several(row, "crew", CrewMember),
            guests=several(row, "guests", Person),
        )


@dataclass(frozen=True, slots=True)
class SeasonInfo:
    """A season; 0 holds the specials. `episodes` is None where they were not asked for."""

    number: int
    name: str = ""
    air_date: date | None = None
    overview: str = ""
    poster_path: str = ""
    episode_count: int = 0
    episodes: tuple[EpisodeInfo, ...] | None = None

    @classmethod
    def from_json(cls, row: Mapping[str, Any]) -> Self:
        """Read one entry of `seasons`; raises ValueError without a number."""
        return cls(
            number=required(row, "number"),
            name=text(row, "name"),
            air_date=as_date(row.get("air_date")),
            overview=text(row, "overview"),
            poster_path=text(row, "poster_path"),
            episode_count=whole(row, "episode_count") or 0,
            episodes=several(row, "episodes", EpisodeInfo) if isinstance(row.get("episodes"), list) else None,
        )


@dataclass(frozen=True, slots=True)
class Description:
    """A movie or a show. `ids` by service ("tmdb": int, "imdb": "tt…"); `certification` by country.

    `rating` is {"tmdb": (average out of 10, votes)}; `fetched_at` and `expires_at` are ISO 8601 UTC.
    """

    kind: str
    title: str
    ids: Mapping[str, int | str] = field(default_factory=dict)
    described_by: str = "tmdb"
    language: str = ""
    original_title: str = ""
    original_language: str = ""
    sort_title: str = ""
    overview: str = ""
    tagline: str = ""
    release_date: date | None = None
    year: int | None = None
    runtime_min: int | None = None
    status: str = ""
    genres: tuple[str, ...] = ()
    keywords: tuple[str, ...] = ()
    certification: Mapping[str, str] = field(default_factory=dict)
    rating: Mapping[str, tuple[float, int]] = field(default_factory=dict)
    collection: Mapping[str, int | str] | None = None
    studios: tuple[str, ...] = ()
    networks: tuple[str, ...] = ()
    countries: tuple[str, ...] = ()
    cast: tuple[Person, ...] = ()
    crew: tuple[CrewMember, ...] = ()
    trailers: tuple[Trailer, ...] = ()
    art: Mapping[str, ArtPick] = field(default_factory=dict)
    seasons: tuple[SeasonInfo, ...] = ()
    etag: str = ""
    fetched_at: str = ""
    expires_at: str = ""

    def to_json(self) -> Json:
        """Return the document's description part; dates are ISO, nothing is left out."""
        document: Json = _plain(self)
        return document

    @classmethod
    def from_json(cls, document: Mapping[str, Any]) -> Self:
        """Read what `to_json` wrote, and what people made of it: odd values count as missing."""
        plain: Json = {name: text(document, name) for name in _TEXTS}
        lists: Json = {
            name: texts(document, name) for name in ("genres", "keywords", "studios", "networks", "countries")
        }
        return cls(
            **plain,
            **lists,
            ids={key: value for key, value in mapping(document, "ids").items() if isinstance(value, int | str)},
            release_date=as_date(document.get("release_date")),
            year=whole(document, "year"),
            runtime_min=whole(document, "runtime_min"),
            certification={str(k): str(v) for k, v in mapping(document, "certification").items() if v},
            rating=_ratings(document),
            collection=mapping(document, "collection") or None,
            cast=several(document, "cast", Person),
            crew=several(document, "crew", CrewMember),
            trailers=several(document, "trailers", Trailer),
            art={
                role: ArtPick.from_json(row)
                for role, row in mapping(document, "art").items()
                if isinstance(row, Mapping)
            },
            seasons=several(document, "seasons", SeasonInfo),
        )

    def without_episodes(self) -> Self:
        """Return the same with bare seasons: what a title's row keeps, as episodes have their own rows."""
        return replace(self, seasons=tuple(replace(season, episodes=None) for season in self.seasons))


def certification_of(description: Description) -> str:
    """Return the age rating of the language's country, else the American one, else none."""
    country = description.language.partition("-")[2]
    given = description.certification
    return given.get(country) or given.get("US") or given.get("") or ""


def as_iso(moment: datetime) -> str:
    """Return an instant as documents spell it: "2026-01-01T00:00:00Z"."""
    return moment.astimezone(UTC).replace(microsecond=0).isoformat().replace("+00:00", "Z")


def content_hash(description: Description) -> str:
    """Return the SHA-256 of what files are made of: ratings drift daily and must not rewrite them."""
    document = description.to_json()
    for name in VOLATILE:
        del document[name]
    return hashlib.sha256(canonical(document)).hexdigest()


def canonical(document: Json) -> bytes:
    """Return the one spelling of a JSON document that hashes are taken of."""
    return json.dumps(document, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode(
        "utf-8", "surrogatepass"
    )


_TEXTS = tuple(f.name for f in fields(Description) if f.type == "str")


def _plain(value: Any) -> Any:
    """Return dataclasses, tuples and dates as JSON has them; thousands of episodes make `asdict` too slow."""
    if value is None or isinstance(value, str | int | float):
        return value
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    if isinstance(value, Mapping):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, date):
        return value.isoformat()
    return {name: _plain(getattr(value, name)) for name in value.__dataclass_fields__}


def _ratings(document: Mapping[str, Any]) -> dict[str, tuple[float, int]]:
    found = {}
    for source, pair in mapping(document, "rating").items():
        if isinstance(pair, list) and len(pair) == 2 and all(isinstance(n, int | float) for n in pair):
            found[str(source)] = (float(pair[0]), int(pair[1]))
    return found
