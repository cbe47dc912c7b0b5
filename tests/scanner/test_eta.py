"""When a scan will be through: what is told, against what the limits and the machine allow."""

from __future__ import annotations

import dataclasses
from datetime import timedelta

import pytest
from django.utils import timezone

from jobs import queue
from jobs.models import Job
from outbound import budget, paces
from outbound.models import Grant, Source
from scanner import eta
from scanner.eta import Kind, Pace, Work
from scanner.models import Scan
from scanner.services import scans
from scanner.walk import walk
from tests.factories import make_library, put

SLOW = Pace(allowed=3.4)
BRISK = Pace(allowed=19.0)

CASES = [
    ("nothing is left", Work(matches=Kind(ended=10)), 0.0),
    ("nobody knows yet", Work(matches=Kind(open=10)), None),
    ("a search and a description each", Work(matches=Kind(open=34), metadata=SLOW), 20.0),
    ("a description each", Work(titles=Kind(open=34), metadata=SLOW), 10.0),
    ("what is not stored yet counts", Work(matches=Kind(open=17), coming=17, metadata=SLOW), 20.0),
    ("pictures run beside descriptions", Work(titles=Kind(open=34), metadata=SLOW, images=BRISK), 10.0),
    ("pictures take longer", Work(titles=Kind(open=38), metadata=Pace(38.0), images=BRISK), 8.0),
    ("only pictures are left", Work(pictures=Kind(open=19), metadata=SLOW, images=BRISK), 4.0),
    ("a show's stills", Work(stills=Kind(open=19), a_show=20.0, metadata=SLOW, images=BRISK), 20.0),
    (
        "some of the stills are there",
        Work(stills=Kind(19, 19), a_show=20.0, stills_done=570, metadata=SLOW, images=BRISK),
        10.0,
    ),
    ("ids in names need no search", Work(Kind(50, 34), Kind(50, 0), metadata=Pace(3.4, sent=50)), 10.0),
    ("half of them are never found", Work(Kind(50, 34), Kind(0, 25), metadata=Pace(3.4, sent=50)), 22.4),
    ("requests are slower than allowed", Work(titles=Kind(open=34), metadata=Pace(6.8, lately=3.4)), 10.0),
    ("never faster than allowed", Work(titles=Kind(open=34), metadata=Pace(3.4, lately=9.0)), 10.0),
    ("the source is held", Work(titles=Kind(open=34), metadata=Pace(3.4, held_seconds=60)), 70.0),
    ("the last is due later", Work(titles=Kind(open=34), metadata=SLOW, due_seconds=300), 300.0),
    ("looks at a slow disk are last", Work(titles=Kind(open=34), looks=Kind(9, 100, lately=2), metadata=SLOW), 50.0),
    ("quick looks cost nothing more", Work(titles=Kind(open=34), looks=Kind(9, 100, lately=50), metadata=SLOW), 10.0),
    ("without a service the machine tells", Work(looks=Kind(100, 100, lately=10)), 10.0),
]


@pytest.mark.parametrize(("work", "seconds"), [case[1:] for case in CASES], ids=[case[0] for case in CASES])
def test_what_is_told(work, seconds):
    found = eta.seconds_left(work)

    assert found == (None if seconds is None else pytest.approx(seconds, rel=0.01))


def test_a_machine_slower_than_the_service_is_what_one_waits_for():
    work = Work(titles=Kind(50, 50, lately=1), pictures=Kind(50, 0), metadata=Pace(19.0, lately=1.0), images=BRISK)

    assert eta.seconds_left(work) > 100


# --- the walk ---


def test_the_walk_reckons_early_how_much_is_ahead(tmp_path):
    put(tmp_path, *(f"Movies/Film {n} (2000)/Film {n} (2000).mkv" for n in range(300)))
    put(tmp_path, *(f"Shows/Show {n}/Season {s}/e{e}.mkv" for n in range(30) for s in range(4) for e in range(5)))
    told = []

    listing = walk(str(tmp_path), seen=lambda walker: told.append((walker.listing.folders, walker.share())))

    half = [share / (folders / listing.folders) for folders, share in told if folders > listing.folders * 0.3]
    assert len(listing.files) == 900
    assert all(0.8 < ratio < 1.2 for ratio in half)
    assert [share for _folders, share in told] == sorted(share for _folders, share in told)


def test_a_library_of_many_top_folders_is_reckoned_with_too(tmp_path):
    put(tmp_path, *(f"Film {n} (2000)/Film {n} (2000).mkv" for n in range(256)))
    told = []

    walk(str(tmp_path), seen=lambda walker: told.append(walker.share()))

    assert told == [pytest.approx(n, abs=0.05) for n in (0.25, 0.5, 0.75, 1.0)]


# --- the scan ---


@pytest.fixture
def described(db, settings, tmp_path):
    """A scan whose walk is over, with a service that allows 34 requests in ten seconds."""
    Source.objects.create(name="tmdb", rules=[[35, 10]])
    Source.objects.create(name="tmdb-images", rules=[[20, 1]])
    settings.TMDB = _with_key(settings.TMDB)
    now = timezone.now()
    return Scan.objects.create(
        library=make_library(tmp_path), state="done", started_at=now, walk_seconds=1.0, ended_at=now
    )


def _with_key(conf):
    return dataclasses.replace(conf, api_key="k" * 32, demo=False)


def queue_matches(scan, number):
    origin = scans.origin_of(scan)
    queue.enqueue(*(queue.Work("scanner.match", f"match:{n}", origin=origin) for n in range(number)))


def test_what_follows_from_a_match_is_told_before_it_is_queued(described):
    queue_matches(described, 34)

    found = scans.progress(described)

    assert (found.phase, found.done, found.total) == ("describing", 0, 34 * 6)
    assert found.eta_seconds == pytest.approx(20.0, rel=0.01)


def test_nobody_knows_when_a_paused_pool_goes_on(described):
    queue_matches(described, 34)
    queue.pause("metadata", "for tonight", actor="mia")

    assert scans.progress(described).eta_seconds is None


def test_a_scan_is_done_when_nothing_of_it_is_left(described):
    queue_matches(described, 3)
    Job.objects.update(state="done", ended_at=timezone.now())

    found = scans.progress(described)

    assert (found.phase, found.done, found.total, found.eta_seconds) == ("done", 3, 3, 0.0)


def test_files_that_are_not_stored_yet_lengthen_the_way(described):
    origin = scans.origin_of(described)
    Scan.objects.update(state="open", ended_at=None, started_at=timezone.now() - timedelta(seconds=3))
    described.refresh_from_db()
    queue_matches(described, 17)
    Job.objects.create(kind="scanner.walk", key=origin, done_units=50, total_units=100, unit="new files", speed=25.0)

    found = scans.progress(described)

    assert (found.phase, found.done, found.total) == ("storing new files", 50, 100)
    assert found.eta_seconds == pytest.approx(20.0, rel=0.01)


def test_a_first_walk_promises_nothing(described):
    Scan.objects.update(state="open", ended_at=None, walk_seconds=None)
    described.refresh_from_db()
    Job.objects.create(
        kind="scanner.walk", key=scans.origin_of(described), done_units=50, total_units=100, unit="files", speed=25.0
    )

    found = scans.progress(described)

    assert (found.done, found.total, found.eta_seconds) == (50, 100, None)


def test_a_later_walk_tells_by_what_it_reckons_is_ahead(described):
    Scan.objects.update(state="open", ended_at=None, walk_seconds=None, expected_files=1_000)
    described.refresh_from_db()
    Job.objects.create(
        kind="scanner.walk", key=scans.origin_of(described), done_units=50, total_units=100, unit="files", speed=25.0
    )

    found = scans.progress(described)

    assert (found.done, found.total) == (50, 1_000)
    assert found.eta_seconds == pytest.approx(2.0, rel=0.02)


# --- the pace of a source ---


def test_the_pace_of_late_is_measured_between_requests(described):
    now = budget.now()
    Grant.objects.bulk_create(
        Grant(source_id="tmdb", arrived_by=now.budget - n / 2, taken_at=now.budget - n / 2, clock=now.clock)
        for n in range(20)
    )

    found = paces.measure("tmdb", since=now.wall - timedelta(seconds=4.9))

    assert found.allowed == pytest.approx(3.4)
    assert found.lately == pytest.approx(2.0)
    assert found.sent == 10


def test_a_hold_is_part_of_the_pace(described):
    queue.hold("tmdb", until=timezone.now() + timedelta(seconds=60), reason="told to wait")

    assert paces.measure("tmdb", since=timezone.now()).held_seconds == pytest.approx(60, abs=1)
