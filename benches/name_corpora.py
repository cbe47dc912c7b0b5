"""Scoring of the name parser against folders of asserted names (JSON lines; the fields of `Guess.as_dict`)."""

from __future__ import annotations

import json
import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

Row = dict[str, Any]

_CORE = frozenset({"title", "year", "season", "episodes", "air_date"})
_SERIES = frozenset({"episode", "season", "series"})
_YEAR_END = re.compile(r"^(.*\S)[\s(\[]+((?:19|20)\d\d)[)\]]?$")
_COUNTRY_END = re.compile(r"^(.*\S)[\s(\[]+(?:US|UK|GB|AU|NZ|CA|IE)[)\]]?(?=$|[\s(\[]+(?:19|20)\d\d[)\]]?$)")


def rows(folder: Path) -> Iterator[Row]:
    """Yield the asserted names of all corpora in `folder`, without those that no file can be called."""
    for file in sorted(folder.glob("*.jsonl")):
        for line in file.read_text(encoding="utf-8").splitlines():
            row: Row = json.loads(line)
            if not row.get("release"):
                yield row


def score(asserted: list[Row], read: Callable[[str], Row | None]) -> dict[str, tuple[int, int]]:
    """Return right answers and all answers for films, series, ids and extras."""
    right: Counter[str] = Counter()
    total: Counter[str] = Counter()
    for row in asserted:
        for group, ok in _judge(row, read(row["input"]) or {}):
            total[group] += 1
            right[group] += ok
    return {group: (right[group], total[group]) for group in total}


def _judge(row: Row, got: Row) -> Iterator[tuple[str, bool]]:
    fields = {field: check(row, got) for field, check in _CHECKS.items() if _asserts(row, field)}
    core = [ok for field, ok in fields.items() if field in _CORE]
    if row.get("kind") == "movie" and ("title" in fields or "year" in fields):
        yield "movies", all(fields.get(field, True) for field in ("title", "year"))
    if row.get("kind") in _SERIES and core:
        yield "series", all(core)
    if "ids" in fields:
        yield "ids", fields["ids"]
    if "extra_type" in fields:
        yield "extras", fields["extra_type"]


def _asserts(row: Row, field: str) -> bool:
    return any(name in row for name in _NAMES.get(field, (field,)))


_NAMES = {
    "title": ("title", "titles"),
    "season": ("season", "seasons", "season_first"),
    "episodes": ("episodes", "episode_first", "episode_last", "single"),
}


def _title(row: Row, got: Row) -> bool:
    return any(_same_title(each, got.get("title"), got.get("year")) for each in row.get("titles", [row.get("title")]))


def _year(row: Row, got: Row) -> bool:
    year = got.get("year") or _split_year(str(got.get("title") or ""))[1]
    return bool(year == row["year"])


def _season(row: Row, got: Row) -> bool:
    seasons = got.get("seasons") or ([got["season"]] if got.get("season") is not None else [])
    if "season_first" in row:
        return bool(seasons) and min(seasons) == row["season_first"]
    wanted = row.get("seasons", [row["season"]] if row.get("season") is not None else [])
    return sorted(seasons) == sorted(wanted)


def _episodes(row: Row, got: Row) -> bool:
    episodes = sorted(got.get("episodes") or [])
    if "episodes" in row:
        return episodes == sorted(row["episodes"])
    if not episodes or (row.get("single") and len(episodes) != 1):
        return False
    first, last = row.get("episode_first", episodes[0]), row.get("episode_last", episodes[-1])
    return bool(episodes[0] == first and episodes[-1] == last)


def _ids(row: Row, got: Row) -> bool:
    ids = got.get("ids") or {}
    return all(str(ids.get(key)) == str(value) if value else not ids.get(key) for key, value in row["ids"].items())


_CHECKS: dict[str, Callable[[Row, Row], bool]] = {
    "title": _title,
    "year": _year,
    "season": _season,
    "episodes": _episodes,
    "air_date": lambda row, got: got.get("air_date") == row["air_date"],
    "extra_type": lambda row, got: got.get("extra_type") == row["extra_type"],
    "ids": _ids,
}


def _same_title(wanted: str, got: str | None, year: int | None) -> bool:
    """Compare without case and punctuation; a year or country that one side keeps apart is the same answer."""
    if got is None:
        return False
    plain = [_COUNTRY_END.sub(r"\1", each) for each in (wanted, got)]
    return _alike(wanted, got, year) or _alike(plain[0], plain[1], year)


def _alike(wanted: str, got: str, year: int | None) -> bool:
    if _letters(wanted) == _letters(got):
        return bool(_letters(wanted)) or wanted == got
    bare, wanted_year = _split_year(wanted)
    bare_got, got_year = _split_year(got)
    if wanted_year is not None and _letters(bare) == _letters(got):
        return wanted_year == year
    return got_year is not None and wanted_year is None and _letters(wanted) == _letters(bare_got)


def _split_year(title: str) -> tuple[str, int | None]:
    found = _YEAR_END.match(title.strip())
    return (found[1], int(found[2])) if found else (title, None)


def _letters(text: str) -> str:
    text = unicodedata.normalize("NFKC", text).casefold().replace("&", " and ")
    return "".join(each for each in text if each.isalnum() or unicodedata.category(each).startswith("M"))
