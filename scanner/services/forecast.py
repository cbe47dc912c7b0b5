"""What a full scan will ask of the metadata service, told before it starts."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from django.conf import settings

from scanner.models import Artwork, Library, Match, Title
from scanner.services.artwork import FANART, POSTER

ROLES = (POSTER, FANART)


@dataclass(frozen=True, slots=True)
class Forecast:
    """Requests for descriptions, pictures at most, and the seconds both take at our pace, side by side."""

    requests: int
    pictures: int
    seconds: float


def of_full_scan(libraries: Collection[Library]) -> Forecast:
    """Count the titles of these libraries, the folders still unclear there, and the pictures they lack."""
    titles = Title.objects.filter(matches__library__in=libraries).distinct()
    described = titles.count()
    unclear = Match.objects.filter(library__in=libraries, locked=False).exclude(
        state__in=(Match.State.MATCHED, Match.State.IGNORED)
    )
    there = Artwork.objects.filter(title__in=titles.values("pk"), role__in=ROLES).exclude(sha256="").count()
    requests, pictures = described + unclear.count(), max(0, len(ROLES) * described - there)
    tmdb = settings.TMDB
    return Forecast(requests, pictures, max(_seconds(requests, tmdb.limit), _seconds(pictures, tmdb.image_limit)))


def _seconds(many: int, limit: tuple[int, float]) -> float:
    requests, seconds = limit
    return many * seconds / requests
