"""Looking into one file: what MediaInfo finds, subtitles that lie beside it, and whether it is whole."""

from __future__ import annotations

import os
from dataclasses import replace

from jobs import running
from jobs.errors import RetryLater
from scanner import paths
from scanner.filenames.media import is_video
from scanner.models import MediaFile
from scanner.streams import discs, helper, hollow, reading, subtitles
from scanner.streams.facts import Inside, Subtitle
from scanner.streams.helper import Ended, NoLibrary, Unreadable

FAST, CLOSE = 0.0, 0.5  # how far MediaInfo reads on: the head tells nearly all, at a tenth of the time
LINKS = ".strm"  # a text that says where a player finds the film
MOST_NAMES = 20_000


class Looker:
    """Looks into files one after another; remembers the folder it is in."""

    def __init__(self) -> None:
        self._folder = ""
        self._names: list[str] = []

    def look(self, file: MediaFile) -> Inside | None:
        """Return what is inside; None where nobody can tell. Raises OSError, RetryLater, and Interrupted on a stop."""
        if file.library.demo:
            return None  # its files are no videos, and say so
        where = paths.resolve(file.library, file.path)
        try:
            if os.path.isdir(where):  # noqa: PTH112  names that are not UTF-8 stay as they are
                return _disc(where)
            if file.path.lower().endswith(LINKS):
                return Inside(container="strm")
            found = _file(where)
        except NoLibrary:
            return None
        except Ended as error:
            raise RetryLater("the program that looks into files was ended from outside") from error
        return replace(found, subtitles=(*found.subtitles, *self._beside(where)))

    def _beside(self, where: str) -> tuple[Subtitle, ...]:
        folder, _, name = where.rpartition("/")
        names = self._list(folder)
        videos = [other for other in names if is_video(other)]
        found = subtitles.belonging(name, names, videos=videos)
        for below in names:
            if below.lower() in subtitles.FOLDERS:
                inside = _names(f"{folder}/{below}")
                alone = len(videos) == 1
                told = subtitles.of_the_only_video(inside) if alone else subtitles.belonging(name, inside)
                found += tuple(replace(one, file=f"{below}/{one.file}") for one in told)
        return tuple(_as_text(one) for one in found)

    def _list(self, folder: str) -> list[str]:
        if folder != self._folder:
            self._folder, self._names = folder, _names(folder)
        return self._names


def _file(where: str) -> Inside:
    if problem := hollow.problem(where):
        return Inside(problem=problem)
    size = os.stat(where).st_size  # noqa: PTH116
    try:
        found = reading.read(helper.tracks(where, speed=FAST, stop=running.check), size=size)
        if reading.wants_a_closer_look(found):
            found = reading.read(helper.tracks(where, speed=CLOSE, stop=running.check), size=size)
    except Unreadable as error:
        return Inside(problem=str(error))
    return found


def _disc(where: str) -> Inside:
    """Return what the longest stream of a disc says; a DVD's is cut into pieces, so that its length says nothing."""
    kind, stream = discs.film_of(where)
    if not stream:
        return Inside(container=kind, problem="There is no film in this disc folder.")
    found = replace(_file(stream), container=kind)
    return replace(found, duration_s=None, bit_rate=None) if kind == discs.DVD else found


def _names(folder: str) -> list[str]:
    try:
        with os.scandir(folder) as entries:
            return [entry.name for entry, _number in zip(entries, range(MOST_NAMES), strict=False)]
    except OSError:
        return []


def _as_text(one: Subtitle) -> Subtitle:
    return replace(one, file=paths.to_text(one.file), title=paths.to_text(one.title))
