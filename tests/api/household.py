"""A small household with something of everything, for tests that go through the whole API."""

from __future__ import annotations

from typing import Any

from journal.moves import record
from outbound.models import Grant, Source, SourceHour
from scanner.models import FormerTitle, Season, TitleId
from tests.web.rows import make_file, make_job, make_library, make_match, make_movie, make_pool, make_scan, make_show

CANDIDATE = {"id": 603, "kind": "movie", "name": "Kiln", "year": 2021, "votes": 12, "overview": "…"}


def furnish() -> dict[str, list[Any]]:
    """Make it; returns the ids of what each word in an address stands for."""
    library = make_library()
    movie = make_movie("Kiln", tmdb_id=603, genres=["Drama"], rating=7.5, described_by="tmdb", runtime_min=95)
    show = make_show(owned=2, missing=1, upcoming=1)
    Season.objects.create(title=show, number=1, name="Season 1")
    TitleId.objects.create(title=movie, source="imdb", value="tt0133093")
    FormerTitle.objects.create(former_id=9_000, title=movie)
    lost = make_match(key="Lost", state="unmatched", name="Lost", year=2020, candidates=[CANDIDATE, {"odd": 1}, None])
    file = make_file(lost, "Lost/lost.mkv", state="error", last_error="unreadable")
    make_pool("metadata")
    jobs = [make_job(f"title:{movie.pk}"), make_job(f"match:{lost.pk}", kind="scanner.match", state="failed")]
    jobs.append(make_job("title:9", state="done", ended_at="2026-01-01T00:00:00Z"))
    scans = [make_scan(state="held", losses=[file.pk]), make_scan(folders={"A": {"files": 1}}, troubles=[["A", "no"]])]
    record(movie, reason="described by TMDB", old="new", new="indexed")
    source = Source.objects.create(name="tmdb", base_url="http://127.0.0.1:1", rules=[[35, 10]])
    SourceHour.objects.create(source=source, attempts=3, successes=2, failures={"Transient": 1})
    Grant.objects.create(source=source, arrived_by=1.0, taken_at=1.0, clock="test")
    return {
        "libraries": [library.pk],
        "items": [file.pk],
        "titles": [movie.pk, show.pk, 9_000],
        "matches": [lost.pk, *movie.matches.values_list("pk", flat=True)],
        "jobs": [job.pk for job in jobs],
        "scans": [scan.pk for scan in scans],
        "pools": ["metadata"],
        "sources": ["tmdb"],
    }
