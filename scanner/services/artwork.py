"""Posters and backdrops: fetched once, placed beside the media of each match, thumbnails for the web."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from django.db import transaction
from django.utils import timezone

from jobs import queue, running
from jobs.errors import GiveUp, RetryLater
from journal.moves import record
from outbound.errors import NotFound
from scanner import pictures, placing
from scanner.description import ArtPick
from scanner.models import Artwork, Library, Match, Title
from scanner.pictures import BadPicture, Picture
from scanner.placing import Placed
from scanner.providers import tmdb, tmdb_images
from scanner.services import causes, leftovers, sheets, thumbnails
from scanner.services.write import Notes, catch_up, over, place, remember, trouble

POSTER, FANART = "poster", "fanart"
# What Kodi, Jellyfin, Emby and Plex read for a role; the first is the one that we write.
NAMES = {
    POSTER: ("poster", "folder", "cover", "default", "movie", "show"),
    FANART: ("fanart", "backdrop", "background"),
}
SUFFIXES = ("jpg", "jpeg", "png", "webp")


@dataclass(slots=True)
class Spot:
    """A place for a picture beside one match: what is ours there, or somebody's own picture."""

    match: Match
    name: str
    ours: bytes | None = None
    source: str = ""
    foreign: str = ""  # path

    def holds(self, body: bytes) -> bool:
        """Say whether these bytes are what we placed here."""
        return body == self.ours

    def wants(self, pick: ArtPick) -> bool:
        """Say whether the picture has to be placed here."""
        return not self.foreign and (self.ours is None or self.source != pick.tmdb_path)


@dataclass(slots=True)
class Found:
    """What was reached for a title, to be written down at the end."""

    rows: list[Artwork] = field(default_factory=list)
    notes: dict[int, Notes] = field(default_factory=dict)
    poster: str = ""
    complaints: list[str] = field(default_factory=list)
    obstacles: list[tuple[Library, OSError]] = field(default_factory=list)
    strays: list[Spot] = field(default_factory=list)  # pictures of the titles that matches had before


def fetch_artwork(title: Title) -> None:
    """Bring poster and backdrop of a title to all its matches; what is there already is not fetched again.

    Pictures that somebody else put there stay, and are what the web shows.
    """
    here = title.matches.filter(state=Match.State.MATCHED, library__removed_at=None)
    matches = list(here.select_related("library"))
    found = Found()
    try:
        for role in (POSTER, FANART):
            _bring(title, role, matches, found)
        for library, obstacle in found.obstacles:
            trouble(library, obstacle)
    except (RetryLater, GiveUp):
        with transaction.atomic():
            _keep(title, found)
            _queue_writing(found)
        raise
    with running.ending():
        _keep(title, found)
        _looked(title)
        libraries = {match.library_id: match.library for match in matches if match.pk in found.notes}
        relieved = [library for library in libraries.values() if over(library)]
        _queue_writing(found)
    for library in relieved:
        catch_up(library)


def _bring(title: Title, role: str, matches: list[Match], found: Found) -> None:
    asked = title.described_by == Title.DescribedBy.TMDB
    asked = asked and tmdb.configured(demo=any(match.library.demo for match in matches))
    pick = _pick(title, role) if asked else None
    spots = [_spot(match, role) for match in matches if _may_have_files(match)]
    if asked and not pick:
        found.strays += _strays(title, role, spots)
    own = next((spot.foreign for spot in spots if spot.foreign), "")
    wanting = [spot for spot in spots if pick and spot.wants(pick) and _is_free(spot, found)]
    shown = role == POSTER and not own and pick is not None and not _is_shown(title, pick)
    if pick and (wanting or shown):
        picture = _obtain(title, role, pick, spots, found)
        if picture:
            found.rows.append(_row(title, role, pick.tmdb_path, picture))
            if role == POSTER and not own:
                found.poster = thumbnails.show(picture)
            _place(role, pick, picture, wanting, found)
    if own and role == POSTER:
        _show_own(title, own, found)


def _pick(title: Title, role: str) -> ArtPick | None:
    """Return the picture that TMDB has."""
    art = title.details.get("art")
    row = art.get(role) if isinstance(art, dict) else None
    pick = ArtPick.from_json(row) if isinstance(row, dict) else None
    return pick if pick and pick.tmdb_path else None


def _strays(title: Title, role: str, spots: list[Spot]) -> list[Spot]:
    """Return where our picture was never this title's: nothing would replace that of a match's former title."""
    own = set(Artwork.objects.filter(title=title, role=role).values_list("source_path", flat=True))
    return [spot for spot in spots if spot.ours is not None and spot.source not in own]


def _is_free(spot: Spot, found: Found) -> bool:
    """Say whether a picture can be placed here; for a full disk or a read-only one nothing is fetched."""
    error = placing.obstacle(sheets.where(spot.match, spot.name).rpartition("/")[0])
    if error:
        found.obstacles.append((spot.match.library, error))
    return error is None


def _may_have_files(match: Match) -> bool:
    return sheets.has_place(match) and match.library.sidecars != Library.Sidecars.OFF


def _spot(match: Match, role: str) -> Spot:
    """Look at what lies beside a match under any name that players understand for this role."""
    spot = Spot(match, sheets.named(match, f"{NAMES[role][0]}.jpg"))
    own = sheets.own_art(match).get(role)
    for name in _known_names(match, role):
        body = placing.read(sheets.where(match, name), most=pictures.MOST_BYTES)
        if body is None:
            continue
        sha256 = hashlib.sha256(body).hexdigest()
        if own and name == own.file and sha256 == own.sha256:
            spot.ours, spot.source = body, own.source
        elif _was_being_placed(match, name, sha256):
            spot.ours = body  # without a source: it is placed and noted anew
        else:
            spot.foreign = spot.foreign or sheets.where(match, name)
    return spot


def _was_being_placed(match: Match, name: str, sha256: str) -> bool:
    """Return whether somebody pulled the plug while we placed this picture, or before what it was to replace went."""
    note = match.sidecars.get(name, {})
    return "pending" in note and sha256 in (note["sha256"], note["pending"])


def _known_names(match: Match, role: str) -> Iterator[str]:
    for base in NAMES[role] if not match.stem else NAMES[role][:1]:
        yield from (sheets.named(match, f"{base}.{suffix}") for suffix in SUFFIXES)


def _obtain(title: Title, role: str, pick: ArtPick, spots: list[Spot], found: Found) -> Picture | None:
    """Return the picture from beside another match, else from TMDB; None where TMDB has lost it."""
    for spot in spots:
        if spot.ours is not None and spot.source == pick.tmdb_path:
            return pictures.look(spot.ours)
    if Artwork.objects.filter(title=title, role=role, source_path=pick.tmdb_path, sha256="").exists():
        return None  # it was not there the last time; the next description will name another
    try:
        return pictures.as_jpeg(pictures.look(tmdb_images.fetch(pick.tmdb_path, size=pick.size)))
    except NotFound as error:
        found.complaints.append(f"TMDB has no picture at the {role}'s address: {error.reason}")
        found.rows.append(_row(title, role, pick.tmdb_path, None))
        return None
    except BadPicture as error:
        raise RetryLater(f"The {role} that TMDB's image host sent is no picture: {error}") from error


def _place(role: str, pick: ArtPick, picture: Picture, spots: list[Spot], found: Found) -> None:
    """Place a picture where it is wanted. The note comes first: after a kill in between it is still known as ours."""
    note = {"sha256": picture.sha256, "bytes": len(picture.data), "role": role, "source": pick.tmdb_path}
    for spot in spots:
        before = spot.match.sidecars.get(spot.name)
        there = hashlib.sha256(spot.ours).hexdigest() if spot.ours is not None else ""
        remember({spot.match.pk: {spot.name: note | {"pending": there}}})
        try:
            placed = place(spot.match, spot.name, picture.data, ours=spot.holds)
        except OSError as error:
            found.obstacles.append((spot.match.library, error))
            continue
        if placed not in (Placed.WRITTEN, Placed.SAME):
            remember({spot.match.pk: {spot.name: before}})
        else:
            found.notes.setdefault(spot.match.pk, {})[spot.name] = note


def _is_shown(title: Title, pick: ArtPick) -> bool:
    """Say whether the thumbnails of this very picture are there."""
    known = Artwork.objects.filter(title=title, role=POSTER, source_path=pick.tmdb_path).exclude(sha256="").first()
    return known is not None and known.sha256 == title.poster and thumbnails.are_there(title.poster)


def _show_own(title: Title, path: str, found: Found) -> None:
    """Show the picture that a person put beside the media."""
    body = placing.read(path, most=pictures.MOST_BYTES) or b""
    if hashlib.sha256(body).hexdigest() == title.poster and thumbnails.are_there(title.poster):
        return
    try:
        found.poster = thumbnails.show(pictures.look(body))
    except BadPicture as error:
        found.complaints.append(f"{Path(path).name} beside the media cannot be shown: {error}")


def _row(title: Title, role: str, source: str, picture: Picture | None) -> Artwork:
    sha, size = (picture.sha256, len(picture.data)) if picture else ("", 0)
    return Artwork(title=title, role=role, source_path=source, sha256=sha, size_bytes=size, fetched_at=timezone.now())


def _keep(title: Title, found: Found) -> None:
    """Write down what was reached."""
    Artwork.objects.bulk_create(
        found.rows,
        update_conflicts=True,
        unique_fields=["title", "role"],
        update_fields=["source_path", "sha256", "size_bytes", "fetched_at"],
    )
    if found.poster and found.poster != title.poster:
        Title.objects.filter(pk=title.pk).update(poster=found.poster)
        title.poster = found.poster
    for complaint in found.complaints:
        record(title, reason=complaint)
    for spot in found.strays:
        leftovers.leave(spot.match, [spot.name], heir=None)
        found.notes.setdefault(spot.match.pk, {})[spot.name] = None
    remember(found.notes)


def _looked(title: Title) -> None:
    """Remember that there was a look even where there is no picture, so that the reseed does not ask again."""
    nothing = Artwork(title=title, role=POSTER, fetched_at=timezone.now())
    Artwork.objects.bulk_create([nothing], ignore_conflicts=True)


def _queue_writing(found: Found) -> None:
    """Have metadata.json written anew, which names the pictures, where they changed; jobs come after all rows."""
    left = leftovers.work(*(spot.match.library_id for spot in found.strays))
    queue.enqueue(*left, *(causes.writing(pk, reason="its pictures are there") for pk in sorted(found.notes)))
