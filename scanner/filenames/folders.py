"""What the folders around a file say: the show or film, the season, extras; read once per folder."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Any

from scanner.filenames import extras, marks, media, numbering, packs, titles
from scanner.filenames.folding import fold
from scanner.filenames.guess import Guess
from scanner.filenames.ids import read_ids, without_ids
from scanner.filenames.movies import read_film

_EPISODE = re.compile(r"(?<![^\W_])(?:episode|e\d|ep\d)", re.IGNORECASE)
_DISC = re.compile(r"(?:cd|dvd|dis[ck]|part|pt)[ ._-]*(?P<n>\d{1,2})", re.IGNORECASE)
# Folders that hold many things and are called by what they hold.
_CATEGORIES = frozenset(
    {"tv", "tv shows", "tvshows", "tv series", "tv drop", "shows", "series", "serien", "serie", "séries", "series tv"}
    | {"anime", "animes", "cartoons", "kids", "documentaries", "documentary", "minisodes"}
    | {"movies", "movie", "films", "film", "filme", "video", "videos", "media", "library", "public", "share", "shares"}
    | {"downloads", "download", "complete", "incoming", "torrents", "unsorted", "new", "misc", "test"}
    | {"server", "data", "mnt", "home", "drive"}
)


@dataclass(frozen=True, slots=True)
class Around:
    """What the folders above a file tell of it."""

    show: Guess | None = None
    season: int | None = None
    season_title: str | None = None
    season_year: int | None = None
    extra_type: str | None = None
    part: int | None = None
    in_disc: bool = False
    ids: Mapping[str, str | int] = field(default_factory=dict)

    @property
    def title(self) -> str | None:
        """The title of the show or film: the nearest folder that names it."""
        return self.season_title or (self.show.title if self.show else None)

    @property
    def year(self) -> int | None:
        """The year in the show's or film's folder."""
        return self.show.year if self.show else self.season_year

    @property
    def release(self) -> Guess | None:
        """The folder's own answer, where it is called like one release or one film."""
        show = self.show
        if show is None or self.season is not None or not show.title:
            return None
        if show.kind == "episode":
            return show
        return replace(show, kind="movie") if show.year else None


@lru_cache(maxsize=4096)
def same_name(one: str, other: str) -> bool:
    """Return whether two titles are the same words."""
    return fold(one) == fold(other)


def is_category(name: str) -> bool:
    """Return whether a folder holds many things and is called by what it holds."""
    return name.lower() in _CATEGORIES


def season_of_folder(name: str) -> int | None:
    """Return the season that a folder called `name` holds ("Season 01", "S01", "Staffel 2"); specials are 0."""
    pack = _season_folder(name)
    return pack.seasons[0] if pack else None


@lru_cache(maxsize=4096)
def _season_folder(name: str) -> packs.Pack | None:
    pack = packs.read_pack(name)
    if pack is None or _EPISODE.search(name) or numbering.read_pair(name):
        return None
    rest = pack.rest.strip(" ._-)]([")
    plain = not rest or rest[:2] in ("19", "20") or marks.ANY.search(rest) or pack.rest.lstrip()[:1] in "([-"
    return pack if plain or not pack.head else None


@lru_cache(maxsize=4096)
def folder_guess(name: str) -> Guess | None:
    """Return what one folder's name says: a season (kind `season`), or title, year and ids of a film or show."""
    ids = read_ids(name)
    bare = without_ids(name).strip() if ids else name
    if pack := _season_folder(bare):
        return replace(of_pack(pack), ids=ids)
    if is_category(name) and not ids:
        return None
    numbers = numbering.read_pair(bare)
    if numbers:
        head, year = titles.split_year(bare[: numbers.start])
        kind = "episode"
    else:
        kind, (head, year) = "none", _film_folder(bare)
    title = titles.clean(head)
    return Guess(
        kind=kind,
        title=title or None,
        year=year,
        season=numbers.season if numbers else None,
        episodes=numbers.episodes if numbers else (),
        ids=ids,
        version=marks.version(bare),
    )


def of_pack(pack: packs.Pack) -> Guess:
    """Return the guess that a pack of seasons is."""
    head = titles.first_name(titles.without_group(titles.without_site(pack.head)))
    title, year = titles.split_year(head)
    seasons = pack.seasons if len(pack.seasons) > 1 else ()
    return Guess(kind="season", title=titles.clean(title) or None, year=year, season=pack.seasons[0], seasons=seasons)


def _film_folder(name: str) -> tuple[str, int | None]:
    if film := read_film(name):
        return film.title, film.year
    mark = marks.RELEASE.search(name, 1)
    head = name[: mark.start()] if mark else name
    head, year = titles.split_year(head.rstrip(" ([{-._"))
    cut = re.match(r"(.*[^\W_].*?)\s*[\[({]", head)
    return (cut[1] if cut else head), year


def _is_season_number(name: str, above: str) -> bool:
    """Return whether a folder is a mere season number (Show/1/…) and not a show called 24."""
    return name.isdecimal() and len(name) <= 2 and above.lower() not in _CATEGORIES


@lru_cache(maxsize=2048)
def read_around(folder: str) -> Around:
    """Return what all folders above a file say together; the nearest wins."""
    names = [each for each in folder.split("/") if each]
    disc = next((at for at, name in enumerate(names) if media.is_disc_folder(name)), None)
    found: dict[str, Any] = {"in_disc": disc is not None, "ids": {}}
    names = names[:disc]
    for depth, name in zip(range(len(names), 0, -1), reversed(names), strict=True):
        if _read_role(name, names[: depth - 1], found, is_nearest=depth == len(names)):
            continue
        guess = folder_guess(name)
        if guess is None:
            break
        found["ids"] = {**guess.ids, **found["ids"]}
        if guess.kind != "season" or "season" in found:
            return Around(show=guess, **found)
        found |= {"season": guess.season, "season_title": guess.title, "season_year": guess.year}
    return Around(**found)


def _read_role(name: str, above: list[str], found: dict[str, Any], *, is_nearest: bool) -> bool:
    """Note what a folder tells that bears no title: a disc of a stack, extras, a mere season number."""
    if stacked := _DISC.fullmatch(name):
        found["part"] = int(stacked["n"])
    elif (kind := extras.of_folder(name)) and "extra_type" not in found and (above or is_nearest):
        found["extra_type"] = kind
    elif "season" not in found and above and _is_season_number(name, above[-1]):
        found["season"] = int(name)
    else:
        return False
    return True
