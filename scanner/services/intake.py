"""Taking files in: each gets a row and a match, each match a job."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from jobs import queue, running
from jobs.models import Priority
from journal.moves import move
from scanner import bulk
from scanner.compare import Stat
from scanner.filenames import Guess, fold
from scanner.grouping import Place, group, home_of
from scanner.models import Library, Match, MediaFile, Title
from scanner.services import causes, leftovers
from scanner.services.following import NEW_FILES

Placed = tuple[Place, list[tuple[str, Guess]]]
PLACES_AT_ONCE = 400

_INSERT_MATCH = (
    'INSERT INTO scanner_match (library_id, "key", folder, stem, kind, name, year, ids, state, "by", locked, reason, '
    "candidates, sidecars, created_at) VALUES (%s,%s,%s,%s,%s,%s,%s,%s,%s,'',%s,%s,%s,%s,%s) "
    'ON CONFLICT (library_id, "key") DO NOTHING'
)
_INSERT_FILE = (
    "INSERT INTO scanner_mediafile (library_id, path, match_id, state, size_bytes, mtime_ns, device, inode, "
    "fingerprint, season, episode_numbers, air_date, version, part, extra, last_error, first_seen_at) "
    "VALUES (%s,%s,%s,'new',%s,%s,%s,%s,'',%s,%s,%s,%s,%s,%s,'',%s) ON CONFLICT (library_id, path) DO NOTHING"
)


def take_in(
    library: Library, new: Sequence[str], stats: dict[str, Stat], everything: Iterable[str], *, origin: str
) -> None:
    """Store new files with what their names say, in the matches they belong to.

    `everything` is the whole listing: whether a folder is shared shows only in all of its files.
    """
    fresh = set(new)
    stored = 0
    for places in bulk.slices(_grouped(library, new, everything), PLACES_AT_ONCE):
        ids = _matches(library, places)
        # New files last: cut off in between, the next scan finds them new again and settles the others anew.
        heirs = _settle_others(library, places, ids, fresh)
        _insert_files(library, places, ids, fresh, stats)
        _queue_matches(heirs | {ids[place.key] for place, members in places if _touched(members, fresh)}, origin=origin)
        stored += sum(path in fresh for _place, members in places for path, _guess in members)
        running.beat(done=stored, total=len(fresh), unit=NEW_FILES)


def place_again(library: Library, moved: Sequence[str], everything: Iterable[str], *, origin: str) -> None:
    """Give files that moved the match of their new place, taking the old one along where it can."""
    fresh = set(moved)
    for places in bulk.slices(_grouped(library, moved, everything), PLACES_AT_ONCE):
        _carry_matches(library, places)
        ids = _matches(library, places)
        heirs = _settle_others(library, places, ids, set())
        _store_guesses(library, places, fresh)
        _tell_names(library, places, ids)
        _queue_matches(heirs | {ids[place.key] for place, members in places if _touched(members, fresh)}, origin=origin)


def _grouped(library: Library, touched: Sequence[str], everything: Iterable[str]) -> Iterable[Placed]:
    """Group all files of the homes that were touched; the others are not even looked at."""
    known = {folder: home_of(folder) for folder in {path.rpartition("/")[0] for path in touched}}
    homes = set(known.values())
    found: dict[str, str | None] = {}
    paths = []
    for path in everything if homes else ():
        folder = path.rpartition("/")[0]
        if folder not in found:
            home = known.get(folder)
            if home is None and _may_be_at(folder, homes):
                home = home_of(folder)
            found[folder] = home if home in homes else None
        if found[folder] is not None:
            paths.append(path)
    wanted = {folder: home for folder, home in found.items() if home is not None}
    return group(sorted(paths), prior=library.kind, homes=wanted)


def _may_be_at(folder: str, homes: set[str]) -> bool:
    """Return whether a folder is one of these homes or lies below one; far cheaper than its home."""
    while folder:
        if folder in homes:
            return True
        folder = folder.rpartition("/")[0]
    return "" in homes


def _touched(members: Iterable[tuple[str, Guess]], fresh: set[str]) -> bool:
    return any(path in fresh for path, _guess in members)


def _matches(library: Library, places: Sequence[Placed]) -> dict[str, int]:
    """Return {key: id} of the matches of these places, made where there were none."""
    keys = [place.key for place, _members in places]
    known = _ids_of(library, keys)
    now = timezone.now()
    empty_list, empty_dict = _json([]), _json({})
    rows = [
        (
            *(library.pk, place.key, place.folder, place.stem, place.kind, place.name, place.year),
            *(_json(dict(place.ids)), Match.State.NEW, False, "", empty_list, empty_dict, now),
        )
        for place, _members in places
        if place.key not in known
    ]
    if not rows:
        return known
    bulk.write(_INSERT_MATCH, rows)
    return _ids_of(library, keys)


def _ids_of(library: Library, keys: Sequence[str]) -> dict[str, int]:
    return dict(Match.objects.filter(library=library, key__in=keys).values_list("key", "pk"))


def _insert_files(
    library: Library, places: Sequence[Placed], ids: dict[str, int], fresh: set[str], stats: dict[str, Stat]
) -> None:
    now = timezone.now()
    bulk.write(
        _INSERT_FILE,
        [
            (library.pk, path, ids[place.key], *stats[path], *_said(guess), now)
            for place, members in places
            for path, guess in members
            if path in fresh
        ],
    )


def _said(guess: Guess) -> tuple[Any, ...]:
    """Return what a name says in the order of the columns from season to extra."""
    numbers = _json(list(guess.episodes or guess.absolute))
    version = (guess.version or "")[:120]
    return guess.season, numbers, guess.air_date, version, guess.part, (guess.extra_type or "")[:20]


def _store_guesses(library: Library, places: Sequence[Placed], fresh: set[str]) -> None:
    rows = [(*_said(guess), library.pk, path) for _place, members in places for path, guess in members if path in fresh]
    bulk.write(
        "UPDATE scanner_mediafile SET season=%s, episode_numbers=%s, air_date=%s, version=%s, part=%s, extra=%s "
        "WHERE library_id=%s AND path=%s",
        rows,
    )


def _settle_others(library: Library, places: Sequence[Placed], ids: dict[str, int], fresh: set[str]) -> set[int]:
    """Give files that were known before the match of their place, if that has changed; returns those matches.

    A second film in a folder, say, makes it a shared one: its files then get matches of their own,
    and the new match takes over what was known of the old.
    """
    keys = {path: place for place, members in places for path, _guess in members if path not in fresh}
    rows = []
    heirs: dict[int, tuple[Place, int]] = {}
    for chunk in bulk.slices(keys, 500):
        for pk, path, old in MediaFile.objects.filter(library=library, path__in=chunk).values_list(
            "pk", "path", "match_id"
        ):
            new = ids[keys[path].key]
            if old != new:
                rows.append((new, pk))
                heirs.setdefault(new, (keys[path], old))
    for new, (place, old) in heirs.items():  # first: cut off in between, the next scan does the rest
        _inherit(new, place, old)
    bulk.write("UPDATE scanner_mediafile SET match_id=%s WHERE id=%s", rows)
    leftovers.forget_emptied({new: old for new, (_place, old) in heirs.items() if old})
    return set(heirs)


INHERITED = ("title_id", "state", "by", "locked", "score", "reason")


def _inherit(new: int, place: Place, old: int | None) -> None:
    """Let a match that has no title yet take over that of its files' former match."""
    decided = Q(title__isnull=False) & (Q(locked=True) | ~Q(state=Match.State.UNMATCHED)) | Q(state=Match.State.IGNORED)
    former = Match.objects.filter(decided, pk=old, kind=place.kind).first() if old else None
    if former and (former.locked or fold(former.name) == fold(place.name)):
        values = {name: getattr(former, name) for name in INHERITED}
        Match.objects.filter(pk=new, title__isnull=True, state=Match.State.NEW).update(**values)


def _carry_matches(library: Library, places: Sequence[Placed]) -> None:
    """A renamed folder is the same match under another key, where nobody else has that key."""
    known = _ids_of(library, [place.key for place, _members in places])
    for place, members in places:
        old = None if place.key in known else _only_match(library, [path for path, _guess in members])
        if old is not None:
            _carry(Match.objects.select_related("library").get(pk=old), library, place)


def _carry(match: Match, library: Library, place: Place) -> None:
    """Take a match to its new place. What we wrote for it comes along with its folder, or is left over."""
    behind = leftovers.stayed_behind(match)
    before = match.library_id
    with transaction.atomic():
        left = leftovers.leave(match, behind, heir=match.pk)
        match.library, match.key, match.folder, match.stem = library, place.key, place.folder, place.stem
        match.sidecars, match.written_at = ({}, None) if left else (match.sidecars, match.written_at)
        match.save(update_fields=["library", "key", "folder", "stem", "sidecars", "written_at"])
        queue.enqueue(*(leftovers.work(before) if left else ()))


def _only_match(library: Library, paths: Sequence[str]) -> int | None:
    """Return the one match that these files have and no other file has, if there is one."""
    olds: set[int | None] = set()
    count = 0
    for chunk in bulk.slices(paths, 500):
        found = list(MediaFile.objects.filter(library=library, path__in=chunk).values_list("match_id", flat=True))
        olds.update(found)
        count += len(found)
    old = olds.pop() if len(olds) == 1 else None
    return old if old is not None and MediaFile.objects.filter(match_id=old).count() == count else None


def _tell_names(library: Library, places: Sequence[Placed], ids: dict[str, int]) -> None:
    """Store what names say now; where they contradict what a match was believed to be, ask again.

    An unclear match is asked again for any change. One that is matched keeps its title through
    renames, unless a tag or a year says that it is another one.
    """
    said = {ids[place.key]: place for place, _members in places}
    held = {ids[place.key]: [path for path, _guess in members] for place, members in places}
    for chunk in bulk.slices(said, 500):
        for match in Match.objects.filter(pk__in=chunk).select_related("title", "library"):
            place = said[match.pk]
            if _is_renamed(match, place, held[match.pk]):
                _carry(match, library, place)
            if match.locked:
                continue
            told: dict[str, Any] = {"name": place.name, "year": place.year, "ids": dict(place.ids)}
            if all(getattr(match, name) == value for name, value in told.items()):
                continue
            unclear = match.state == Match.State.UNMATCHED
            if unclear or (match.state == Match.State.MATCHED and _contradict(match, place)):
                move(match, Match.State.NEW, reason="its name says something else now", **told)
            else:
                Match.objects.filter(pk=match.pk).update(**told)


def _is_renamed(match: Match, place: Place, held: Iterable[str]) -> bool:
    """Return whether no video of a shared folder's film begins any more like the files beside it."""
    if match.stem == place.stem or match.kind != Title.Kind.MOVIE:
        return False
    return not any(path.rpartition("/")[2].rpartition(".")[0] == match.stem for path in held)


def _contradict(match: Match, place: Place) -> bool:
    tag = dict(place.ids).get("tmdb")
    if match.title and tag and match.title.tmdb_id:
        return tag != match.title.tmdb_id
    if dict(place.ids) != match.ids and place.ids:
        return True
    years = (place.year, match.title.year if match.title else None)
    return None not in years and abs(years[0] - years[1]) > 1  # type: ignore[operator]


def _queue_matches(match_ids: Iterable[int], *, origin: str) -> None:
    with transaction.atomic():
        queue.enqueue(
            *(
                causes.identification(pk, origin=origin, priority=Priority.HIGH, reason="new files were found")
                for pk in match_ids
            )
        )


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
