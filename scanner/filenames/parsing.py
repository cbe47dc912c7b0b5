"""From a path to a guess: the fast path, else a closer look; then what folders, ids and marks add."""

from __future__ import annotations

import re
from dataclasses import replace

from scanner.filenames import extras, folders, marks, media, numbering, stacks
from scanner.filenames.closely import read_closely
from scanner.filenames.fast import Ids, read_tidy, same_name
from scanner.filenames.folders import Around, read_around
from scanner.filenames.guess import Guess
from scanner.filenames.ids import has_ids, read_ids, without_ids

_TAIL_COMPONENTS = 3
_YEAR = re.compile(r"\(((?:19|20)\d\d)\)")


def parse(path: str) -> Guess | None:
    """Return what `path` says (POSIX, relative to the library's root), or None where it says nothing.

    Pure, never raises, and bounded in time whatever the name is.
    """
    folder, name = media.take_apart(path)
    around = read_around(folder)
    stem, extension = media.split_extension(name)
    if around.in_disc or media.is_disc_folder(name):
        return _disc(around)
    ids: Ids = around.ids
    if has_ids(stem) and (own := read_ids(stem)):
        ids, stem = {**ids, **own}, without_ids(stem).rstrip()
    kind = around.extra_type
    if kind is None and extras.may_end(stem):
        kind, stem = extras.of_stem(stem) or (None, stem)
    if kind is None and (guess := read_tidy(stem, around, ids)):
        return guess
    if kind is None and not extension and (season := _season(name, around)):
        return replace(season, ids=ids)
    return _closely(stem, extension, around, ids, kind, folder)


def parse_dict(path: str) -> dict[str, object] | None:
    """Return `parse` as a dictionary."""
    guess = parse(path)
    return guess.as_dict() if guess else None


def _disc(around: Around) -> Guess | None:
    """A BDMV or VIDEO_TS folder and all in it are one film, called like the folder that holds it."""
    show = around.show
    if show is None or not show.title:
        return None
    kind = "episode" if around.season is not None or show.kind == "episode" else "movie"
    return replace(show, kind=kind, season=show.season if around.season is None else around.season, part=around.part)


def _season(name: str, around: Around) -> Guess | None:
    if name.lower() == "extras" and around.extra_type is None:
        return Guess(kind="season", title=around.title, season=0)
    if (season := folders.season_of_folder(name)) is None:
        return None
    guess = folders.folder_guess(name)
    if guess is None or guess.title:
        return None  # a pack under the show's name is read like any release
    return replace(guess, season=season, title=around.title, year=around.year)


def _closely(stem: str, extension: str, around: Around, ids: Ids, extra: str | None, folder: str) -> Guess | None:
    if extra is None and numbering.read_pair(stem) is None and (bonus := extras.bonus(stem)):
        extra, stem = "other", bonus
    name, part = (stem, around.part) if extra else (stacks.read_stack(stem) or (stem, around.part))
    tail = "/".join([*folder.split("/")[1 - _TAIL_COMPONENTS :], f"{name}.{extension}" if extension else name])
    guess = read_closely(name, around, tail)
    if guess is None:
        return Guess(kind="extra", title=around.title, year=around.year, extra_type=extra, ids=ids) if extra else None
    return _complete(guess, stem, extension, around, ids, extra, part)


def _complete(
    guess: Guess, stem: str, extension: str, around: Around, ids: Ids, extra: str | None, part: int | None
) -> Guess:
    kind = "extra" if extra else guess.kind
    if kind == "episode" and not extension and guess.season is not None and not guess.episodes and not guess.air_date:
        kind = "season"
    title = (around.title if around.extra_type else None) or guess.title or around.title
    year = guess.year
    if year is None and around.year and title and around.title and same_name(title, around.title):
        year = around.year
    if year is None and kind == "episode" and not guess.air_date and (named := _YEAR.search(stem)):
        year = int(named[1])
    season = guess.season
    if season is None and kind == "episode" and not guess.air_date:
        season = around.season
    return replace(
        guess, kind=kind, title=title, year=year, season=season, part=part or guess.part, extra_type=extra, version=marks.version(stem), ids=ids,
    )
