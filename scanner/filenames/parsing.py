"""From a path to a guess: the fast path, else a closer look; then what folders, ids and marks add."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from scanner.filenames import extras, folders, marks, media, numbering, stacks
from scanner.filenames.closely import read_closely
from scanner.filenames.fast import Ids, read_tidy
from scanner.filenames.folders import Around, read_around, same_name
from scanner.filenames.guess import Guess
from scanner.filenames.ids import has_ids, read_ids, without_ids

_TAIL_FOLDERS = 2  # of which guessit may make something
_YEAR = re.compile(r"\(((?:19|20)\d\d)\)")


@dataclass(frozen=True, slots=True)
class _Name:
    """One name with all that is known of it before its words are read."""

    stem: str
    extension: str
    folder: str
    around: Around
    ids: Ids
    extra_type: str | None
    part: int | None = None

    def tail(self) -> str:
        """Return the path as guessit should see it: without ids and stack, with the nearest folders."""
        name = f"{self.stem}.{self.extension}" if self.extension else self.stem
        above = self.folder.split("/")[-_TAIL_FOLDERS:]
        return "/".join([*(each for each in above if not folders.is_category(each)), name])


def parse(path: str) -> Guess | None:
    """Return what `path` says (POSIX, relative to the library's root), or None where it says nothing.

    Pure, never raises, and bounded in time whatever the name is.
    """
    folder, name = media.take_apart(path)
    around = read_around(folder)
    if around.in_disc or media.is_disc_folder(name):
        return _disc(around)
    stem, extension = media.split_extension(name)
    ids: Ids = around.ids
    if has_ids(stem) and (own := read_ids(stem)):
        ids, stem = {**ids, **own}, without_ids(stem).rstrip()
    extra_type = _type_of_folder(stem, around)
    if extra_type is None and extras.may_end(stem) and (suffix := extras.of_stem(stem)):
        extra_type, stem = suffix
    if extra_type is None:
        guess = read_tidy(stem, around, ids) or (None if extension else _season_folder(stem, around, ids))
        if guess:
            return guess
    return _look_closely(_Name(stem, extension, folder, around, ids, extra_type))


def parse_dict(path: str) -> dict[str, object] | None:
    """Return `parse` as a dictionary."""
    guess = parse(path)
    return guess.as_dict() if guess else None


def _disc(around: Around) -> Guess | None:
    """A BDMV or VIDEO_TS folder and all in it are one film, called like the folder that holds it."""
    if around.title is None:
        return None
    show = around.show or Guess(kind="none", title=around.title)
    kind = "episode" if around.season is not None or show.kind == "episode" else "movie"
    season = show.season if around.season is None else around.season
    return replace(show, kind=kind, title=around.title, season=season, part=around.part, ids=around.ids)


def _type_of_folder(stem: str, around: Around) -> str | None:
    """Return the type of extra by folder, unless the folder is that of a show of this name (Extras S01E01)."""
    if around.extra_type and stem[:1].lower() in "eost" and (numbers := numbering.read_pair(stem)):
        return None if extras.of_folder(stem[: numbers.start].strip(" ._-")) else around.extra_type
    return around.extra_type


def _season_folder(name: str, around: Around, ids: Ids) -> Guess | None:
    """Return the season that a path to a folder is; under the show's own name it is read like any release."""
    if name.lower() == "extras" and around.extra_type is None:
        return Guess(kind="season", title=around.title, season=0, ids=ids)
    if folders.season_of_folder(name) is None:
        return None
    guess = folders.folder_guess(name)
    return replace(guess, title=around.title, year=around.year, ids=ids) if guess and not guess.title else None


def _look_closely(name: _Name) -> Guess | None:
    if name.extra_type is None and numbering.read_pair(name.stem) is None and (bonus := extras.bonus(name.stem)):
        name = replace(name, extra_type="other", stem=bonus)
    if name.extra_type is None and (stacked := stacks.read_stack(name.stem)):
        name = replace(name, stem=stacked[0], part=stacked[1])
    guess = read_closely(name.stem, name.around, name.tail())
    if guess is None and name.extra_type is None:
        return None
    return _complete(guess or Guess(kind="extra"), name)


def _complete(guess: Guess, name: _Name) -> Guess | None:
    """Add what folders, ids and marks say to what the words said."""
    around, kind = name.around, guess.kind
    if kind == "episode" and not name.extension and guess.season is not None and not guess.episodes:
        kind = "season"
    title = (around.title if around.extra_type else None) or guess.title or around.title
    is_counted = kind == "episode" and not guess.air_date
    if title is None and kind in ("movie", "none") and not name.ids and not name.extra_type:
        return None
    return replace(
        guess,
        kind="extra" if name.extra_type else kind,
        title=title,
        year=guess.year or _year(title, name, is_counted=is_counted),
        season=around.season if guess.season is None and is_counted else guess.season,
        part=name.part or around.part or guess.part,
        extra_type=name.extra_type,
        version=marks.version(name.stem[len(guess.title or "") :]),  # "Uncut" in a title is no version
        ids=name.ids,
    )


def _year(title: str | None, name: _Name, *, is_counted: bool) -> int | None:
    """Return the year of the folder of the same name, or the one in brackets behind an episode's number."""
    around = name.around
    if around.year and title and around.title and same_name(title, around.title):
        return around.year
    named = _YEAR.search(name.stem) if is_counted else None
    return int(named[1]) if named else None
