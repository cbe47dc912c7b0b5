"""Rows for the tests of pages: each spells out only what it is about."""

from __future__ import annotations

import datetime
from typing import Any

from django.utils import timezone

from jobs.models import Drain, Job, Pool
from scanner.filenames import sort_name
from scanner.models import Episode, EpisodeFile, Library, Match, MediaFile, Scan, Title

LONG_AGO = datetime.date(2001, 1, 1)


def make_library(**fields: Any) -> Library:
    path = fields.pop("path", "/media/films")
    known = list(Library.objects.filter(path=path))
    return known[0] if known else Library.objects.create(path=path, **{"name": "Films", **fields})


def make_title(name: str = "Harbour Lights", **fields: Any) -> Title:
    return Title.objects.create(
        **{"kind": "movie", "state": "indexed", "sort_name": sort_name(name), "name": name, "year": 2021, **fields}
    )


def make_match(title: Title | None = None, **fields: Any) -> Match:
    key = fields.pop("key", f"Folder {Match.objects.count()}")
    defaults = {"library": make_library(), "kind": "movie", "state": "matched", "folder": key, "name": key}
    return Match.objects.create(key=key, title=title, **{**defaults, **fields})


def make_file(match: Match, path: str = "", **fields: Any) -> MediaFile:
    path = path or f"{match.key}/{MediaFile.objects.count()}.mkv"
    defaults = {"library": match.library, "state": "indexed", "size_bytes": 2**31, "mtime_ns": 0}
    return MediaFile.objects.create(match=match, path=path, **{**defaults, **fields})


def make_movie(name: str = "Kiln", **fields: Any) -> Title:
    title = make_title(name, **fields)
    make_file(make_match(title))
    return title


def make_show(
    name: str = "Signal to Noise", *, owned: int = 2, missing: int = 0, upcoming: int = 0, season: int = 1
) -> Title:
    title = make_title(name, kind="show")
    match = make_match(title, kind="show")
    add_season(title, match, owned=owned, missing=missing, upcoming=upcoming, season=season)
    return title


def add_season(title: Title, match: Match, *, owned: int, missing: int = 0, upcoming: int = 0, season: int = 1) -> None:
    for number in range(1, owned + missing + upcoming + 1):
        aired = LONG_AGO if number <= owned + missing else timezone.localdate() + datetime.timedelta(days=30)
        episode = Episode.objects.create(
            title=title, season=season, number=number, air_date=aired, name=f"Part {season}.{number}"
        )
        if number <= owned:
            EpisodeFile.objects.create(file=make_file(match), episode=episode)


def make_scan(**fields: Any) -> Scan:
    return Scan.objects.create(**{"library": make_library(), "state": "done", **fields})


def make_job(key: str = "title:1", **fields: Any) -> Job:
    return Job.objects.create(**{"kind": "scanner.title", "key": key, "pool": "metadata", **fields})


def make_pool(name: str = "metadata", **fields: Any) -> Pool:
    return Pool.objects.update_or_create(name=name, defaults={"limit": 8, **fields})[0]


def make_worker() -> Drain:
    return Drain.objects.create(name="d1", node="home", pid=1, pid_started=1.0)
