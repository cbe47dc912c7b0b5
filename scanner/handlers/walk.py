"""Jobs that walk a library or start such walks."""

from __future__ import annotations

from jobs.registry import handles
from scanner.models import Library, Scan
from scanner.services import choosing, inspect, keeping, libraries, looking, methods, scanning, scans, thumbnails


def _scan(key: str) -> Scan | None:
    return Scan.objects.select_related("library").filter(pk=key.partition(":")[2]).first()


def scan_failed(key: str, reason: str) -> None:
    """Close the scan whose job came to rest failed."""
    scan = _scan(key)
    if scan and scan.state == Scan.State.OPEN:
        scans.fail(scan, reason)


@handles("scanner.walk", pool="scan", limit=3_600, base=10, attempts=5, on_failed=scan_failed)
def walk_library(key: str) -> None:
    """Do one scan ("scan:12")."""
    scan = _scan(key)
    if scan:
        scanning.run(scan)


@handles("scanner.refresh", pool="scan", on_failed=scan_failed)
def refresh_stale(key: str) -> None:
    """Queue what is stale ("scan:12")."""
    scan = _scan(key)
    if scan and scan.state == Scan.State.OPEN:
        scanning.refresh(scan)


@handles("scanner.look_again", pool="scan")
def look_again(key: str) -> None:
    """Scan one library again ("library:3"), because something in it was still being written."""
    for library in Library.objects.filter(pk=key.partition(":")[2]):
        scans.start([library], mode=methods.suited(library))


@handles("scanner.scan_all", pool="scan")
def scan_all(_key: str) -> None:
    """Scan every library: the schedule's scan, quick or by the dates of folders."""
    for library in Library.objects.all():
        scans.start([library], mode=methods.suited(library))


@handles("scanner.look", pool="scan", base=10)
def look(key: str) -> None:
    """Look at the folders of one library in which something has happened ("library:3")."""
    library = Library.objects.filter(pk=key.partition(":")[2]).first()
    if library:
        looking.look(library)


@handles("scanner.refresh_all", pool="scan")
def refresh_all(_key: str) -> None:
    """Refresh what is stale: the schedule at night."""
    scans.start([], mode=Scan.Mode.REFRESH)


@handles("scanner.forget", pool="upkeep", limit=1_800)
def forget_library(key: str) -> None:
    """Forget what is known of a library that was removed ("library:3")."""
    libraries.forget_removed(int(key.partition(":")[2]))


@handles("scanner.upkeep", pool="upkeep")
def upkeep(_key: str) -> None:
    """Do what time alone brings: stale descriptions, files missing for long, old scans, a new key, what was cut off."""
    keeping.mark_stale()
    keeping.forget_long_missing()
    keeping.forget_old_scans()
    keeping.ask_again_with_a_key()
    keeping.name_unmatched()
    libraries.finish_removals()
    thumbnails.forget_unused()
    choosing.forget_old_offers()
    inspect.catch_up()
