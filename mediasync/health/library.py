"""Checks of the libraries: their folders, their scans, and what waits for a person in them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from mediasync.health.facts import Facts
from mediasync.health.finding import Act, Finding, Level, well
from mediasync.templatetags.ui import size, span
from pages.stored import translated
from scanner.models import Library, Scan

DAY = dt.timedelta(days=1)
LEAST_ROOM = 1 << 30


def folders(facts: Facts) -> Iterator[Finding]:
    """Find libraries whose folder is away, unreadable, or does not answer."""
    found = [finding for library in facts.libraries if (finding := _folder(library, facts))]
    yield from found or [well("library-folder", _("The folder of every library can be read."))]


def _folder(library: Library, facts: Facts) -> Finding | None:
    seen = facts.measured("library-folder", str(library.pk))
    problem = seen.get("problem", "")
    if not problem and library.problem and not library.problem.startswith("Files beside"):
        problem = library.problem
    if not problem:
        return None
    return _about(
        library,
        "library-folder",
        Level.ERROR,
        _("%(name)s cannot be read: %(why)s. Its titles are kept, nothing new is found.")
        % {"name": library.name, "why": translated(problem).rstrip(".")},
        _("Mount the disk of %s and let the user of mediasync read it, then scan.") % library.path,
        act=Act(_("Scan"), verb="scan", thing=str(library.pk)),
        facts=facts,
    )


def empty_folders(facts: Facts) -> Iterator[Finding]:
    """Find folders without anything in them: mostly a disk that is not mounted."""
    empty = [library for library in facts.libraries if _seen(facts, library).get("empty")]
    if not empty:
        yield well("library-empty", _("No library is empty."))
    for library in empty:
        yield _about(
            library,
            "library-empty",
            Level.WARNING,
            _("There is nothing in the folder of %s: its disk may not be mounted.") % library.name,
            _("Mount the disk at %s, or put media there, then scan.") % library.path,
            act=Act(_("Scan"), verb="scan", thing=str(library.pk)),
            facts=facts,
        )


def unwritable(facts: Facts) -> Iterator[Finding]:
    """Find libraries that should get files beside the media and take none."""
    shut = [
        library for library in facts.libraries if library.sidecars != Library.Sidecars.OFF and _shut(library, facts)
    ]
    if not shut:
        yield well("library-write", _("Files can be written beside the media."))
    for library in shut:
        yield _about(
            library,
            "library-write",
            Level.WARNING,
            _("Nothing can be written in %(name)s (%(why)s): players see no posters and NFOs from mediasync.")
            % {"name": library.name, "why": _shut(library, facts)},
            _("Let the user of mediasync write in %s, or set the library's files beside the media to “Nothing”.")
            % library.path,
            act=Act(_("Change it"), url=reverse("settings-library", args=[library.pk])),
            facts=facts,
        )


def _shut(library: Library, facts: Facts) -> str:
    seen = _seen(facts, library)
    told = str(seen.get("write_problem", ""))
    newer = facts.measured_at("library-folder", str(library.pk)) is None
    if not told and not newer and library.problem.startswith("Files beside"):
        return translated(library.problem).rstrip(".")
    return translated(told)


def nested(facts: Facts) -> Iterator[Finding]:
    """Find libraries that lie in one another: their files would be counted twice."""
    places = {library.pk: str(_seen(facts, library).get("real") or library.path) for library in facts.libraries}
    pairs = [
        (inner, outer)
        for inner in facts.libraries
        for outer in facts.libraries
        if inner.pk != outer.pk and _lies_in(places[inner.pk], places[outer.pk])
        if places[inner.pk] != places[outer.pk] or inner.pk > outer.pk
    ]
    if not pairs:
        yield well("library-nested", _("No library lies in another."))
    for inner, outer in pairs:
        told = {"inner": inner.name, "outer": outer.name}
        yield _about(
            inner,
            "library-nested",
            Level.WARNING,
            _("%(inner)s lies in the library %(outer)s: its files are read and shown twice.") % told,
            _("Remove one of them with `./run library remove`; no file on disk is touched."),
            facts=facts,
        )


def room(facts: Facts) -> Iterator[Finding]:
    """Find media disks that are nearly full."""
    tight = [library for library in facts.libraries if _seen(facts, library).get("free", LEAST_ROOM) < LEAST_ROOM]
    if not tight:
        yield well("library-space", _("The media disks have room."))
    for library in tight:
        left = size(_seen(facts, library)["free"])
        yield _about(
            library,
            "library-space",
            Level.WARNING,
            _("Only %(left)s are free on the disk of %(name)s: posters and NFOs may not fit.")
            % {"left": left, "name": library.name},
            _("Make room on the disk of %s.") % library.path,
            facts=facts,
        )


def held_scans(facts: Facts) -> Iterator[Finding]:
    """Find scans that ask whether what they miss is really gone."""
    held = [scan for scan in facts.scans if scan.state == Scan.State.HELD]
    if not held:
        yield well("scan-held", _("No scan is held."))
    for scan in held:
        yield Finding(
            "scan-held",
            Level.WARNING,
            translated(scan.reason) or _("A scan is held."),
            _("Bring the files back and scan, or confirm on its page or with `./run scan PATH --confirm`."),
            subject=str(scan.library_id),
            name=scan.library.name if scan.library else "",
            act=Act(_("Decide"), url=reverse("scanner:scan", args=[scan.pk])),
        )


def failed_scans(facts: Facts) -> Iterator[Finding]:
    """Find libraries whose last scan did not come to its end."""
    failed = [scan for scan in facts.scans if scan.state == Scan.State.FAILED]
    if not failed:
        yield well("scan-failed", _("No scan failed."))
    for scan in failed:
        name = scan.library.name if scan.library else ""
        yield Finding(
            "scan-failed",
            Level.WARNING,
            _("The last scan of %(name)s failed: %(why)s") % {"name": name, "why": translated(scan.reason)},
            _("Put right what it names, then scan again here or with `./run scan`."),
            subject=str(scan.library_id),
            name=name,
            act=Act(_("Scan"), verb="scan", thing=str(scan.library_id)),
        )


def old_scans(facts: Facts) -> Iterator[Finding]:
    """Find libraries that nobody has looked at for a day."""
    old = [library for library in facts.libraries if _last_look(library) < facts.now - DAY]
    if not old:
        yield well("scan-old", _("Every library was scanned within a day."))
    for library in old:
        age = span((facts.now - _last_look(library)).total_seconds())
        yield _about(
            library,
            "scan-old",
            Level.WARNING,
            _("%(name)s has not been scanned for %(age)s: new files are not shown.")
            % {"name": library.name, "age": age},
            _("Scan it here or with `./run scan`, and see that the schedule of the quick scans is switched on."),
            act=Act(_("Scan"), verb="scan", thing=str(library.pk)),
        )


def _last_look(library: Library) -> dt.datetime:
    return library.scanned_at or library.created_at  # type: ignore[attr-defined]


def unmatched(facts: Facts) -> Iterator[Finding]:
    """Tell how many folders wait for somebody to say what they are."""
    many = facts.counts.get("unmatched", 0)
    if not many:
        yield well("unmatched", _("Everything was recognised."))
        return
    said = ngettext(
        "%d folder was not recognised: it is shown under its file name until somebody says what it is.",
        "%d folders were not recognised: they are shown under their file names until somebody says what they are.",
        many,
    )
    yield Finding(
        "unmatched",
        Level.NOTICE,
        said % many,
        _("Pick the right title for each on the Unmatched page."),
        act=Act(_("Show them"), url=_where_they_are_picked()),
    )


def _where_they_are_picked() -> str:
    try:
        return reverse("scanner:unmatched")
    except NoReverseMatch:  # without that page, the Library shows them
        return f"{reverse('scanner:library')}?state=needs"


def broken_files(facts: Facts) -> Iterator[Finding]:
    """Find files that cannot be read."""
    many = facts.counts.get("broken", 0)
    if not many:
        yield well("files-broken", _("Every file could be read."))
        return
    said = ngettext(
        "%d file could not be read, and may not play.", "%d files could not be read, and may not play.", many
    )
    yield Finding(
        "files-broken",
        Level.WARNING,
        said % many,
        _("See which with `./run items --state error`; replace the file, or let mediasync read it, then scan."),
        act=Act(_("Show them"), url=f"{reverse('scanner:library')}?state=needs"),
    )


def damaged_files(facts: Facts) -> Iterator[Finding]:
    """Name files in which something is broken: a look into them said so."""
    many = facts.counts.get("damaged", 0)
    if not many:
        yield well("files-damaged", _("No file is known to be damaged."))
        return
    said = ngettext("%(many)d file is damaged: %(names)s", "%(many)d files are damaged: %(names)s", many)
    names = [info.file.path.rpartition("/")[2] for info in facts.damaged]
    more = ["…"] if many > len(names) else []
    yield Finding(
        "files-damaged",
        Level.WARNING,
        said % {"many": many, "names": ", ".join([*names, *more])},
        _("Replace it by a whole copy; it is looked into again by itself. Its page says what is wrong with it."),
        act=Act(_("Show them"), url=f"{reverse('scanner:library')}?state=damaged"),
        details={"files": {info.file.path: info.problem for info in facts.damaged}},
    )


def no_library(facts: Facts) -> Iterator[Finding]:
    """Tell that there is nothing to look after yet."""
    if facts.libraries:
        many = len(facts.libraries)
        yield well("libraries", ngettext("%d library is looked after.", "%d libraries are looked after.", many) % many)
        return
    yield Finding(
        "libraries",
        Level.NOTICE,
        _("There is no library yet."),
        _("Add a folder here, or with `./run library add PATH`; nothing in it is changed."),
        act=Act(_("Add a folder"), url=reverse("settings-library-add")),
    )


def _seen(facts: Facts, library: Library) -> Any:
    return facts.measured("library-folder", str(library.pk))


def _lies_in(inner: str, outer: str) -> bool:
    return inner == outer or inner.startswith(f"{outer.rstrip('/')}/")


def _about(
    library: Library,
    code: str,
    level: Level,
    message: str,
    cure: str,
    *,
    act: Act | None = None,
    facts: Facts | None = None,
) -> Finding:
    seen_at = facts.measured_at("library-folder", str(library.pk)) if facts else None
    return Finding(code, level, message, cure, str(library.pk), library.name, act, seen_at, {"path": library.path})
