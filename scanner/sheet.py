"""Everything the page of one title shows, in eight queries however long the show is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from django.db.models import F, Q

from journal.models import Event
from journal.moves import subject_of
from pages.paging import Pages
from scanner import gallery
from scanner.about import About, Row, about, matches_of
from scanner.inspection import with_facts
from scanner.models import Match, MediaFile, Season, Title
from scanner.strips import Strip, of_rows

EPISODES = 60
OTHER_FILES = 100
EVENTS = 30
CAST = 24
ROLE = 60  # characters of it that are shown
SITES = {
    "imdb": ("IMDb", "https://www.imdb.com/title/{id}/"),
    "tvdb": ("TheTVDB", "https://www.thetvdb.com/dereferrer/{kind}/{id}"),
    "wikidata": ("Wikidata", "https://www.wikidata.org/wiki/{id}"),
}
CREW = ("Director", "Creator", "Writer", "Screenplay", "Novel", "Composer", "Original Music Composer")


@dataclass(slots=True)
class SeasonLine:
    """A season in the list of seasons."""

    number: int
    name: str
    strip: Strip
    overview: str = ""
    poster: Any = None  # a picture for the web with its address and size, where there is one


@dataclass(slots=True)
class Sheet:
    """A title with what belongs to it; `files` are those of no listed episode."""

    title: Title
    about: About
    art: dict[str, gallery.Shown]
    matches: list[Match]
    seasons: list[SeasonLine]
    season: SeasonLine | None
    pages: Pages
    episodes: list[tuple[Row, list[MediaFile]]]
    files: list[MediaFile]
    files_left_out: bool
    events: list[Event]
    ids: list[tuple[str, str, str]]

    @property
    def cast(self) -> list[tuple[str, str]]:
        """(name, role) of those who play."""
        people = [(name, role) for name, role in _people(self.title, "cast", "role") if name][:CAST]
        return [(name, f"{role[: ROLE - 1]}…" if len(role) > ROLE else role) for name, role in people]

    @property
    def shelves(self) -> list[tuple[str, list[MediaFile]]]:
        """The files of no listed episode: ("main", the title itself), ("extras", trailers and the like)."""
        found = [("main", [file for file in self.files if not file.extra])]
        found.append(("extras", [file for file in self.files if file.extra]))
        return [(shelf, files) for shelf, files in found if files]

    @property
    def collection(self) -> str:
        """The name of the collection a film belongs to."""
        found = self.title.details.get("collection") if isinstance(self.title.details, dict) else None
        return str(found.get("name") or "") if isinstance(found, dict) else ""

    @property
    def crew(self) -> list[tuple[str, str]]:
        """(name, job) of those who made it, the jobs a programme names."""
        return [(name, job) for name, job in _people(self.title, "crew", "job") if job in CREW][:8]


def sheet(title: Title, *, season: int | None, page: int) -> Sheet:
    """Return the sheet of `title` with the episodes of one season, `EPISODES` at most."""
    matches = matches_of(title)
    now = about(title, matches)
    seasons = _seasons(title, now.rows)
    pictures, posters = gallery.of_page(title)
    for line in seasons:
        line.poster = posters.get(line.number)
    chosen = _chosen(seasons, season)
    pages = Pages(page, EPISODES, chosen.strip.total if chosen else 0)
    episodes = [row for row in now.rows if chosen and row.season == chosen.number][pages.slice]
    by_episode, others = _files(title, matches, episodes)
    return Sheet(
        title=title,
        about=now,
        art=pictures,
        matches=matches,
        seasons=seasons,
        season=chosen,
        pages=pages,
        episodes=[(episode, by_episode.get(episode.pk, [])) for episode in episodes],
        files=others[:OTHER_FILES],
        files_left_out=len(others) > OTHER_FILES,
        events=list(Event.objects.filter(subject__in=_subjects(title, matches))[:EVENTS]),
        ids=_elsewhere(title),
    )


def _seasons(title: Title, rows: list[Row]) -> list[SeasonLine]:
    if title.kind != Title.Kind.SHOW:
        return []
    described = {season.number: season for season in Season.objects.filter(title=title)}
    grouped: dict[int, list[tuple[int, str]]] = {number: [] for number in described}
    for row in rows:
        grouped.setdefault(row.season, []).append((1, row.shown_state))
    lines = []
    for number in sorted(grouped, key=lambda n: (n == 0, n)):
        known = described.get(number)
        strip = of_rows(grouped[number])
        lines.append(SeasonLine(number, known.name if known else "", strip, known.overview if known else ""))
    return lines


def _chosen(seasons: list[SeasonLine], number: int | None) -> SeasonLine | None:
    """The season asked for, else the first that is on disk at all."""
    asked = [line for line in seasons if line.number == number]
    owned = [line for line in seasons if line.strip.available]
    return next(iter([*asked, *owned, *seasons]), None)


def _files(
    title: Title, matches: list[Match], episodes: list[Row]
) -> tuple[dict[int, list[MediaFile]], list[MediaFile]]:
    """One look for the files of these episodes and for those of none."""
    known = {match.pk: match for match in matches}
    found = (
        MediaFile.objects.filter(match__title=title)
        .with_shown_state(title=title)
        .annotate(holds=F("episodefile__episode"))
        .filter(Q(holds__in=[episode.pk for episode in episodes]) | Q(holds=None))
        .select_related("info")
        .order_by(F("holds").asc(nulls_last=True), "extra", "path")
    )
    by_episode: dict[int, list[MediaFile]] = {}
    others: list[MediaFile] = []
    for file in found[: EPISODES * 4 + OTHER_FILES + 1]:
        if file.match_id in known:
            file.match = known[file.match_id]
        if file.holds is None:  # type: ignore[attr-defined]
            others.append(with_facts(file))
        else:
            by_episode.setdefault(file.holds, []).append(file)  # type: ignore[attr-defined]
    return by_episode, others


def _subjects(title: Title, matches: list[Match]) -> list[str]:
    return [subject_of(title), *(subject_of(match) for match in matches[:50])]


def _elsewhere(title: Title) -> list[tuple[str, str, str]]:
    """(site, id, address) of the title at the sites that have a public page for it."""
    page = "movie" if title.kind == Title.Kind.MOVIE else "tv"
    found = []
    if title.tmdb_id:
        found.append(("TMDB", str(title.tmdb_id), f"https://www.themoviedb.org/{page}/{title.tmdb_id}"))
    for other in title.other_ids.order_by("source"):
        site, address = SITES.get(other.source, ("", ""))
        if address:
            kind = "movie" if title.kind == Title.Kind.MOVIE else "series"
            found.append((site, other.value, address.format(id=quote(other.value, safe=""), kind=kind)))
    return found


def _people(title: Title, group: str, part: str) -> list[tuple[str, str]]:
    """The description comes from outside: whatever is not as agreed is left out."""
    found: Any = title.details.get(group) if isinstance(title.details, dict) else None
    people = found if isinstance(found, list) else []
    return [(str(p.get("name") or ""), str(p.get(part) or "")) for p in people if isinstance(p, dict)]
