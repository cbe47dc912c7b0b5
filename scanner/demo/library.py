"""The demo's folder: tiny files whose names show every shape and every state of a library."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from scanner.demo.catalogue import Film, Series
from scanner.demo.films import FILMS
from scanner.demo.series import SERIES

AGE_S = 86_400  # files that are not young are taken at the first look
UNKNOWN = ("Movies/IMG_4711.mp4", "Movies/Aunt Hedda's Birthday (2014)/camera two.mp4")
EXTRAS = ("Movies/{film}/{film}-trailer.mp4",)
MISSING_EVERY = 5  # of every five episodes one is not there, so that the strips have gaps


def build(root: Path) -> int:
    """Write the demo's files below `root`; returns how many there are. What is there stays."""
    names = [*_films(), *_episodes(), *UNKNOWN]
    for number, name in enumerate(names):
        where = root / name
        if where.exists():
            continue
        where.parent.mkdir(parents=True, exist_ok=True)
        where.write_bytes(b"mediasync demo, not a video: " + name.encode() + b"\0" * (64 + number))
        old = where.stat().st_mtime - AGE_S
        os.utime(where, (old, old))
    return len(names)


def _films() -> Iterator[str]:
    shapes = (
        "Movies/{title} ({year})/{title} ({year}).mkv",
        "Movies/{dots}.{year}.1080p.BluRay.x264-DEMO.mkv",
        "Movies/{title} ({year}) {{tmdb-{id}}}/{title} ({year}).mkv",
        "Movies/{title} ({year})/{title} ({year}) - 4K.mkv",
    )
    for number, film in enumerate(FILMS):
        if film.released is None:
            continue
        shape = shapes[number % len(shapes)]
        yield shape.format(title=_safe(film.title), dots=_dotted(film), year=film.released.year, id=film.id)
    first = FILMS[0]
    name = f"{_safe(first.title)} ({first.released.year if first.released else ''})"
    yield from (extra.format(film=name) for extra in EXTRAS)


def _episodes() -> Iterator[str]:
    for series in SERIES:
        for season, names in series.seasons.items():
            for number, name in enumerate(names, start=1):
                if (series.id + season + number) % MISSING_EVERY:
                    yield _episode(series, season, number, name)


def _episode(series: Series, season: int, number: int, name: str) -> str:
    folder = "Specials" if season == 0 else f"Season {season:02}"
    title = _safe(series.title)
    return f"Shows/{title} ({_year(series)})/{folder}/{title} - S{season:02}E{number:02} - {_safe(name)}.mkv"


def _year(series: Series) -> int | str:
    return series.released.year if series.released else ""


def _safe(title: str) -> str:
    return "".join(" -" if char == ":" else char for char in title if char not in '/\\?*"<>|').strip(" .")


def _dotted(film: Film) -> str:
    words = (word.strip(",:;!?'") for word in film.title.split())
    return ".".join(word.replace("'", "") for word in words if word)
