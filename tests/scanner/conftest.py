"""A library that can be described: the fake service over real HTTP, folders of its own."""

from __future__ import annotations

import dataclasses

import pytest

from outbound import sources
from scanner.handlers import artwork, describe, match, write
from scanner.models import Library
from scanner.providers import tmdb
from tests.factories import make_file, make_library, make_match, make_title, put
from tests.fakes.tmdb import KEY, fake_tmdb

HANDLERS = (artwork, describe, match, write)


@pytest.fixture
def service(db, settings, tmp_path):
    """The fake metadata service, with a key that fits."""
    known = dict(sources.specs)
    settings.DATA_DIR, settings.ARTWORK_DIR = tmp_path, tmp_path / "artwork"
    settings.MAX_RETRIES_PER_ITEM = 0
    # Each request asks anew whether it may go, and a test may run several jobs: both are their point.
    settings.ZEAL_ALLOWLIST = [*settings.ZEAL_ALLOWLIST, {"model": "outbound.*"}, {"model": "jobs.*"}]
    with fake_tmdb() as fake:
        wide = {"limit": (1_000, 1.0), "image_limit": (1_000, 1.0)}
        settings.TMDB = dataclasses.replace(settings.TMDB, api_key=KEY, base_url=f"{fake.address}/3", **wide)
        tmdb.register_sources()
        yield fake
    sources.specs.clear()
    sources.specs.update(known)


@pytest.fixture
def no_key(service, settings):
    """The same without a key: nothing may be asked."""
    settings.TMDB = dataclasses.replace(settings.TMDB, api_key="")
    return service


@pytest.fixture
def library(db, tmp_path) -> Library:
    """An empty library on disk."""
    root = tmp_path / "films"
    root.mkdir()
    return make_library(root)


@pytest.fixture
def film(library, tmp_path):
    """A function that makes a film's folder, file, match and title: `film("Moss (2019)", tmdb_id=107)`."""

    def make(key="Moss (2019)", *, tmdb_id=None, title=None, where=None, **fields):
        home = where or library
        title = title or make_title(key.partition(" (")[0], tmdb_id=tmdb_id)
        matched = make_match(
            home, key, **{"title": title, "state": "matched", "by": "search", "name": title.name, "score": 1.0} | fields
        )
        video = f"{matched.folder}/{matched.stem or key}.mkv".lstrip("/")
        put(tmp_path / home.name, video)
        make_file(home, video, match=matched)
        return matched

    return make


@pytest.fixture
def show(library, tmp_path):
    """A function that makes a show with files: `show("The Night Post", {"a.mkv": (1, [1, 2])}, tmdb_id=201)`."""

    def make(key, videos, *, tmdb_id=None, **fields):
        title = make_title(key, kind="show", tmdb_id=tmdb_id)
        matched = make_match(library, key, kind="show", title=title, state="matched", by="search", name=key, **fields)
        for name, (season, numbers) in videos.items():
            put(tmp_path / library.name, f"{key}/{name}")
            make_file(library, f"{key}/{name}", match=matched, season=season, episode_numbers=numbers)
        return matched

    return make


@pytest.fixture
def folder(library, tmp_path):
    """A function from a match to its folder on disk."""
    return lambda matched: tmp_path / library.name / matched.folder
