"""Writing the files beside the media: NFOs and metadata.json, only what differs and only over our own."""

from __future__ import annotations

import errno
import os
from collections.abc import Callable

from django.db import transaction
from django.utils import timezone

from jobs import queue, running
from jobs.errors import Interrupted, RetryLater
from jobs.models import Priority
from journal.moves import record
from scanner import bulk, paths, placing
from scanner.description import Description
from scanner.models import Leftover, Library, Match
from scanner.placing import Placed
from scanner.services import away, causes, heritage, leftovers, sheets, spots
from scanner.services.notes import FOREIGN, Notes, Record, remember
from scanner.services.sheets import Sheet
from scanner.sidecars import OwnFile, is_sealed, may_replace_document

NO_PLACE: Record = {"no_place": True}  # a name too long, a folder that leads out of the library or has gone
TROUBLE = "Files beside the media cannot be written"  # how each such problem of a library begins


def write(match: Match) -> None:
    """Write what belongs beside the media of a match; a library that cannot be written to is reported."""
    if not _is_due(match):
        return
    notes: Notes = {}
    if match.state == Match.State.UNMATCHED:
        _take_back(match, notes)
        return
    heritage.take_over(match)
    try:
        _put_all(match, sheets.description_of(match), notes)
    except OSError as error:
        remember({match.pk: notes})
        trouble(match.library, error)
        return
    _mind_the_disk(match, notes)
    lost = _lost_pictures(match)
    with running.ending():
        outgrown = leftovers.outgrown(match, notes)
        left = leftovers.leave(match, outgrown, heir=None)
        remember({match.pk: notes | dict.fromkeys(outgrown)})
        Match.objects.filter(pk=match.pk).update(written_at=timezone.now())
        relieved = over(match.library)
        waiting = Leftover.objects.filter(heir=match).values_list("library_id", flat=True)
        works = leftovers.work(*waiting, *([match.library_id] if left else []))
        if match.title_id and lost.difference(outgrown):
            works += causes.pictures(match.title_id, match.kind, reason="its pictures are not there any more")
        elif match.title_id and spots.have_strayed(match):
            works.append(causes.stills(match.title_id, reason="videos are called otherwise, or have gone"))
        queue.enqueue(*works)
    if relieved:
        catch_up(match.library)


def _take_back(match: Match, notes: Notes) -> None:
    """Have everything removed that was written for a decision which a person took back.

    The decision itself goes from metadata.json first: nobody may find it there again.
    """
    _put(match, sheets.document(match, sheets.description_of(match), nfo=None), ours=may_replace_document, notes=notes)
    _mind_the_disk(match, notes)
    with running.ending():
        remember({match.pk: notes})
        match.refresh_from_db(fields=["sidecars"])
        queue.enqueue(*(leftovers.work(match.library_id) if leftovers.leave_all(match) else ()))


def _lost_pictures(match: Match) -> set[str]:
    """Return the pictures which we placed and which are gone, as after a folder was deleted and is back."""
    ours = (name for name, note in match.sidecars.items() if "role" in note)
    return {name for name in ours if not os.path.lexists(sheets.where(match, name))}


def _mind_the_disk(match: Match, notes: Notes) -> None:
    """Wait for a disk that is away instead of noting that there is no place; what was noted before still holds.

    Of a library that was really emptied the notes stay too, for the day its files come back.
    """
    if NO_PLACE not in notes.values() or not away.is_bare(match.library):
        return
    away.wait_for_disk(match.library)
    notes.update({name: match.sidecars[name] for name in leftovers.own(match).keys() & notes.keys()})


def _put_all(match: Match, described: Description, notes: Notes) -> None:
    """Place the sheets and note of each what became of it; metadata.json comes last, it names the NFO."""
    nfo = None
    if match.state == Match.State.MATCHED:
        for sheet in sheets.nfos(match, described):
            ours = _put(match, sheet, ours=is_sealed, notes=notes)
            if ours and sheet.name == sheets.main_nfo(match):
                nfo = OwnFile(sheet.name, sheet.sha256)
            running.beat()
    _put(match, sheets.document(match, described, nfo=nfo), ours=may_replace_document, notes=notes)


def place(match: Match, name: str, data: bytes, *, ours: Callable[[bytes], bool]) -> Placed:
    """Put one file beside the media of a match. Raises OSError.

    A folder that has gone takes nothing, nor does a library that has been removed meanwhile.
    """
    leftovers.take(match, name)
    try:
        return placing.put(
            sheets.where(match, name),
            data,
            root=sheets.root(match),
            ours=ours,
            last_look=lambda: _look_a_last_time(match),
        )
    except (FileNotFoundError, NotADirectoryError):
        return Placed.IMPOSSIBLE


def trouble(library: Library, error: OSError) -> None:
    """Say on the library why it cannot be written to; raises RetryLater where time may help.

    A read-only library is fine: its descriptions stay in the database and nothing is tried again
    until something about a title changes or a scan has the writing tried again.
    """
    reason = f"{TROUBLE}: {error.strerror or error}"
    told = f"{reason} ({paths.to_text(error.filename)})" if isinstance(error.filename, str) else reason
    with transaction.atomic():
        here = Library.objects.filter(pk=library.pk)
        if here.exclude(problem__startswith=reason).update(problem=told):  # not for every file anew
            record(library, reason=told)
    library.problem = told
    if not placing.lasts(error):
        raise RetryLater(reason, until=timezone.now() + away.AGAIN) from error


def over(library: Library) -> bool:
    """Lift the trouble of a library that could be written to just now; who lifted it calls `catch_up` next."""
    if not library.problem.startswith(TROUBLE):
        return False
    if not Library.objects.filter(pk=library.pk, problem__startswith=TROUBLE).update(problem=""):
        return False
    record(library, reason="It can be written to again.")
    return True


def catch_up(library: Library) -> int:
    """Queue the matches of a library that have no files because it could not be written to; returns how many."""
    waiting = Match.objects.filter(library=library, state=Match.State.MATCHED, written_at=None).exclude(folder="")
    found = list(waiting.values_list("pk", flat=True))
    for chunk in bulk.paced(found, most=500):
        reason = "the library can be written to again"
        queue.enqueue(*(causes.writing(pk, reason=reason, origin="", priority=Priority.LOW) for pk in chunk))
    return len(found)


def _is_due(match: Match) -> bool:
    decided = match.state == Match.State.IGNORED or (match.state == Match.State.MATCHED and match.title is not None)
    taken_back = match.state == Match.State.UNMATCHED and "sha256" in match.sidecars.get(_document(match), ())
    return (decided or taken_back) and sheets.has_place(match) and match.library.sidecars == Library.Sidecars.ALL


def _document(match: Match) -> str:
    return sheets.named(match, leftovers.DOCUMENT)


def _put(match: Match, sheet: Sheet, *, ours: Callable[[bytes], bool], notes: Notes) -> bool:
    """Place a sheet and note what became of it; returns whether our file is there now."""
    placed = place(match, sheet.name, sheet.data, ours=ours)
    if placed is Placed.FOREIGN:
        notes[sheet.name] = FOREIGN
    elif placed is Placed.IMPOSSIBLE:
        notes[sheet.name] = NO_PLACE
    else:
        notes[sheet.name] = {"sha256": sheet.sha256, "bytes": len(sheet.data)}
    return placed in (Placed.WRITTEN, Placed.SAME)


def _look_a_last_time(match: Match) -> None:
    if not running.still_mine():
        raise Interrupted("the job is no longer ours")
    if not Library.objects.filter(pk=match.library_id).exists():
        raise FileNotFoundError(errno.ENOENT, "The library has been removed.")
