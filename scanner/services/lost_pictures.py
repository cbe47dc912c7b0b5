"""Pictures that should be there and are not: after a restore on another machine, or where their job was lost."""

from __future__ import annotations

from collections.abc import Callable

from django.db.models import Exists, OuterRef

from jobs import queue, running
from jobs.models import Priority
from scanner import art, bulk
from scanner.models import Artwork, EpisodeFile, Library, MediaFile, Title
from scanner.services import causes, thumbnails

LOOK = "scanner.pictures"
EVERYTHING = "all"
BETWEEN_REPORTS = 500


def look_soon(*, reason: str) -> None:
    """Have somebody look whether the copies of all pictures are there."""
    queue.enqueue(queue.Work(LOOK, EVERYTHING, Priority.LOW, reason))


def bring_back() -> int:
    """Queue what makes lost copies anew, from beside the media where they lie there; returns for how many titles.

    Titles whose job is open are left to it.
    """
    pictures, stills = _without_copies()
    stills |= _without_stills()
    works = [_work(causes.artwork, pk) for pk in sorted(pictures)] + [_work(causes.stills, pk) for pk in sorted(stills)]
    for chunk in bulk.paced(works, most=500):
        queue.seed(chunk)
    return len(pictures | stills)


def _work(cause: Callable[..., queue.Work], pk: int) -> queue.Work:
    return cause(pk, reason="some of its pictures are not there any more", origin="", priority=Priority.VERY_LOW)


def _without_copies() -> tuple[set[int], set[int]]:
    """Return the titles of which copies for the web are not there, and those of which only stills are not."""
    pictures, stills = set[int](), set[int]()
    rows = Artwork.objects.exclude(shown="").order_by("pk").values_list("title_id", "role", "shown")
    for chunk in bulk.slices(rows.iterator(chunk_size=5_000), BETWEEN_REPORTS):
        running.check()
        running.beat()
        for title, role, shown in chunk:
            if not thumbnails.are_there(shown, role=role):
                (stills if role == art.STILL else pictures).add(title)
    return pictures, stills


def _without_stills() -> set[int]:
    """Return the shows with an episode whose still nobody has looked for, though a library of theirs wants it."""
    wanting = [library.pk for library in Library.objects.all() if art.STILL in library.art_roles]
    slot = {"title": OuterRef("episode__title"), "season": OuterRef("episode__season")}
    known = Artwork.objects.filter(role=art.STILL, episode=OuterRef("episode__number"), **slot)
    links = EpisodeFile.objects.filter(file__match__library__in=wanting, file__extra="", file__match__state="matched")
    links = links.exclude(file__state=MediaFile.State.MISSING).exclude(file__part__gt=1).exclude(episode__still_path="")
    links = links.filter(episode__title__state=Title.State.INDEXED, episode__title__described_by=Title.DescribedBy.TMDB)
    return set(links.filter(~Exists(known)).values_list("episode__title", flat=True).distinct())
