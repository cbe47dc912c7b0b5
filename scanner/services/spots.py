"""Where pictures lie beside the media: ours as we noted them, and somebody's own under any name that players know."""

from __future__ import annotations

import hashlib
import os
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field

from scanner import art, paths, pictures, placing
from scanner.art import Slot, Surroundings
from scanner.models import EpisodeFile, Library, Match, MediaFile, Title
from scanner.services import sheets
from scanner.sidecars import OwnFile

EXTRAFANART = "extrafanart"
VERSIONS = 20  # of a film, whose names are looked for
Address = tuple[int, int]


@dataclass(slots=True)
class Spot:
    """A place for a picture beside one match: what is ours there, or somebody's own picture."""

    match: Match
    name: str  # of our file; empty: none is put here
    ours: bytes | None = None
    source: str = ""
    foreign: str = ""  # relative to the match's folder
    foreign_sha256: str = ""

    def holds(self, body: bytes) -> bool:
        """Say whether these bytes are what we placed here."""
        return body == self.ours

    def wants(self, source: str, switch: str) -> bool:
        """Say whether the picture has to be placed here."""
        wanted = bool(self.name) and switch in self.match.library.art_roles
        wanted = wanted and self.match.library.sidecars != Library.Sidecars.OFF
        return wanted and not self.foreign and (self.ours is None or self.source != source)


@dataclass(slots=True)
class Ground:
    """The folder of a match, listed once: its videos, its pictures, and which of them are ours."""

    match: Match
    videos: dict[Address, list[str]] = field(default_factory=dict)  # of an episode: paths without suffixes
    first: dict[str, Address] = field(default_factory=dict)  # of a video: the episode whose still it gets
    away: dict[str, Address] = field(default_factory=dict)  # videos that are MISSING
    film: tuple[str, ...] = ()  # of a movie
    ours: Mapping[str, OwnFile] = field(default_factory=dict)
    _listed: dict[str, dict[str, str]] = field(default_factory=dict)

    def spot(self, slot: Slot) -> Spot:
        """Look at what lies here under any name that players understand for this slot."""
        around = self._around(slot)
        spot = Spot(self.match, self._still_name(slot) if slot.role == art.STILL else art.file_of(slot, around))
        for name in self._there(slot, around):
            body = placing.read(sheets.where(self.match, name), most=pictures.MOST_BYTES)
            own, sha256 = self.ours.get(name), hashlib.sha256(body or b"").hexdigest()
            if own and own.sha256 == sha256:
                spot.ours, spot.source = body, own.source
            elif body is not None and _was_being_placed(self.match, name, sha256):
                spot.ours = body  # without a source: it is placed and noted anew
            elif not spot.foreign:  # also what is too large, or cannot be read: it is there
                spot.foreign, spot.foreign_sha256 = name, sha256
        return spot

    def seasons(self) -> list[int]:
        """Return the seasons of which there are videos."""
        return sorted({season for season, _number in self.videos})

    def expected(self) -> set[str]:
        """Return how our pictures may be called here, also those of videos that are MISSING."""
        around = self._around(Slot(art.POSTER))
        slots = [Slot(role) for role in art.OF_A_TITLE]
        slots += [Slot(art.SEASON, season) for season in {*self.seasons(), *(at[0] for at in self.away.values())}]
        return {art.file_of(slot, around) for slot in slots} | {
            f"{video}-thumb.jpg" for video in {**self.first, **self.away}
        }

    def twin(self, source: str) -> bytes | None:
        """Return a still of ours with this source that lies here under any name: its video may have been renamed."""
        for name, own in self.ours.items():
            if own.key == art.STILL and own.source == source:
                body = placing.read(sheets.where(self.match, name), most=pictures.MOST_BYTES)
                if body is not None and hashlib.sha256(body).hexdigest() == own.sha256:
                    return body
        return None

    def _around(self, slot: Slot) -> Surroundings:
        if slot.role == art.STILL:
            wanted = self.videos.get((slot.season, slot.episode), [])
            # Of a video with several episodes the first has the picture; somebody's own is that of all of them.
            own = sorted(wanted, key=lambda video: self.first[video] != (slot.season, slot.episode))
            return Surroundings(self.match.kind, self.match.stem, tuple(own))
        folders = self._season_folders() if slot.role == art.SEASON else None
        return Surroundings(self.match.kind, self.match.stem, self.film, folders)

    def _still_name(self, slot: Slot) -> str:
        """Return the name of our file for an episode's still; nothing where another episode of the video has it."""
        wanted = self.videos.get((slot.season, slot.episode), [])
        own = next((video for video in wanted if self.first[video] == (slot.season, slot.episode)), "")
        return f"{own}-thumb.jpg" if own else ""

    def _season_folders(self) -> dict[int, tuple[str, ...]]:
        """Return the folders in which all videos are of one season."""
        seasons: dict[str, set[int]] = defaultdict(set)
        for (season, _number), videos in self.videos.items():
            for video in videos:
                seasons[video.rpartition("/")[0]].add(season)
        found: dict[int, tuple[str, ...]] = {}
        for folder, numbers in sorted(seasons.items()):
            if folder and len(numbers) == 1:
                found[next(iter(numbers))] = (*found.get(min(numbers), ()), folder)
        return found

    def _there(self, slot: Slot, around: Surroundings) -> Iterator[str]:
        """Yield what lies here of a slot's names; of a shared folder each name is looked for by itself."""
        for base in art.bases(slot, around):
            folder, slash, name = base.rpartition("/")
            for suffix in art.SUFFIXES:
                if found := self._find(folder, f"{name}.{suffix}"):
                    yield f"{folder}{slash}{found}"
        if slot.role == art.FANART and not around.stem:
            more = sorted(self._in_folder(EXTRAFANART).values())
            yield from (f"{EXTRAFANART}/{name}" for name in more if name.lower().endswith(art.SUFFIXES))

    def _find(self, folder: str, name: str) -> str:
        if not self.match.stem:
            return self._in_folder(folder).get(name.casefold(), "")
        return name if os.path.lexists(sheets.where(self.match, f"{folder}/{name}" if folder else name)) else ""

    def _in_folder(self, folder: str) -> dict[str, str]:
        """Return the names in a folder by how they read without regard to case: one look a folder."""
        if folder not in self._listed:
            where = sheets.where(self.match, folder) if folder else paths.resolve(self.match.library, self.match.folder)
            names: list[str] = []
            with suppress(OSError):
                names = sorted(paths.to_text(name) for name in os.listdir(where))
            # The name that we write comes last and so counts, where two differ in nothing but case.
            self._listed[folder] = {name.casefold(): name for name in sorted(names, key=str.islower)}
        return self._listed[folder]


def grounds(matches: Iterable[Match]) -> list[Ground]:
    """Return the ground of each match beside which pictures may lie; two queries however many files there are."""
    found = {match.pk: Ground(match, ours=sheets.own_pictures(match)) for match in matches if sheets.has_place(match)}
    _gather_films([ground for ground in found.values() if ground.match.kind == Title.Kind.MOVIE])
    _gather_episodes({pk: ground for pk, ground in found.items() if ground.match.kind == Title.Kind.SHOW})
    return list(found.values())


def strayed(ground: Ground) -> list[str]:
    """Return our pictures whose videos are called otherwise or have gone, or which another title had."""
    expected = ground.expected()
    return sorted(name for name in ground.ours if name not in expected)


def have_strayed(match: Match) -> bool:
    """Say whether pictures of ours lie beside a match that belong to nothing there any more."""
    return any("role" in note for note in match.sidecars.values()) and any(map(strayed, grounds([match])))


def _gather_films(grounds: list[Ground]) -> None:
    by_match: dict[int | None, list[str]] = defaultdict(list)
    if grounds:
        films = MediaFile.objects.filter(match__in=[ground.match.pk for ground in grounds], extra="")
        films = films.exclude(state=MediaFile.State.MISSING).order_by("path")
        for pk, path in films.values_list("match_id", "path"):
            by_match[pk].append(path)
    for ground in grounds:
        ground.film = tuple(_bare(ground.match, path) for path in by_match[ground.match.pk][:VERSIONS])


def _gather_episodes(grounds: Mapping[int, Ground]) -> None:
    links = EpisodeFile.objects.filter(file__match__in=grounds, file__extra="").exclude(file__part__gt=1)
    rows = links.values_list("file__match_id", "file__path", "file__state", "episode__season", "episode__number")
    for pk, path, state, season, number in rows.order_by("file__path", "episode__season", "episode__number"):
        ground = grounds[pk]
        video = _bare(ground.match, path)
        if state == MediaFile.State.MISSING:
            ground.away.setdefault(video, (season, number))
            continue
        ground.videos.setdefault((season, number), []).append(video)
        ground.first.setdefault(video, (season, number))


def _bare(match: Match, path: str) -> str:
    return path.removeprefix(f"{match.folder}/").rpartition(".")[0]


def _was_being_placed(match: Match, name: str, sha256: str) -> bool:
    """Return whether somebody pulled the plug while we placed this picture, or before what it was to replace went."""
    note = match.sidecars.get(name, {})
    return "pending" in note and sha256 in (note["sha256"], note["pending"])
