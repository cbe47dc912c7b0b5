"""Which files a match gets beside its media, and what is in them."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from scanner import paths, placing
from scanner.art import STILL
from scanner.description import CrewMember, Description, EpisodeInfo, Person, SeasonInfo
from scanner.lenient import several
from scanner.models import Artwork, Episode, EpisodeFile, Match, MediaFile, Title
from scanner.services import insides
from scanner.sidecars import (
    MANUAL,
    EpisodeOnDisk,
    MatchNote,
    OwnFile,
    Pictures,
    Sidecar,
    is_sealed,
    may_replace_document,
    read_metadata_json,
    read_nfo,
    render_episode_nfo,
    render_metadata_json,
    render_movie_nfo,
    render_tvshow_nfo,
    says_the_same,
)

NFO_MAX = 1 << 20
DOCUMENT = "metadata.json"


@dataclass(frozen=True, slots=True)
class Sheet:
    """A file to be written: its name relative to the match's folder, and its bytes."""

    name: str
    data: bytes

    @property
    def sha256(self) -> str:
        """The hash of its bytes."""
        return hashlib.sha256(self.data).hexdigest()


def has_place(match: Match) -> bool:
    """Say whether files may lie beside the media of a match: never in a library's root."""
    return bool(match.folder)


def named(match: Match, name: str) -> str:
    """Return "poster.jpg" as it is called for this match: in a shared folder it begins with the video's name."""
    if not match.stem:
        return name
    base, dot, suffix = name.partition(".")
    if name == DOCUMENT:
        return f"{match.stem}.{name}"
    return f"{match.stem}{dot}{suffix}" if suffix == "nfo" else f"{match.stem}-{base}{dot}{suffix}"


def main_nfo(match: Match) -> str:
    """Return the name of the NFO of the title itself; a show among others in one folder has none."""
    if match.kind == Title.Kind.MOVIE:
        return named(match, "movie.nfo")
    return "" if match.stem else "tvshow.nfo"


def where(match: Match, name: str) -> str:
    """Return the path for `os` functions of a name relative to the match's folder."""
    return paths.resolve(match.library, f"{match.folder}/{name}")


def root(match: Match) -> str:
    """Return the path for `os` functions of the match's library."""
    return paths.resolve(match.library, "")


def description_of(match: Match) -> Description:
    """Return what is known of a match's title, with its episodes; without a title only what names say."""
    title = match.title
    if title is None:
        return Description(match.kind, match.name, ids=dict(match.ids), described_by="names", year=match.year)
    if not title.details.get("title"):
        ids = {"tmdb": title.tmdb_id} if title.tmdb_id else {}
        return Description(title.kind, title.name, ids=ids, described_by="names", year=title.year)
    described = Description.from_json(title.details)
    return described if title.kind == Title.Kind.MOVIE else replace(described, seasons=_seasons(title, described))


def nfos(match: Match, described: Description) -> Iterator[Sheet]:
    """Yield the NFOs of a match; none from names alone: Kodi would take it for all there is and not look further."""
    if described.described_by == Title.DescribedBy.NAMES:
        return
    if described.kind == Title.Kind.MOVIE:
        if not _has_a_foreign_nfo(match):
            yield Sheet(main_nfo(match), render_movie_nfo(described, insides.of_the_only_video(match)))
        return
    if name := main_nfo(match):
        yield Sheet(name, render_tvshow_nfo(described))
    inside = insides.by_nfo(match)
    for video, held in _episodes_on_disk(match).items():
        if described.described_by == Title.DescribedBy.NFO and not any(episode.info.name for episode in held):
            continue  # of an episode without an NFO nothing is known but its number
        yield Sheet(video, render_episode_nfo(described, held, inside.get(video)))


def document(match: Match, described: Description, *, nfo: OwnFile | None) -> Sheet:
    """Return the metadata.json of a match; where nothing but dates and ratings differ, as it lies there already."""
    note = MatchNote(
        by=MANUAL if match.by == Match.By.HAND else match.by,
        query=match.name,
        year=match.year,
        score=match.score,
        locked=match.locked,
        ignored=match.state == Match.State.IGNORED,
    )
    data = render_metadata_json(described, note, pictures=_pictures(match), nfo=nfo, files=insides.files(match))
    name = named(match, DOCUMENT)
    there = placing.read(where(match, name))
    if there and may_replace_document(there) and says_the_same(there, data):
        return Sheet(name, there)
    return Sheet(name, data)


def own_pictures(match: Match) -> dict[str, OwnFile]:
    """Return the pictures we placed for a match, by name."""
    return {
        name: OwnFile(name, row["sha256"], row.get("bytes", 0), row.get("source", ""), row["role"])
        for name, row in match.sidecars.items()
        if "role" in row and "pending" not in row
    }


def kept_document(match: Match) -> Sidecar | None:
    """Return what the metadata.json beside the media of a match says."""
    body = placing.read(where(match, named(match, DOCUMENT))) if has_place(match) else None
    return read_metadata_json(body) if body else None


def _pictures(match: Match) -> Pictures:
    """Return what metadata.json says of pictures: ours beside the media, and those that a person chose."""
    ours = [own for _name, own in sorted(own_pictures(match).items())]
    chosen = Artwork.objects.filter(title=match.title_id).exclude(choice="") if match.title_id else ()
    return Pictures(
        art={own.key: own for own in ours if own.key != STILL},
        stills=[own for own in ours if own.key == STILL],
        choices={row.slot.key: row.choice for row in chosen if row.role != STILL},
    )


def _has_a_foreign_nfo(match: Match) -> bool:
    """Say whether a person keeps an NFO of the film under another name than ours; scene art is none."""
    for path in match.files.filter(extra="").values_list("path", flat=True):
        name = f"{_beside(match, path).rpartition('.')[0]}.nfo"
        body = placing.read(where(match, name), most=NFO_MAX) if name != main_nfo(match) else None
        if body and not is_sealed(body) and read_nfo(body).kind == Title.Kind.MOVIE:
            return True
    return False


def _seasons(title: Title, described: Description) -> tuple[SeasonInfo, ...]:
    by_season: dict[int, list[EpisodeInfo]] = defaultdict(list)
    known = title.episodes.exclude(name="", tmdb_id=None).order_by("season", "number")
    for episode in known:
        by_season[episode.season].append(_info(episode))
    return tuple(
        replace(season, episodes=tuple(by_season[season.number])) if season.number in by_season else season
        for season in described.seasons
    )


def _episodes_on_disk(match: Match) -> dict[str, list[EpisodeOnDisk]]:
    """Return the episodes of each video by the name of its NFO; of a video in parts the first has it."""
    links = EpisodeFile.objects.filter(file__match=match, file__extra="").exclude(file__part__gt=1)
    links = links.exclude(file__state=MediaFile.State.MISSING).select_related("file", "episode")
    found: dict[str, list[EpisodeOnDisk]] = defaultdict(list)
    for link in links.order_by("file__path", "episode__season", "episode__number"):
        name = f"{_beside(match, link.file.path).rpartition('.')[0]}.nfo"
        found[name].append(EpisodeOnDisk(link.episode.season, _info(link.episode)))
    return found


def _info(episode: Episode) -> EpisodeInfo:
    details: dict[str, Any] = episode.details
    return EpisodeInfo(
        number=episode.number,
        name=episode.name,
        air_date=episode.air_date,
        runtime_min=episode.runtime_min,
        overview=episode.overview,
        still_path=episode.still_path,
        tmdb_id=episode.tmdb_id,
        type=episode.type,
        crew=several(details, "crew", CrewMember),
        guests=several(details, "guests", Person),
    )


def _beside(match: Match, path: str) -> str:
    return path.removeprefix(f"{match.folder}/")
