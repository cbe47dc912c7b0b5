"""What a full scan will ask of the metadata service, told before it starts."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from django.conf import settings
from django.db.models import QuerySet

from scanner import art
from scanner.models import Artwork, EpisodeFile, Library, Match, Title

TITLE_ROLES = (art.POSTER, art.FANART, art.LOGO, art.LANDSCAPE)


@dataclass(frozen=True, slots=True)
class Forecast:
    """Requests for descriptions, pictures at most, and the seconds both take at our pace, side by side."""

    requests: int
    pictures: int
    seconds: float


def of_full_scan(libraries: Collection[Library]) -> Forecast:
    """Count the titles of these libraries, the folders still unclear there, and the pictures they lack."""
    settled = Match.objects.filter(library__in=libraries, state=Match.State.MATCHED)
    titles = Title.objects.filter(pk__in=settled.values("title"))  # what waits for a person is searched for, no more
    described = titles.count()
    unclear = Match.objects.filter(library__in=libraries, locked=False).exclude(
        state__in=(Match.State.MATCHED, Match.State.IGNORED)
    )
    requests, pictures = described + unclear.count(), _pictures(libraries, titles, described)
    tmdb = settings.TMDB
    return Forecast(requests, pictures, max(_seconds(requests, tmdb.limit), _seconds(pictures, tmdb.image_limit)))


def _pictures(libraries: Collection[Library], titles: QuerySet[Title], described: int) -> int:
    """Count the pictures that titles, seasons and episodes may have and that are not there."""
    switches = {switch for library in libraries for switch in library.art_roles}.union(art.SHOWN)
    held = EpisodeFile.objects.filter(file__match__library__in=libraries, file__match__state=Match.State.MATCHED)
    most = described * len(switches.intersection(TITLE_ROLES))
    most += held.values("episode__title", "episode__season").distinct().count()
    if art.STILL in switches:
        most += held.exclude(episode__still_path="").values("episode").distinct().count()
    there = Artwork.objects.filter(title__in=titles.values("pk"), role__in=switches)
    return max(0, most - there.exclude(sha256="", own="").count())


def _seconds(many: int, limit: tuple[int, float]) -> float:
    requests, seconds = limit
    return many * seconds / requests
