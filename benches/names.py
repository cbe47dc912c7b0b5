"""Bench: how well and how fast names are read; `names [FOLDER]` takes a folder of asserted names for accuracy."""

from __future__ import annotations

import random
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from guessit import guessit

from benches import name_corpora
from scanner import filenames
from scanner.filenames import folders

_SEED = 20
_LIBRARY = 20_000
_SAMPLE_FOR_GUESSIT = 300
_FUZZED = 600
_MOST_BYTES = 255
_ACCURACY_BARS = {"movies": 97.5, "series": 90.0, "ids": 97.0, "extras": 98.0}
# fmt: off
_WORDS = (
    "silver", "harbour", "night", "garden", "last", "winter", "broken", "compass", "hidden", "valley", "paper",
    "moon", "distant", "thunder", "quiet", "storm", "iron", "bridge", "golden", "hour", "river", "stone", "falling",
    "ash", "bright", "shadow", "northern", "light", "empty", "quarter", "of", "the", "and", "for",
)
# Pieces that make parsers slow, alone and together.
_PIECES = (
    "S01E02", "1x02", "E03", "-", ".", "_", "(", ")", "[", "]", "{", "}", "2019", "1999", "01", "123", "1234",
    "1080p", "x264", "German", "FRENCH", "DL", "Part", "2", "cd1", "Season", "Episode", "Staffel", "aka", "The",
    "a", "b", "of", "第", "集", "漢字", "é", "[Group]", "(TV)", "{tmdb-1}", "tt1234567", "2019.01.02", "~", "&", "+",
    "'", "!", "#", "@", "5.1", "WEB-DL", "BluRay", "-GRP", "v2", "Extended", "Cut", "3D", "eng", "fr", "es", "ita",
    "12bit", "AAC", "DTS-HD.MA", "1-99", "0001-9999", "E01-E99", "S01E0001-E9999", "Special", "Disc", "Vol", "3",
    "HDTV",
)
# fmt: on


def run(arguments: list[str]) -> dict[str, Any]:
    """Measure everything; accuracy too, where a folder of asserted names is given."""
    figures: dict[str, Any] = {}
    bars: dict[str, dict[str, Any]] = {}
    if arguments:
        _measure_accuracy(Path(arguments[0]), figures, bars)
    _measure_speed(figures, bars)
    _measure_hostile(figures, bars)
    return {"figures": figures, "bars": bars}


def _measure_accuracy(folder: Path, figures: dict[str, Any], bars: dict[str, Any]) -> None:
    scores = name_corpora.score(list(name_corpora.rows(folder)), filenames.parse_dict)
    for group, least in _ACCURACY_BARS.items():
        right, total = scores.get(group, (0, 0))
        value = round(100 * right / total, 1) if total else 0.0
        figures[f"{group} right"] = f"{right}/{total}"
        bars[f"{group} %"] = {"value": value, "bar": f">= {least}", "ok": value >= least}


def _measure_speed(figures: dict[str, Any], bars: dict[str, Any]) -> None:
    library = tidy_library(_LIBRARY)
    first, again = _micros_each(library, is_cold=True), _micros_each(library, is_cold=False)
    sample = random.Random(_SEED).sample(library, _SAMPLE_FOR_GUESSIT)  # noqa: S311  (no secret)
    ours = _micros_each(sample, is_cold=True)
    guessit("Warm.Up.2001.mkv")
    started = time.process_time()
    for path in sample:
        guessit(path)
    theirs = (time.process_time() - started) / len(sample) * 1e6
    figures |= {
        "first index, µs a name": round(first, 1),
        "again, µs a name": round(again, 1),
        "sample, µs a name": round(ours, 1),
        "guessit alone, µs a name": round(theirs),
        "100,000 names, s": round(first / 10, 2),
    }
    bars["fast path, µs a name"] = {"value": round(first, 1), "bar": "<= 40", "ok": first <= 40}
    bars["tidy library, times guessit"] = {
        "value": round(theirs / ours),
        "bar": ">= 50",
        "ok": theirs / ours >= 50,
    }


def _measure_hostile(figures: dict[str, Any], bars: dict[str, Any]) -> None:
    filenames.parse("Warm up (x) [y] 12 foo.mkv")
    worst, name = max((_cpu_seconds(each), each) for each in hostile_names())
    figures |= {"hostile names": sum(1 for _ in hostile_names()), "worst name": name[:80]}
    bars["worst name, s of CPU"] = {"value": round(worst, 4), "bar": "< 0.1", "ok": worst < 0.1}


def _cpu_seconds(name: str) -> float:
    """Return the least of two readings, so that a pause of the machine does not count."""
    readings = []
    for _ in range(2):
        started = time.process_time()
        filenames.parse(name)
        readings.append(time.process_time() - started)
        if readings[-1] < 0.02:
            break
    return min(readings)


def _micros_each(paths: list[str], *, is_cold: bool) -> float:
    if is_cold:
        folders.read_around.cache_clear()
        folders.folder_guess.cache_clear()
    started = time.process_time()
    for path in paths:
        filenames.parse(path)
    return (time.process_time() - started) / len(paths) * 1e6


def tidy_library(size: int) -> list[str]:
    """Return paths as a kept library has them: six in ten episodes in season folders, the rest films and releases."""
    chance = random.Random(_SEED)  # noqa: S311  (no secret)
    paths: list[str] = []
    while len(paths) < size:
        title, year = _words(chance), chance.randint(1960, 2024)
        paths += _title_paths(chance, title, year, dotted=title.replace(" ", "."))
    return paths[:size]


def _title_paths(chance: random.Random, title: str, year: int, *, dotted: str) -> list[str]:
    numbers = range(1, chance.randint(6, 14))
    match chance.choices(("show", "release", "double", "film", "film release", "fansub"), (30, 10, 5, 400, 150, 8))[0]:
        case "show":
            return [
                f"{title} ({year})/Season {season:02d}/{title} - S{season:02d}E{number:02d} - {_words(chance)}.mkv"
                for season in range(1, chance.randint(8, 22))
                for number in numbers
            ]
        case "release":
            pack = f"{dotted}.S01.1080p.WEB-DL.x264-GRP"
            return [f"{pack}/{dotted}.S01E{number:02d}.1080p.WEB-DL.x264-GRP.mkv" for number in numbers]
        case "double":
            return [f"{title}/Season 01/{title} - S01E{number:02d}-E{number + 1:02d}.mkv" for number in numbers]
        case "film":
            return [f"{title} ({year})/{title} ({year}).mkv"]
        case "film release":
            return [f"{dotted}.{year}.1080p.BluRay.x264-GRP/{dotted}.{year}.1080p.BluRay.x264-GRP.mkv"]
        case _:
            return [f"[Group] {title}/[Group] {title} - {number:02d} [1080p].mkv" for number in numbers]


def _words(chance: random.Random) -> str:
    return " ".join(chance.choices(_WORDS, k=chance.randint(1, 4))).title()


def hostile_names() -> Iterable[str]:
    """Yield names of at most 255 bytes that are built to be slow: one piece repeated, and pieces at random."""
    for piece in (*_PIECES, ".", " ", "漢", "e\u0301", "((", "S01E01-E02 ", "(2019)", "1.1.", "a-", "01-02-", "x", "1"):
        yield _cut(piece * _MOST_BYTES)
        yield _cut(f"{piece}." * _MOST_BYTES) + ".mkv"
    yield from ("Show S01E0001-E9999.mkv", "Show 0001~99999.mkv", "Show S01E02-1080.mkv", "Show 1x02-720.mkv")
    yield from ("Show.Season.1-9999", "Show - 1-9999 [a]", f"Show S01E01-{'9' * 200}", "1x02-Season-DL-123-")
    chance = random.Random(_SEED)  # noqa: S311  (no secret)
    for _ in range(_FUZZED):
        separator = chance.choice((".", " ", "_", "-", ""))
        yield _cut(separator.join(chance.choices(_PIECES, k=chance.randint(6, 80)))) + chance.choice(
            ("", ".mkv", ".avi")
        )


def _cut(name: str) -> str:
    return name.encode()[: _MOST_BYTES - 4].decode("utf-8", "ignore")
