"""What time alone brings, and what a person's word is worth against names."""

from __future__ import annotations

import datetime as dt
import json

import pytest
from django.utils import timezone

from jobs import drain
from scanner.models import Match, MediaFile, Scan, Title
from scanner.services import episodes, keeping, libraries, matches
from tests.factories import make_file, make_library, make_match, make_title, put, scan

pytestmark = [pytest.mark.django_db, pytest.mark.repeats]


@pytest.mark.parametrize(
    ("away", "left"),
    [(dt.timedelta(days=29, hours=23), 1), (dt.timedelta(days=30, hours=1), 0)],
    ids=["29 days", "30 days"],
)
def test_a_missing_file_is_kept_for_30_days(library, away, left):
    match = make_match(library, title=make_title())
    make_file(library, "a.mkv", match=match, state="missing", missing_since=timezone.now() - away)

    assert keeping.forget_long_missing() == 1 - left

    assert [model.objects.count() for model in (MediaFile, Match, Title)] == [left] * 3


def test_a_file_that_came_back_in_the_last_moment_is_kept(library):
    match = make_match(library)
    long_ago = timezone.now() - dt.timedelta(days=40)
    file = make_file(library, "a.mkv", match=match, state="missing", missing_since=long_ago)
    due = MediaFile.objects.filter(state="missing")
    MediaFile.objects.filter(pk=file.pk).update(state="indexed", missing_since=None)

    assert keeping._forget(due, [file.pk]) == 0

    assert MediaFile.objects.exists()


def test_scans_of_long_ago_are_forgotten_but_for_the_newest(library, monkeypatch):
    monkeypatch.setattr(keeping, "LEAST_SCANS", 2)
    long_ago = timezone.now() - dt.timedelta(days=40)
    old = [Scan.objects.create(library=library, state="done", created_at=long_ago, ended_at=long_ago) for _ in range(2)]
    held = Scan.objects.create(library=library, state="held", created_at=long_ago)
    new = [Scan.objects.create(library=library, state="done", ended_at=timezone.now()) for _ in range(2)]

    forgotten = keeping.forget_old_scans()

    assert forgotten == len(old)
    assert set(Scan.objects.all()) == {held, *new}


def test_a_missing_file_holds_no_episode(library, show):
    match = show("The Night Post", {"a.mkv": (1, [1]), "b.mkv": (1, [2])})
    MediaFile.objects.filter(path__endswith="b.mkv").update(state="missing")

    episodes.link(match)

    assert [str(one) for one in match.title.episodes.all()] == ["S01E01"]


def test_the_season_of_a_missing_file_is_not_asked_for(service, show):
    match = show("The Night Post", {"a.mkv": (1, [1]), "b.mkv": (2, [1])}, tmdb_id=201)
    MediaFile.objects.filter(path__endswith="b.mkv").update(state="missing")

    drain.run_until_idle(threads=0)
    matches.refresh([match.title_id], actor="eve")
    drain.run_until_idle(threads=0)

    match.title.refresh_from_db()
    assert match.title.details["seasons_asked"] == [1]


def test_a_locked_pick_kept_beside_the_media_beats_an_id_tag(service, library, tmp_path):
    root = tmp_path / "films"
    put(root, "Whatever {tmdb-108}/Whatever.mkv")
    scan(library)
    drain.run_until_idle(threads=0)
    matches.pick(Match.objects.get(), "movie", 107, actor="eve")
    drain.run_until_idle(threads=0)
    libraries.remove(library, actor="eve")

    scan(make_library(root))
    drain.run_until_idle(threads=0)

    assert Match.objects.get().title.tmdb_id == 107


def test_an_id_tag_beats_what_was_kept_without_a_lock(service, library, tmp_path):
    root = tmp_path / "films"
    put(root, "Moss (2019)/Moss (2019).mkv")
    scan(library)
    drain.run_until_idle(threads=0)
    kept = json.loads((root / "Moss (2019)/metadata.json").read_text())
    libraries.remove(library, actor="eve")
    (root / "Moss (2019)").rename(root / "Moss (2019) {tmdb-108}")

    scan(make_library(root))
    drain.run_until_idle(threads=0)

    assert (kept["ids"]["tmdb"], Match.objects.get().title.tmdb_id) == (107, 108)
