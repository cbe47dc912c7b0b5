"""Adding, checking and removing libraries."""

from __future__ import annotations

import datetime as dt
import os
from collections import Counter
from collections.abc import Iterable
from itertools import islice
from pathlib import Path

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from jobs import queue
from jobs.models import Priority
from journal.moves import SYSTEM, record
from scanner import bulk, paths
from scanner.filenames import parse
from scanner.models import Episode, EpisodeFile, Folder, Library, Match, MediaFile, MediaInfo, Scan, Title
from scanner.services import fetching
from scanner.services.scans import origin_of
from scanner.walk import Walker

OF_THE_SYSTEM = ("/proc", "/sys", "/dev")
SAMPLE = 400
CLEARLY = 0.8
FORGET = "scanner.forget"
AT_ONCE = 300  # files; more are the work of a job
CUT_OFF_AFTER = dt.timedelta(minutes=5)  # until then whoever began may still be at it


class NotALibrary(ValueError):
    """A folder that cannot become a library; the text says why and what would help."""


def add(
    folder: str, *, kind: str = "", name: str = "", demo: bool = False, actor: str = SYSTEM
) -> tuple[Library, bool]:
    """Return the library of this folder and whether it is new; the kind is guessed if not given.

    Raises `NotALibrary` where the folder is missing, is a file, cannot be read, is the system's or
    our own, or lies inside another library or around one.
    """
    path = _really(folder)
    text = paths.to_text(path)
    known = at(folder)
    if known:
        return known, False  # even where its disk is away just now: its scan will say so
    check(folder, demo=demo)
    kind = kind or guess_kind(path)  # a look at the disk, which must not hold up other writers
    try:
        with transaction.atomic():
            library = Library.objects.create(path=text, name=name or Path(text).name or text, kind=kind, demo=demo)
            record(library, reason=f"added by {actor}", facts={"path": text, "kind": library.kind}, actor=actor)
    except IntegrityError:  # somebody else added it at the same moment
        return Library.objects.get(path=text), False
    return library, True


def add_all(folders: Iterable[str], *, actor: str) -> list[tuple[Library, bool]]:
    """Add folders as `add` does, after a look at all of them: one that cannot be a library keeps the others out too."""
    wanted = list(folders)
    for folder in wanted:
        if not at(folder):
            check(folder)
    return [add(folder, actor=actor) for folder in wanted]


def at(folder: str) -> Library | None:
    """Return the library whose root this folder is."""
    return Library.objects.filter(path=paths.to_text(_really(folder))).first()


def are_all_here() -> bool:
    """Return whether this machine sees the root of every library."""
    return all(os.path.isdir(paths.resolve(library, "")) for library in Library.objects.all())  # noqa: PTH112


def check(folder: str, *, demo: bool = False) -> None:
    """Raise `NotALibrary` where a folder cannot become a library, as `add` does."""
    path = _really(folder)
    _check(path, named=folder)
    if not demo:  # the demo lies in our own data directory, and nothing else does
        _not_ours(path)
    _not_nested(paths.to_text(path))


def _really(folder: str) -> str:
    return os.path.realpath(os.path.expanduser(folder))  # noqa: PTH111  Path's raises for "~nobody"


def _check(path: str, *, named: str) -> None:
    shown = paths.to_text(path)
    if not named.strip():
        raise NotALibrary(_("No folder was named."))
    if not os.path.lexists(path):
        raise NotALibrary(_("%s does not exist.") % shown)
    if not Path(path).is_dir():
        raise NotALibrary(_("%s is a file. Name the folder that holds it.") % shown)
    if not os.access(path, os.R_OK | os.X_OK):
        told = {"path": shown, "uid": os.getuid()}
        raise NotALibrary(_("%(path)s cannot be read by this user (uid %(uid)d). Check its permissions.") % told)
    if path == "/":
        raise NotALibrary(_("The whole file system is no library. Name a folder below it."))
    if any(_is_at_or_below(path, folder) for folder in OF_THE_SYSTEM):
        raise NotALibrary(
            _("%s belongs to the system and holds no media. Name the folder with your movies or shows.") % shown
        )


def _not_ours(path: str) -> None:
    """Refuse the data directory, what lies in it, and what holds it: our pictures and database are no media."""
    data = os.path.realpath(settings.DATA_DIR)
    told = {"path": paths.to_text(path), "ours": paths.to_text(data)}
    if _is_at_or_below(path, data):
        raise NotALibrary(
            _("%(path)s is where mediasync keeps its own data (%(ours)s). Name the folder with your media.") % told
        )
    if _is_at_or_below(data, path):
        raise NotALibrary(
            _(
                "%(path)s holds mediasync's own data (%(ours)s). Name a folder beside it, or move the data directory "
                "elsewhere with MEDIASYNC_DATA."
            )
            % told
        )


def _is_at_or_below(path: str, folder: str) -> bool:
    return path == folder or path.startswith(f"{folder.rstrip('/')}/")


def _not_nested(text: str) -> None:
    for other in Library.objects.all():
        told = {"path": text, "name": other.name, "other": other.path}
        if text.startswith(f"{other.path}/"):
            raise NotALibrary(
                _("%(path)s lies inside the library “%(name)s” (%(other)s), which covers it already.") % told
            )
        if other.path.startswith(f"{text}/"):
            raise NotALibrary(_("%(path)s holds the library “%(name)s” (%(other)s). Remove that one first.") % told)


def guess_kind(root: str) -> str:
    """Return movies, shows or mixed by what the first few hundred names in a folder say."""
    names = _sample(root)
    kinds = Counter(guess.kind for path in names if (guess := parse(path)) and guess.kind in ("movie", "episode"))
    total = kinds.total()
    if total and kinds["episode"] >= CLEARLY * total:
        return Library.Kind.SHOWS
    if total and kinds["movie"] >= CLEARLY * total:
        return Library.Kind.MOVIES
    return Library.Kind.MIXED


def _sample(root: str) -> list[str]:
    walker = Walker(root)
    for _folder in range(SAMPLE):
        if not walker.ahead or len(walker.listing.files) >= SAMPLE:
            break
        walker.step()
    return list(islice(walker.listing.files, SAMPLE))


def change(library: Library, *, name: str, kind: str, sidecars: str, actor: str) -> None:
    """Save what a person changed of a library; what is to be written beside its media from now on is queued."""
    fields = {"name": name, "kind": kind, "sidecars": sidecars}
    before = Library.objects.get(pk=library.pk)
    different = {field: value for field, value in fields.items() if getattr(before, field) != value}
    if not different:
        return
    with transaction.atomic():
        Library.objects.filter(pk=library.pk).update(**different)
        record(library, reason=f"changed: {', '.join(sorted(different))}", facts=different, actor=actor)
        if "sidecars" in different and sidecars != Library.Sidecars.OFF:
            fetching.soon(library, fetching.PICTURES, reason="what is written beside the media was changed")


def remove(library: Library, *, actor: str) -> None:
    """Forget a library; no file on disk is touched. Titles that no other library has go too.

    From the first moment on nobody sees it any more. What is known of it goes in slices, so that
    others can write; `finish_removals` goes on with it where that was cut off.
    """
    _hide(library, actor)
    _forget(library)


def remove_soon(library: Library, *, actor: str) -> None:
    """Forget a library as `remove` does; a large one in a job, since somebody waits for a page."""
    if MediaFile.objects.filter(library=library).count() <= AT_ONCE:
        remove(library, actor=actor)
        return
    with transaction.atomic():
        _hide(library, actor)
        reason = f"{actor} removed the library “{library.name}”"
        queue.enqueue(queue.Work(FORGET, f"library:{library.pk}", Priority.CRITICAL, reason))


def forget_removed(pk: int) -> None:
    """Forget what is known of a library that was removed."""
    for library in Library.with_removed.filter(pk=pk, removed_at__isnull=False):
        _forget(library)


def _hide(library: Library, actor: str) -> None:
    with transaction.atomic():
        if Library.objects.filter(pk=library.pk).update(removed_at=timezone.now()):
            record(library, reason=f"removed by {actor}", facts={"path": library.path}, actor=actor)
        for scan in Scan.objects.filter(library=library, state__in=(Scan.State.OPEN, Scan.State.HELD)):
            queue.cancel_origin(origin_of(scan), actor=actor)


def finish_removals() -> int:
    """Forget the rest of libraries whose removal was cut off; returns how many."""
    rest = list(Library.with_removed.filter(removed_at__lt=timezone.now() - CUT_OFF_AFTER))
    for library in rest:
        _forget(library)
    return len(rest)


def _forget(library: Library) -> None:
    """Delete what is known of a library, the smallest parts first; safe to repeat from any point."""
    matches = Match.objects.filter(library=library)
    elsewhere = Q(Exists(Match.objects.filter(title=OuterRef("pk")).exclude(library=library)))
    titles = Title.objects.filter(~elsewhere, pk__in=matches.values("title"))
    bulk.delete(EpisodeFile.objects.filter(file__library=library))
    held = Q(Exists(Match.objects.filter(title=OuterRef("title")).exclude(library=library)))
    bulk.delete(Episode.objects.filter(title__in=titles.values("pk")), unless=held)
    bulk.delete(titles, unless=elsewhere)
    bulk.delete(MediaInfo.objects.filter(file__library=library))
    bulk.delete(MediaFile.objects.filter(library=library))
    late = list(matches.exclude(title=None).values_list("title", flat=True))  # found by jobs that were at work
    bulk.delete(matches)
    bulk.delete(Title.objects.filter(pk__in=late), unless=Q(Exists(Match.objects.filter(title=OuterRef("pk")))))
    bulk.delete(Folder.objects.filter(library=library))
    bulk.delete(Scan.objects.filter(library=library))
    Library.with_removed.filter(pk=library.pk).delete()
