"""Rows for the Library page's bench: made in bulk, measured at 20 and 400, written to like a scan."""

from __future__ import annotations

import datetime
import hashlib
import random
import time
from typing import Any

from django.contrib.auth import get_user_model
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from jobs import queue
from jobs.models import Job
from outbound.models import Source
from scanner.filenames import sort_name
from scanner.models import Episode, EpisodeFile, Library, Match, MediaFile, Scan, Season, Title
from scanner.services import genres

FIRST = ("Harbour", "Glass", "Signal", "Quiet", "Nine", "Long", "Paper", "Salt", "Winter", "Hollow")
SECOND = ("Lights", "Orchard", "Noise", "Bridges", "Engine", "Wire", "House", "Road", "Garden", "Station")
GENRES = ("Drama", "Comedy", "Crime", "Mystery", "Documentary", "Animation", "Family", "War", "Music")
pick = random.Random(11)  # noqa: S311  data, not secrets


def build(titles: int, *, shows: int, episodes: int) -> dict[str, Any]:
    """Fill the scratch database; returns the session to sign in with and the query counts on the way."""
    person = get_user_model().objects.create_superuser("bench")
    client = Client(SERVER_NAME="127.0.0.1")
    client.force_login(person)
    libraries = [Library.objects.create(path=f"/bench/{name}", name=name) for name in ("Films", "Shows")]
    Source.objects.create(name="tmdb", rules=[[35, 10]])
    Scan.objects.create(library=libraries[0], state="done", ended_at=timezone.now())
    counts, made = [], 0
    for upto in (20, 400, titles):
        for start in range(made, upto, 500):
            _titles(range(start, min(upto, start + 500)), libraries, every=titles // shows, episodes=episodes)
        made = upto
        if upto < titles:
            counts.append(_queries(client))
    _jobs(libraries[0])
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    page = client.get("/library/").content
    return {
        "session": client.session.session_key,
        "queries": counts,
        "files": MediaFile.objects.count(),
        "page_kib": round(len(page) / 1024, 1),
        "titles": [client.get(f"/library/{number}/")["Location"] for number in range(1, titles, 211)],
    }


def _jobs(library: Library) -> None:
    """Four hundred open jobs in several pools, for things that there are."""
    later = timezone.now() + datetime.timedelta(hours=1)
    pks = list(Title.objects.values_list("pk", flat=True)[:300])
    queue.enqueue(
        *(queue.Work("scanner.title", f"title:{pk}", due_at=later, reason="its description is stale") for pk in pks),
        *(queue.Work("scanner.artwork", f"title:{pk}", due_at=later, reason="it has new pictures") for pk in pks[:99]),
    )
    failed = Job.objects.filter(kind="scanner.title", pk__in=Job.objects.order_by("pk")[:9])
    failed.update(state=Job.State.FAILED, last_error="It was not found.", error_class="NotFound")


def write_like_a_scan(*, until: datetime.timedelta) -> None:
    """Write in the bulk rhythm: at most 1,000 rows or 20 ms, then rest half as long as the lock was held."""
    ids = list(MediaFile.objects.values_list("pk", flat=True))
    end = time.monotonic() + until.total_seconds()
    while time.monotonic() < end:
        began = time.monotonic()
        with transaction.atomic(), connection.cursor() as cursor:
            for start in range(0, 1000, 100):
                rows = [(pick.randrange(10**9), pk) for pk in pick.sample(ids, 100)]
                cursor.executemany("UPDATE scanner_mediafile SET size_bytes = %s WHERE id = %s", rows)
                if time.monotonic() - began > 0.02 or start == 900:
                    break
        time.sleep((time.monotonic() - began) / 2)


def _queries(client: Client) -> int:
    client.get("/library/?per=96")  # what a process reads once in a while is read
    with CaptureQueriesContext(connection) as seen:
        client.get("/library/?per=96")
    return len(seen)


@transaction.atomic
def _titles(numbers: range, libraries: list[Library], *, every: int, episodes: int) -> None:
    made = Title.objects.bulk_create(_title(n, show=n % every == 0) for n in numbers)
    genres.shelve({title.pk: pick.sample(GENRES, 3) for title in made})
    matches = Match.objects.bulk_create(
        Match(
            library=libraries[title.kind == "show"],
            key=f"{title.name} ({title.year}) {title.pk}",
            folder=f"{title.name} ({title.year}) {title.pk}",
            kind=title.kind,
            name=title.name,
            title=title,
            state="unmatched" if title.pk % 200 == 3 else "matched",
            by="search",
        )
        for title in made
    )
    shows = [match for match in matches if match.kind == "show"]
    MediaFile.objects.bulk_create(_file(match, f"{match.key}.mkv") for match in matches if match.kind == "movie")
    Season.objects.bulk_create(Season(title=match.title, number=n) for match in shows for n in (1, 2))
    _episodes(shows, episodes)


def _episodes(shows: list[Match], many: int) -> None:
    today = timezone.localdate()
    rows = [
        Episode(
            title=match.title,
            season=1 + n * 2 // many,
            number=1 + n,
            name=pick.choice(SECOND),
            air_date=today + datetime.timedelta(days=7 * (n - many + (match.pk % 4))),
        )
        for match in shows
        for n in range(many)
    ]
    by_title = {match.title_id: match for match in shows}
    made = Episode.objects.bulk_create(rows, batch_size=2000)
    # A twentieth is not there: what the filter "missing" has to find.
    owned = [episode for episode in made if episode.pk % 20]
    files = MediaFile.objects.bulk_create(
        (_file(by_title[e.title_id], f"{by_title[e.title_id].key}/{e} {e.pk}.mkv") for e in owned), batch_size=2000
    )
    EpisodeFile.objects.bulk_create(
        (EpisodeFile(file=file, episode=episode) for file, episode in zip(files, owned, strict=True)), batch_size=4000
    )


def _title(n: int, *, show: bool) -> Title:
    name = f"{'The ' if n % 3 == 0 else ''}{FIRST[n % 10]} {SECOND[n // 10 % 10]} {n // 100}"
    return Title(
        kind="show" if show else "movie",
        state=pick.choices(["indexed", "stale", "new", "error"], [90, 6, 3, 1])[0],
        tmdb_id=n + 1,
        name=name,
        sort_name=sort_name(name),
        year=1950 + n % 77,
        rating=n % 100 / 10,
        overview="A keeper of small machines inherits a harbour that no map shows. " * 6,
        details={"cast": [{"name": f"Person {k}", "role": f"Role {k}"} for k in range(30)]},
        poster=hashlib.sha256(name.encode()).hexdigest() if n % 10 else "",
        created_at=timezone.now() - datetime.timedelta(minutes=n),
    )


def _file(match: Match, path: str) -> MediaFile:
    state = "missing" if pick.random() < 0.005 else "indexed"
    return MediaFile(library=match.library, match=match, path=path, state=state, size_bytes=10**9, mtime_ns=0)
