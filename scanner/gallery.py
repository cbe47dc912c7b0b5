"""What the pages show of pictures: one query a page, sizes known, so that nothing moves when they arrive."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Q

from scanner import art, pictures
from scanner.models import Artwork, Title

SHEET_SIZE = (342, 513)  # of a poster whose own size is not known


@dataclass(frozen=True, slots=True)
class Shown:
    """A picture for the web; `width` and `height` are those of the whole picture, of which there are smaller copies.

    `own`: the name of somebody's own file, `locked`: a person chose it.
    """

    role: str
    sha: str
    width: int
    height: int
    own: str = ""
    locked: bool = False

    @property
    def small(self) -> Copy:
        """The smaller copy of two."""
        return self._copy(min(art.ROLES[self.role].web))

    @property
    def large(self) -> Copy:
        """The larger copy of two."""
        return self._copy(max(art.ROLES[self.role].web))

    def _copy(self, width: int) -> Copy:
        return Copy(f"/artwork/{self.sha}-{width}.webp", *pictures.size_at(width, of=(self.width, self.height)))


@dataclass(frozen=True, slots=True)
class Copy:
    """One WebP with its address and its size in pixels: what `<img>` wants."""

    url: str
    width: int
    height: int


def art_of(title: Title) -> dict[str, Shown]:
    """Return the pictures of a title by role: poster, fanart, logo, landscape, banner, collection, …"""
    rows = Artwork.objects.filter(title=title, season=art.NONE).exclude(shown="")
    found = {row.role: shown_of(row) for row in rows}
    if title.poster and art.POSTER not in found:  # of a title that was described by an earlier version
        found[art.POSTER] = Shown(art.POSTER, title.poster, *SHEET_SIZE)
    return found


def season_posters(title: Title) -> dict[int, Shown]:
    """Return the posters of a show's seasons by number."""
    rows = Artwork.objects.filter(title=title, role=art.SEASON).exclude(shown="")
    return {row.season: shown_of(row) for row in rows}


def stills(title: Title, season: int) -> dict[int, Shown]:
    """Return the stills of a season's episodes by number."""
    rows = Artwork.objects.filter(title=title, season=season, role=art.STILL).exclude(shown="")
    return {row.episode: shown_of(row) for row in rows}


def of_page(title: Title) -> tuple[dict[str, Shown], dict[int, Shown]]:
    """Return `art_of(title)` and `season_posters(title)` in one query."""
    rows = list(Artwork.objects.filter(Q(season=art.NONE) | Q(role=art.SEASON), title=title).exclude(shown=""))
    own = {row.role: shown_of(row) for row in rows if row.season == art.NONE}
    return own, {row.season: shown_of(row) for row in rows if row.role == art.SEASON}


def of_season(title: Title, season: int) -> tuple[Shown | None, dict[int, Shown]]:
    """Return the poster of a season, if there is one, and the stills of its episodes by number, in one query."""
    rows = list(Artwork.objects.filter(title=title, season=season).exclude(shown=""))
    poster = next((shown_of(row) for row in rows if row.role == art.SEASON), None)
    return poster, {row.episode: shown_of(row) for row in rows if row.role == art.STILL}


def of_titles(titles: Iterable[Title], role: str) -> dict[int, Shown]:
    """Return one picture of each of these titles by their ids, such as the backdrops of a page of cards."""
    rows = Artwork.objects.filter(title__in=[title.pk for title in titles], season=art.NONE, role=role)
    return {row.title_id: shown_of(row) for row in rows.exclude(shown="")}


def shown_of(row: Artwork) -> Shown:
    """Return what the web shows for a row that has something to show."""
    return Shown(row.role, row.shown, row.width, row.height, row.own, row.locked)
