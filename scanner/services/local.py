"""What the files themselves say of a title: metadata.json of another day, NFOs, and names."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from jobs import running
from scanner import paths, placing
from scanner.description import CrewMember, Description, EpisodeInfo, SeasonInfo
from scanner.models import Match, MediaFile, Title
from scanner.services import beside, sheets
from scanner.sidecars import NfoFacts, is_sealed, read_metadata_json, read_nfo, read_season_nfo

NFO, NAMES, TMDB = Title.DescribedBy.NFO, Title.DescribedBy.NAMES, Title.DescribedBy.TMDB


def describe_from_files(title: Title, matches: Iterable[Match]) -> Description:
    """Return the best description that needs no service; at the least the name."""
    matches = list(matches)
    found = next(filter(None, _told(title, matches)), None) or _from_names(title)
    if title.kind == Title.Kind.SHOW and not any(season.episodes for season in found.seasons):
        names = {season.number: season.name for season in found.seasons}
        found = replace(found, seasons=tuple(_seasons(matches, names)))
    return replace(found, ids={}) if matches and not any(map(_is_settled, matches)) else found


def _is_settled(match: Match) -> bool:
    """Say whether it is known what a match is: else nothing that we wrote beside it, nor any id, counts."""
    return match.state != Match.State.UNMATCHED


def _told(title: Title, matches: Iterable[Match]) -> Iterator[Description | None]:
    """Yield what the files tell, the best first: TMDB's words, then somebody's NFO, then what we made of either."""
    matches = list(matches)
    documents = [_from_document(title, match) for match in matches if _is_settled(match)]
    yield from (replace(one, described_by=NFO) for one in documents if one and one.described_by == TMDB)
    nfos = [
        (facts, _from_nfo(title, facts))
        for match in matches
        if (facts := beside.nfo_facts(match)) and (_is_settled(match) or not facts.sealed)
    ]
    yield from (found for facts, found in nfos if not facts.sealed)
    yield from documents
    yield from (found for _facts, found in nfos)
    yield from (_from_other(title, match) for match in matches)


def _from_document(title: Title, match: Match) -> Description | None:
    """A metadata.json that was not made from names alone, whoever made it."""
    if not sheets.has_place(match):
        return None
    body = placing.read(sheets.where(match, sheets.named(match, "metadata.json")))
    sidecar = read_metadata_json(body) if body else None
    described = sidecar.description if sidecar else None
    if described is None or described.kind != title.kind or described.described_by == NAMES or not described.title:
        return None
    known = described.ids.get("tmdb")
    return described if title.tmdb_id in (None, known) else None


def _from_nfo(title: Title, facts: NfoFacts) -> Description | None:
    right_kind = "movie" if title.kind == Title.Kind.MOVIE else "tvshow"
    if facts.kind != right_kind or not (facts.title or facts.plot):
        return None
    crew = [CrewMember(name, "Director") for name in facts.directors]
    crew += [CrewMember(name, "Writer") for name in facts.writers]
    return Description(
        kind=title.kind,
        title=facts.title or title.name,
        ids=dict(facts.ids),
        described_by=NFO,
        original_title=facts.original_title,
        sort_title=facts.sort_title,
        overview=facts.plot,
        tagline=facts.tagline,
        release_date=facts.premiered,
        year=facts.year or title.year,
        runtime_min=facts.runtime_min,
        status=facts.status,
        genres=facts.genres,
        keywords=facts.tags,
        rating={facts.rating[0]: facts.rating[1:]} if facts.rating else {},
        seasons=tuple(SeasonInfo(number, name) for number, name in sorted(facts.season_names.items())),
        certification={"": facts.certification} if facts.certification else {},
        collection={"name": facts.collection} if facts.collection else None,
        studios=facts.studios,
        countries=facts.countries,
        cast=facts.cast,
        crew=tuple(crew),
    )


def _from_other(title: Title, match: Match) -> Description | None:
    """The metadata.json of another program, as far as it says what a description is made of."""
    found = beside.foreign_document(match)
    if found is None or not found.title:
        return None
    known = found.ids.get("tmdb")
    return replace(found, kind=title.kind) if title.tmdb_id in (None, known) or known is None else None


def _from_names(title: Title) -> Description:
    ids = {"tmdb": title.tmdb_id} if title.tmdb_id else {}
    return Description(title.kind, title.name, ids=ids, described_by=NAMES, year=title.year)


def _seasons(matches: Iterable[Match], names: Mapping[int, str]) -> Iterator[SeasonInfo]:
    """Yield the seasons on disk, with what their NFOs and those of their episodes say."""
    by_season: dict[int, dict[int, EpisodeInfo]] = defaultdict(dict)
    told: dict[int, tuple[str, str]] = {}
    for match in matches:
        files = match.files.filter(extra="").exclude(state=MediaFile.State.MISSING)
        folders = set()
        for path, season, numbers in files.order_by("path").values_list("path", "season", "episode_numbers"):
            if season is None:
                continue
            folders.add(path.rpartition("/")[0])
            said = {facts.episode: facts for facts in _episode_facts(match, path) if facts.season == season}
            for number in numbers:
                by_season[season].setdefault(number, _episode(number, said.get(number)))
            running.beat()
        told |= _season_facts(match, folders)
    for season, episodes in sorted(by_season.items()):
        infos = tuple(info for _number, info in sorted(episodes.items()))
        name, plot = told.get(season, ("", ""))
        yield SeasonInfo(season, name or names.get(season, ""), None, plot, episode_count=len(infos), episodes=infos)


def _season_facts(match: Match, folders: Iterable[str]) -> dict[int, tuple[str, str]]:
    """Return {season: (name, plot)} as the season.nfo of these folders say."""
    bodies = (placing.read(paths.resolve(match.library, f"{one}/season.nfo"), most=sheets.NFO_MAX) for one in folders)
    found = (read_season_nfo(body) for body in bodies if body)
    return {number: (name, plot) for number, name, plot in filter(None, found)}


def _episode_facts(match: Match, path: str) -> tuple[NfoFacts, ...]:
    body = placing.read(paths.resolve(match.library, f"{path.rpartition('.')[0]}.nfo"), most=sheets.NFO_MAX)
    if not body or (not _is_settled(match) and is_sealed(body)):
        return ()
    return read_nfo(body).episodes


def _episode(number: int, facts: NfoFacts | None) -> EpisodeInfo:
    if facts is None:
        return EpisodeInfo(number)
    crew = [CrewMember(name, "Director") for name in facts.directors]
    crew += [CrewMember(name, "Writer") for name in facts.writers]
    return EpisodeInfo(
        number=number,
        name=facts.title,
        air_date=facts.premiered,
        runtime_min=facts.runtime_min,
        overview=facts.plot,
        tmdb_id=_tmdb_id(facts),
        crew=tuple(crew),
        guests=facts.cast,
    )


def _tmdb_id(facts: NfoFacts) -> int | None:
    found = facts.ids.get("tmdb")
    return found if isinstance(found, int) else None
