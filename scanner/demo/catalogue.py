"""What the demo's metadata service knows: invented films and series; any likeness is chance."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

Translations = Mapping[str, Mapping[str, str]]  # {"de-DE": {"title", "overview", "tagline"}}


@dataclass(frozen=True, slots=True)
class Work:
    """What a film and a series have in common; `original` is (title, language) where it is not English."""

    id: int
    title: str
    released: date | None
    overview: str
    tagline: str = ""
    genres: tuple[str, ...] = ("Drama",)
    cast: tuple[str, ...] = ()
    country: str = "GB"
    studio: str = "Pilcrow & Daughters"
    certification: str = "PG"
    original: tuple[str, str] | None = None
    translations: Translations = field(default_factory=dict)
    keywords: tuple[str, ...] = ()
    votes: tuple[float, int] = (7.1, 240)
    pictures: bool = True
    trailer: str = ""

    @property
    def original_title(self) -> str:
        """The title in its own language."""
        return self.original[0] if self.original else self.title

    @property
    def language(self) -> str:
        """Its own language, two letters."""
        return self.original[1] if self.original else "en"


@dataclass(frozen=True, slots=True)
class Film(Work):
    """A film; `collection` is (id, name)."""

    runtime: int = 96
    director: str = "Odile Farthing"
    writer: str = "Tam Okoro"
    collection: tuple[int, str] | None = None

    @property
    def imdb(self) -> str:
        """Its IMDb id, as invented as the rest."""
        return f"tt9{self.id:07}"


@dataclass(frozen=True, slots=True)
class Series(Work):
    """A series: episode names by season; the first airs on `released`, the others every `every_days`."""

    seasons: Mapping[int, tuple[str, ...]] = field(default_factory=dict)
    every_days: int = 7
    runtime: int = 42
    creator: str = "Ines Quill"
    network: str = "Channel Spruce"
    status: str = "Ended"

    @property
    def imdb(self) -> str:
        """Its IMDb id, as invented as the rest."""
        return f"tt8{self.id:07}"

    @property
    def tvdb(self) -> int:
        """Its TVDB id."""
        return 700_000 + self.id

    def airs(self, season: int, number: int) -> date | None:
        """Return the day of an episode: seasons begin a year apart, specials at Christmas."""
        if self.released is None:
            return None
        if season == 0:
            return date(self.released.year + number - 1, 12, 25)
        first_year = min(n for n in self.seasons if n)
        begins = self.released + timedelta(days=364 * (season - first_year))
        return begins + timedelta(days=self.every_days * (number - 1))
