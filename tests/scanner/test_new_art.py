"""A picture that somebody puts beside the media is seen by the next scan, and by a look where the folder is watched."""

from __future__ import annotations

import datetime as dt
import os

import pytest
from django.utils import timezone

from jobs.models import Job
from scanner.models import Hint, Match, Scan, Title
from scanner.services import looking
from tests.factories import make_title, put, scan

pytestmark = [pytest.mark.django_db, pytest.mark.repeats]
FILM, SHOW = "Moss (2019)/Moss (2019).mkv", "Post/Season 01/Post S01E01.mkv"


@pytest.fixture
def root(library, tmp_path):
    """A film and a show, both known and scanned an hour ago."""
    root = tmp_path / "films"
    put(root, FILM)
    put(root, SHOW)
    scan(library)
    for match in Match.objects.all():
        Match.objects.filter(pk=match.pk).update(title=make_title(match.name, kind=match.kind), state="matched")
    hour_ago = timezone.now() - dt.timedelta(hours=1)
    Scan.objects.update(started_at=hour_ago)
    for folder in [root, *(path for path in root.rglob("*") if path.is_dir())]:
        os.utime(folder, (hour_ago.timestamp() - 3_600,) * 2)
    Job.objects.all().delete()
    return root


def queued() -> set[tuple[str, str]]:
    names = dict(Title.objects.values_list("pk", "kind"))
    jobs = Job.objects.filter(kind__in=["scanner.artwork", "scanner.stills"]).values_list("kind", "key")
    return {(kind, names[int(key.partition(":")[2])]) for kind, key in jobs}


def test_a_scan_sees_a_picture_beside_a_film(library, root):
    (root / "Moss (2019)/folder.jpg").write_bytes(b"a picture")

    scan(library)

    assert queued() == {("scanner.artwork", "movie")}


def test_a_scan_sees_a_picture_in_a_season(library, root):
    (root / "Post/Season 01/poster.png").write_bytes(b"a picture")

    scan(library)

    assert queued() == {("scanner.artwork", "show"), ("scanner.stills", "show")}


def test_what_we_placed_ourselves_is_no_news_until_somebody_replaces_it(library, root):
    poster = root / "Moss (2019)/poster.jpg"
    poster.write_bytes(b"ours")
    Match.objects.filter(kind="movie").update(sidecars={"poster.jpg": {"role": "poster", "sha256": "x", "bytes": 4}})

    scan(library)
    assert queued() == set()
    poster.write_bytes(b"somebody's own")
    scan(library)

    assert queued() == {("scanner.artwork", "movie")}


def test_other_files_and_folders_without_news_queue_nothing(library, root):
    (root / "Moss (2019)/Moss (2019).srt").write_text("words")

    scan(library)

    assert queued() == set()


def test_a_look_sees_it_at_once(library, root):
    (root / "Moss (2019)/poster.jpg").write_bytes(b"a picture")
    Hint.objects.create(library=library, path="Moss (2019)")

    looking.look(library)

    assert queued() == {("scanner.artwork", "movie")}
