"""Pictures: fetched once, placed beside the media of each match, and copied for the web."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from django.db import transaction
from django.utils import timezone

from jobs import queue, running
from jobs.errors import GiveUp, RetryLater
from journal.moves import record
from scanner import art, bulk, pictures, placing
from scanner.art import Slot
from scanner.description import ArtPick
from scanner.models import Artwork, Match, Title
from scanner.pictures import BadPicture
from scanner.services import causes, hanging, heritage, leftovers, obtaining, picks, sheets, spots, thumbnails
from scanner.services.hanging import Errand, Found
from scanner.services.notes import Record, remember
from scanner.services.picks import Wishes
from scanner.services.spots import Ground, Spot
from scanner.services.write import catch_up, over, trouble

AT_ONCE = 25  # pictures that are noted and placed together
KEPT = ["source_path", "sha256", "size_bytes", "own", "shown", "width", "height", "fetched_at"]


@dataclass(slots=True)
class Visit:
    """One run for a title: the folders of its matches, and what is wanted there."""

    title: Title
    grounds: list[Ground]
    wishes: Wishes
    found: Found = field(default_factory=Found)


def fetch_artwork(title: Title) -> None:
    """Bring the pictures of a title and its seasons to all its matches; what is there is not fetched again.

    Pictures that somebody else put there stay, and are what the web shows.
    """
    matches = _matches(title)
    grounds = spots.grounds(matches)
    visit = Visit(title, grounds, picks.of_title(title, matches))
    _bring_all(visit, _slots(visit), matches, stills=False)


def fetch_stills(title: Title) -> None:
    """Bring the stills of the episodes that are there."""
    matches = _matches(title)
    grounds = spots.grounds(matches)
    visit = Visit(title, grounds, picks.of_title(title, matches, stills=True))
    addresses = sorted({address for ground in grounds for address in ground.videos})
    slots = [Slot(art.STILL, season, number) for season, number in addresses]
    _bring_all(visit, slots, matches, stills=True)


def _matches(title: Title) -> list[Match]:
    here = title.matches.filter(state=Match.State.MATCHED, library__removed_at=None)
    matches = list(here.select_related("library"))
    for match in matches:
        match.title = title
        heritage.take_over(match)
    return matches


def _slots(visit: Visit) -> list[Slot]:
    slots = [Slot(role) for role in art.OF_A_TITLE]
    if visit.title.kind == Title.Kind.MOVIE:
        return slots + [slot for slot in visit.wishes.found if slot.role in art.OF_A_COLLECTION]
    return slots + [Slot(art.SEASON, n) for n in sorted({n for ground in visit.grounds for n in ground.seasons()})]


def _bring_all(visit: Visit, slots: Sequence[Slot], matches: Sequence[Match], *, stills: bool) -> None:
    found, title = visit.found, visit.title
    done = 0
    try:
        for chunk in bulk.slices(slots, AT_ONCE):
            for slot in chunk:
                running.check()
                _bring(visit, slot)
                done += 1
                running.beat(done=done, total=len(slots), unit="pictures")
            hanging.hang(found)
        for library, obstacle in found.obstacles.values():
            trouble(library, obstacle)
        if found.put_off:
            raise found.put_off
    except (RetryLater, GiveUp):
        hanging.hang(found)
        _keep_so_far(title, found)
        raise
    if title.state != Title.State.NEW:
        found.strays += _strayed(visit, stills=stills)
    with running.ending():
        if not _is_there(title):
            return
        _keep(title, found)
        if not stills:
            _looked(title)
        libraries = {match.library_id: match.library for match in matches if match.pk in found.notes}
        relieved = [library for library in libraries.values() if over(library)]
        _queue_writing(found)
    for library in relieved:
        catch_up(library)


def _bring(visit: Visit, slot: Slot) -> None:
    wishes, found = visit.wishes, visit.found
    pick = wishes.pick(slot)
    here = [ground.spot(slot) for ground in visit.grounds]
    row = wishes.rows.get(slot)
    if not pick:
        found.strays += _strays(here, row, asked=wishes.asked)
    own = next((spot for spot in here if spot.foreign), None)
    wanting = [
        spot for spot in here if pick and spot.wants(pick.tmdb_path, art.switch_of(slot)) and _is_free(spot, found)
    ]
    shown = own is None and pick is not None and wishes.shows(slot) and not _is_shown(row, pick)
    if pick and (wanting or shown) and not _is_lost(row, pick):
        _fetch(visit, slot, pick, here, wanting, shown=shown)
    if own:
        _show_own(visit, slot, own)
    elif row and not pick and (row.own or row.source_path.startswith(art.UPLOAD)):
        _change(visit, slot, source_path="", sha256="", own="", shown="", width=0, height=0)  # it was taken away


def _strays(here: Iterable[Spot], row: Artwork | None, *, asked: bool) -> Iterator[tuple[Match, str]]:
    """Yield where a picture of ours is not wanted: never this title's, or sent by a person and released again."""
    own = row.source_path if row else None
    for spot in here:
        foreign = asked and spot.source != own  # nothing would replace that of a match's former title
        if spot.ours is not None and spot.name and (foreign or spot.source.startswith(art.UPLOAD)):
            yield spot.match, spot.name


def _strayed(visit: Visit, *, stills: bool) -> Iterator[tuple[Match, str]]:
    """Yield what belongs to nothing here any more; of a film that may be stills of the show it was taken for."""
    for ground in visit.grounds:
        for name in spots.strayed(ground):
            if (ground.ours[name].key == art.STILL) == stills or visit.title.kind == Title.Kind.MOVIE:
                yield ground.match, name


def _is_free(spot: Spot, found: Found) -> bool:
    """Say whether a picture can be placed here; for a full disk or a read-only one nothing is fetched."""
    error = placing.obstacle(sheets.where(spot.match, spot.name).rpartition("/")[0])
    if error:
        found.obstacles.setdefault(spot.match.library_id, (spot.match.library, error))
    return error is None


def _is_shown(row: Artwork | None, pick: ArtPick) -> bool:
    """Say whether the web's copies of this very picture are there."""
    shown = row is not None and row.source_path == pick.tmdb_path and row.shown == row.sha256 != ""
    return shown and row is not None and thumbnails.are_there(row.shown, role=row.role)


def _is_lost(row: Artwork | None, pick: ArtPick) -> bool:
    """Say whether the picture was not there the last time; the next description will name another."""
    return row is not None and row.source_path == pick.tmdb_path and not row.sha256


def _fetch(visit: Visit, slot: Slot, pick: ArtPick, here: list[Spot], wanting: list[Spot], *, shown: bool) -> None:
    twin = obtaining.of_the_same_collection(slot, pick)
    if twin:
        same = {name: getattr(twin, name) for name in KEPT}
        _change(visit, slot, **same)
        return
    try:
        picture = obtaining.obtain(slot, pick, here, visit.grounds)
    except obtaining.Lost as lost:
        visit.found.complaints.append(str(lost))
        _change(visit, slot, source_path=pick.tmdb_path, sha256="", size_bytes=0, fetched_at=timezone.now())
        return
    except obtaining.NoPicture as failure:
        visit.found.put_off = failure.reason
        return
    news: Record = {"source_path": pick.tmdb_path, "sha256": picture.sha256, "size_bytes": len(picture.data)}
    if shown:
        web = thumbnails.show(picture, role=slot.role)
        news |= {"own": "", "shown": web, "width": picture.width, "height": picture.height}
    _change(visit, slot, **news, fetched_at=timezone.now())
    if wanting:
        visit.found.errands.append(Errand(slot, pick.tmdb_path, picture, wanting))


def _show_own(visit: Visit, slot: Slot, own: Spot) -> None:
    """Show the picture that a person put beside the media."""
    row = visit.found.rows.get(slot) or visit.wishes.rows.get(slot)
    same = row is not None and row.own == own.foreign
    if same and row and row.shown == own.foreign_sha256 and thumbnails.are_there(row.shown, role=slot.role):
        return
    body = placing.read(sheets.where(own.match, own.foreign), most=pictures.MOST_BYTES) or b""
    try:
        picture = pictures.look(body)
        web = thumbnails.show(picture, role=slot.role)
    except BadPicture as error:
        if not same:
            name = own.foreign.rpartition("/")[2]
            visit.found.complaints.append(f"{name} beside the media cannot be shown: {error}")
        _change(visit, slot, own=own.foreign)
        return
    news: Record = {"own": own.foreign, "shown": web, "width": picture.width, "height": picture.height}
    _change(visit, slot, **news, fetched_at=timezone.now())


def _change(visit: Visit, slot: Slot, **news: object) -> None:
    row = visit.found.rows.get(slot) or visit.wishes.rows.get(slot)
    row = row or Artwork(title=visit.title, role=slot.role, season=slot.season, episode=slot.episode)
    for name, value in news.items():
        setattr(row, name, value)
    visit.found.rows[slot] = row


def _is_there(title: Title) -> bool:
    """Say whether the title outlived the fetching of its pictures, and see that it stays until they are kept."""
    return Title.objects.select_for_update().filter(pk=title.pk).values_list("pk").first() is not None


def _keep_so_far(title: Title, found: Found) -> None:
    with transaction.atomic():
        if _is_there(title):
            _keep(title, found)
            _queue_writing(found)


def _keep(title: Title, found: Found) -> None:
    """Write down what was reached."""
    Artwork.objects.bulk_create(
        found.rows.values(),
        batch_size=500,
        update_conflicts=True,
        unique_fields=["title", "season", "role", "episode"],
        update_fields=KEPT,
    )
    poster = found.rows.get(Slot(art.POSTER))
    if poster and poster.shown != title.poster:
        Title.objects.filter(pk=title.pk).update(poster=poster.shown)
        title.poster = poster.shown
    for complaint in found.complaints:
        record(title, reason=complaint)
    strays: dict[Match, list[str]] = defaultdict(list)
    for match, name in found.strays:
        strays[match].append(name)
        found.notes.setdefault(match.pk, {})[name] = None
    for match, names in strays.items():
        leftovers.leave(match, names, heir=None)
    remember(found.notes)


def _looked(title: Title) -> None:
    """Remember that there was a look even where there is no picture, so that the reseed does not ask again."""
    Title.objects.filter(pk=title.pk).update(pictured=art.EDITION)


def _queue_writing(found: Found) -> None:
    """Have metadata.json written anew, which names the pictures, where they changed; jobs come after all rows."""
    left = leftovers.work(*(match.library_id for match, _name in found.strays))
    queue.enqueue(*left, *(causes.writing(pk, reason="its pictures are there") for pk in sorted(found.notes)))
