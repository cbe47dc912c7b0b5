"""Files of ours that belong to no match any more: noted with what happened to the match, removed by a job.

Removed is only what is still byte for byte as we wrote it: another folder may have brought a file with
a seal to the same place. A decision of a person that is kept in a
metadata.json stays until the match that has it now has written its own.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Mapping
from typing import Any

from django.db import transaction
from django.db.models import F, Q, QuerySet, TextField, Value
from django.utils import timezone

from jobs import queue, running
from jobs.errors import RetryLater
from jobs.models import Priority
from journal.moves import record
from scanner import paths, placing
from scanner.models import Leftover, Library, Match, MediaFile, Title
from scanner.services import away, causes, sheets, titles
from scanner.sidecars import read_metadata_json

DOCUMENT = "metadata.json"


def own(match: Match) -> dict[str, str]:
    """Return the files that we wrote for a match: name to the hash of its bytes."""
    return {name: note["sha256"] for name, note in match.sidecars.items() if "sha256" in note}


def leave(match: Match, names: Iterable[str], *, heir: int | None) -> bool:
    """Note files of a match as leftovers; `heir` is the match that has its decisions now.

    Belongs in the transaction that takes them from the match; whoever calls queues `work` last.
    """
    if not sheets.has_place(match):
        return False
    ours = own(match)
    rows = [
        Leftover(library_id=match.library_id, path=f"{match.folder}/{name}", sha256=ours[name], heir_id=heir)
        for name in names
        if name in ours
    ]
    Leftover.objects.bulk_create(
        rows,
        batch_size=500,
        update_conflicts=True,
        unique_fields=["library", "path"],
        update_fields=["sha256", "heir", "created_at"],
    )
    return bool(rows)


def leave_all(match: Match, *, heir: int | None = None) -> bool:
    """Note everything we wrote for a match as left over, and forget it on the match."""
    left = leave(match, own(match), heir=heir)
    if left:
        Match.objects.filter(pk=match.pk).update(sidecars={}, written_at=None)
        match.sidecars = {}
    return left


def take(match: Match, name: str) -> None:
    """Take a file that may be left over for a match that is about to write it; comes before the writing.

    What is written is noted on the match only when all is: until then nobody else knows whose it is.
    """
    rows = Leftover.objects.filter(library_id=match.library_id, path=f"{match.folder}/{name}")
    if rows.exists():  # a look is cheap, and hardly ever there is one
        rows.delete()


def work(*library_ids: int) -> list[queue.Work]:
    """Return the jobs that remove what was left over in these libraries."""
    reason = "files of ours belong to nothing any more"
    return [queue.Work("scanner.tidy", f"library:{pk}", Priority.LOW, reason) for pk in sorted(set(library_ids))]


def stayed_behind(match: Match) -> list[str]:
    """Return which of our files are still where the match was; to be asked before its place is changed."""
    return [name for name in own(match) if os.path.lexists(sheets.where(match, name))]


def tidy(library: Library) -> int:
    """Remove what is left over in a library, as far as it is still ours; returns how many files."""
    root = paths.resolve(library, "")
    rows = list(Leftover.objects.filter(library=library).select_related("heir__library").order_by("pk"))
    removed = 0
    for row in rows:
        running.check()
        running.beat()
        where = paths.resolve(library, row.path)
        stays = _stays(row, where)
        if stays is None:
            continue
        removed += 0 if stays else _remove(row, where, root)
        if not os.path.lexists(where):
            away.wait_for_disk(library)  # or would forget what lies on a disk that is away
        _as_read(row).delete()
    if removed:
        record(library, reason=f"{removed} files of ours that belonged to nothing any more were removed")
    return removed


def _as_read(row: Leftover) -> QuerySet[Leftover]:
    """Return the row unless it was noted anew since it was read: then its file may have been, too."""
    return Leftover.objects.filter(pk=row.pk, sha256=row.sha256, heir=row.heir_id, created_at=row.created_at)


def _stays(row: Leftover, where: str) -> bool | None:
    """Return whether a file is to stay; None while the decision in it is not written elsewhere yet."""
    if _is_claimed(row):
        return True
    if not row.path.endswith(DOCUMENT) or not _holds_a_decision(where):
        return False
    heir = row.heir
    if heir is None or not sheets.has_place(heir) or heir.library.sidecars != Library.Sidecars.ALL:
        return True
    note = heir.sidecars.get(sheets.named(heir, DOCUMENT))
    if note is None:
        return None
    return "sha256" not in note


def _is_claimed(row: Leftover) -> bool:
    """Return whether a match has written this very file as its own meanwhile."""
    parts = row.path.split("/")
    above = ["/".join(parts[:depth]) for depth in range(1, len(parts))]
    matches = Match.objects.filter(library_id=row.library_id, folder__in=above)
    found = _candidates(matches, parts[-1]).values_list("folder", "sidecars")
    return any("sha256" in said.get(row.path.removeprefix(f"{folder}/"), ()) for folder, said in found)


def _candidates(matches: QuerySet[Match], name: str) -> QuerySet[Match]:
    """Leave out films of a shared folder whose names do not begin as this file's does; a folder may hold thousands."""
    begins_so = Q(called__startswith=F("stem"))  # of no stem, too
    matches = matches.alias(called=Value(name, output_field=TextField()))
    return matches.filter(begins_so | Q(kind=Title.Kind.SHOW))


def _holds_a_decision(where: str) -> bool:
    body = placing.read(where)
    kept = read_metadata_json(body) if body else None
    return kept is not None and (kept.locked or kept.ignored)


def _remove(row: Leftover, where: str, root: str) -> bool:
    try:
        return placing.remove(
            where,
            root=root,
            ours=lambda body: hashlib.sha256(body).hexdigest() == row.sha256 and _as_read(row).exists(),
        )
    except OSError as error:
        if placing.lasts(error):
            return False  # a library that cannot be written to keeps what it has
        reason = f"A file of ours cannot be removed: {error.strerror or error}"
        raise RetryLater(reason, until=timezone.now() + away.AGAIN) from error


def outgrown(match: Match, written: Mapping[str, Any]) -> list[str]:
    """Return our files that a match has no use for, such as those of videos that are called otherwise by now.

    What lies beside a video that is MISSING stays until the video is forgotten, and pictures are the
    artwork's matter, unless a person wants the match left alone.
    """
    if match.state == Match.State.IGNORED:
        return [name for name in own(match) if name not in written]
    if match.title is None or match.title.state == Title.State.NEW:
        return []  # not described yet: what it will need is not known
    away = match.files.filter(state=MediaFile.State.MISSING).values_list("path", flat=True)
    kept = {f"{path.removeprefix(f'{match.folder}/').rpartition('.')[0]}.nfo" for path in away}
    kept |= {name for name, note in match.sidecars.items() if "role" in note}
    return [name for name in own(match) if name not in written and name not in kept]


def forget_emptied(heirs: dict[int, int]) -> None:
    """Delete matches whose last file went to another one, and titles that are left without a match.

    `heirs` are new match: old match. What was written for the old one is left over; of an old one that
    has files still, that is found out when its files are written anew.
    """
    olds = set(heirs.values())
    with transaction.atomic():
        empty = list(Match.objects.filter(pk__in=olds, files__isnull=True).select_related("library"))
        locked = set(Match.objects.filter(pk__in=heirs, locked=True).values_list("pk", flat=True))
        left = []
        for match in empty:
            heir = min((new for new, old in heirs.items() if old == match.pk and new in locked), default=None)
            if leave_all(match, heir=heir):
                left.append(match.library_id)
        Match.objects.filter(pk__in=[match.pk for match in empty]).delete()
        for match in empty:
            titles.forget_unless_matched(match.title_id)
        rest = olds.difference(match.pk for match in empty)
        queue.enqueue(*work(*left), *(causes.writing(pk, reason="files of it have gone") for pk in rest))
