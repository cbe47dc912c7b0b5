"""Which files belong together: one show folder, one film, or one stem of a shared folder (pure)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from scanner.filenames import EXTRAS_FOLDERS, Guess, fold, folder_guess, parse, season_of_folder

MOVIE, SHOW = "movie", "show"
Member = tuple[str, Guess]


@dataclass(frozen=True, slots=True)
class Place:
    """What becomes a Match: `key` is unique in its library.

    `folder` is where the files beside the media go; with a `stem` the folder is shared with others.
    """

    key: str
    folder: str
    stem: str
    kind: str
    name: str
    year: int | None
    ids: tuple[tuple[str, str | int], ...]


def home_of(folder: str) -> str:
    """Return the folder that stands for the whole: season, extras and release folders left out."""
    while folder:
        parent, _, name = folder.rpartition("/")
        if not (_only_a_shelf(name) or (parent and _names_a_part(name))):
            return folder
        folder = parent
    return ""


@lru_cache(maxsize=4_096)
def _only_a_shelf(name: str) -> bool:
    """ "Season 01", "Extras": says nothing of its own about what it holds."""
    return season_of_folder(name) is not None or name.lower() in EXTRAS_FOLDERS


@lru_cache(maxsize=4_096)
def _names_a_part(name: str) -> bool:
    """ "Show.S01.1080p-GRP", "Show.S01E02-GRP": a part of a show, named in full."""
    found = folder_guess(name)
    return found is not None and found.kind in ("season", "episode")


def group(
    paths: Iterable[str], *, prior: str, homes: Mapping[str, str] | None = None
) -> Iterator[tuple[Place, list[Member]]]:
    """Yield each place of a library with its files and what their names say.

    `prior` is the library's kind (movies, shows, mixed), `homes` the home of each folder where that is
    known already. All paths of a home must come together: whether a folder is shared shows only in
    the whole.
    """
    known = homes or {}
    at: dict[str, list[str]] = defaultdict(list)
    for path in paths:
        folder = path.rpartition("/")[0]
        at[known[folder] if folder in known else home_of(folder)].append(path)
    for home, listed in at.items():
        members = [(path, parse(path) or _nothing(path)) for path in listed]
        yield from _places(home, members, prior)


def _nothing(path: str) -> Guess:
    name = path.rpartition("/")[2]
    return Guess(kind="none", title=name.rpartition(".")[0] or name)


def _places(home: str, members: list[Member], prior: str) -> Iterator[tuple[Place, list[Member]]]:
    extras: list[Member] = []
    episodes: list[Member] = []
    films: list[Member] = []
    for path, guess in members:
        kind = extras if guess.kind == "extra" else episodes if _is_episode(path, guess, home, prior) else films
        kind.append((path, guess))
    found = [*_shows(home, episodes, alone=not films), *_films(home, films, alone=not episodes)]
    if extras and not found:
        found = list(_films(home, extras, alone=True)) if home else []
    elif extras:
        _take_along(extras, found)
    yield from found


def _is_episode(path: str, guess: Guess, home: str, prior: str) -> bool:
    if guess.kind in ("episode", "season"):
        return True
    in_season = path.rpartition("/")[0] != home and any(
        season_of_folder(name) is not None for name in path[len(home) :].split("/")[:-1]
    )
    return in_season or (guess.kind == "none" and prior == "shows" and bool(home))


def _shows(home: str, episodes: list[Member], *, alone: bool) -> Iterator[tuple[Place, list[Member]]]:
    if not episodes:
        return
    by_title: dict[str, list[Member]] = defaultdict(list)
    for path, guess in episodes:
        by_title[fold(guess.title or "")].append((path, guess))
    if home and _one_show(home, episodes, set(by_title), alone=alone):
        yield _place(home, home, "", SHOW, _best_named(home, episodes)), episodes
        return
    for title, members in by_title.items():
        yield _place(_below(home, f"{title or '?'} (show)"), home, title or "?", SHOW, members[0][1], members), members


def _one_show(home: str, episodes: list[Member], titles: set[str], *, alone: bool) -> bool:
    """Return whether a folder is one show's: named like it, shelved in seasons, or of one title and no film."""
    own = folder_guess(home.rpartition("/")[2])
    name = fold(own.title) if own and own.title else ""
    if name and any(title and (title.startswith(name) or name.startswith(title)) for title in titles):
        return True
    if all(_only_a_shelf(path.split("/")[-2]) for path, _guess in episodes):
        return True
    return alone and len(titles) <= 1


def _best_named(home: str, members: list[Member]) -> Guess:
    """Return the guess that speaks for a show folder: the folder's own name before its files'."""
    own = folder_guess(home.rpartition("/")[2])
    first = members[0][1]
    if own is None or not own.title or own.kind in ("none", "extra"):
        return first
    year = own.year or next((guess.year for _path, guess in members if guess.year), None)
    return Guess(kind="episode", title=own.title, year=year, ids=_ids(own, members))


def _films(home: str, films: list[Member], *, alone: bool) -> Iterator[tuple[Place, list[Member]]]:
    if not films:
        return
    by_film: dict[tuple[str, int | None], list[Member]] = defaultdict(list)
    for path, guess in films:
        by_film[_film_of(path, guess)].append((path, guess))
    _join_without_year(by_film)
    if home and alone and len(by_film) == 1:
        yield _place(home, home, "", MOVIE, _richest(films), films), films
        return
    for (name, year), members in by_film.items():
        stem = _stem(min(path for path, _guess in members))
        label = f"{name} ({year})" if year else name
        yield _place(_below(home, label), home, stem, MOVIE, _richest(members), members), members


def _film_of(path: str, guess: Guess) -> tuple[str, int | None]:
    return fold(guess.title or "") or fold(_stem(path)) or path.rpartition("/")[2], guess.year


def _join_without_year(by_film: dict[tuple[str, int | None], list[Member]]) -> None:
    """ "Film.mkv" beside "Film (1999).mkv" is the same film, where only one year is known."""
    for name, year in list(by_film):
        others = [key for key in by_film if key[0] == name and key[1] is not None]
        if year is None and len(others) == 1:
            by_film[others[0]].extend(by_film.pop((name, None)))


def _richest(members: list[Member]) -> Guess:
    return max((guess for _path, guess in members), key=lambda guess: (bool(guess.ids), guess.year is not None))


def _take_along(extras: list[Member], found: list[tuple[Place, list[Member]]]) -> None:
    """Give each extra to the film whose stem it continues, else to the first of its folder."""
    for member in extras:
        stem = _stem(member[0]).lower()
        fitting = (entry for entry in found if entry[0].stem and stem.startswith(entry[0].stem.lower()))
        next(fitting, found[0])[1].append(member)


def _place(key: str, folder: str, stem: str, kind: str, guess: Guess, members: list[Member] | None = None) -> Place:
    ids = _ids(guess, members or [])
    return Place(key, folder, stem, kind, guess.title or key.rpartition("/")[2], guess.year, tuple(ids.items()))


def _ids(guess: Guess, members: list[Member]) -> Mapping[str, str | int]:
    found: dict[str, str | int] = {}
    for _path, other in members:
        found.update(other.ids)
    return {**found, **guess.ids}


def _below(home: str, label: str) -> str:
    return f"{home}/{label}" if home else label


def _stem(path: str) -> str:
    name = path.rpartition("/")[2]
    stem, dot, _suffix = name.rpartition(".")
    return stem if dot else name
