"""Troubles of the libraries, and their cures."""

from __future__ import annotations

import datetime as dt
import errno
import os
import shutil
import time
from types import SimpleNamespace

from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone

from jobs.drain import run_until_idle
from mediasync.health import acts, disks
from mediasync.health import watching as watched
from mediasync.health.facts import Facts
from mediasync.health.finding import Level
from scanner.models import Library, MediaFile, MediaInfo, Scan, Watch
from scanner.services import libraries, matches
from tests.factories import make_library, make_match, put, scan


def _scan_here(world):
    """Scan as the button does, and let a worker do it."""
    acts.do("scan", str(world.library.pk), actor="anna")
    run_until_idle(threads=0, kinds=["scanner.walk"])


def no_library_yet(world):
    libraries.remove(world.library, actor="anna")
    yield Level.NOTICE
    call_command("library", "add", str(world.root))


def a_folder_that_is_away(world):
    world.root.rename(world.root.with_name("unplugged"))
    yield Level.ERROR
    world.root.with_name("unplugged").rename(world.root)
    _scan_here(world)


def a_folder_that_a_scan_could_not_read(world):
    Library.objects.update(problem="The folder cannot be read: Input/output error.")
    yield Level.ERROR
    _scan_here(world)


def a_share_that_does_not_answer(world):
    world.patch.setattr(disks, "PATIENCE_S", 0.01)
    scandir = os.scandir
    world.patch.setattr(os, "scandir", lambda path: time.sleep(0.2) or scandir(path))
    yield Level.ERROR
    world.patch.setattr(os, "scandir", scandir)
    world.patch.setattr(disks, "PATIENCE_S", 5.0)


def an_empty_folder(world):
    shutil.rmtree(world.root / "Moss (2019)")
    yield Level.WARNING
    put(world.root, "Moss (2019)/Moss (2019).mkv")


def _shut(world):
    opened = os.open

    def refuse(path, *args, **options):
        if ".mediasync-" in os.fspath(path):
            raise OSError(errno.EROFS, os.strerror(errno.EROFS))
        return opened(path, *args, **options)

    world.patch.setattr(os, "open", refuse)
    return opened


def a_folder_that_takes_no_files(world):
    opened = _shut(world)
    yield Level.WARNING
    world.patch.setattr(os, "open", opened)


def a_folder_that_is_to_take_no_files(world):
    _shut(world)
    yield Level.WARNING
    library = world.library
    fields = {"name": library.name, "kind": library.kind, "sidecars": "off"}
    world.anna.post(reverse("settings-library", args=[library.pk]), fields)
    assert world.library.sidecars == "off"


def a_library_in_a_library(world):
    (world.root / "Moss (2019)").mkdir(exist_ok=True)
    inner = make_library(world.root / "Moss (2019)")
    yield Level.WARNING
    call_command("library", "remove", inner.path)


def a_library_twice_by_a_link(world):
    link = world.root.with_name("same")
    link.symlink_to(world.root)
    made = make_library(link)
    yield Level.WARNING
    call_command("library", "remove", made.path)


def a_full_media_disk(world):
    look = os.statvfs
    full = SimpleNamespace(f_bavail=10, f_frsize=4096, f_blocks=1 << 20, f_flag=0)
    world.patch.setattr(os, "statvfs", lambda _path: full)
    yield Level.WARNING
    world.patch.setattr(os, "statvfs", look)


def a_held_scan_whose_files_are_back(world):
    away = world.root.with_name("unplugged")
    world.root.rename(away)
    world.root.mkdir()
    scan(world.library)
    yield Level.WARNING
    world.root.rmdir()
    away.rename(world.root)
    _scan_here(world)


def a_held_scan_that_is_confirmed(world):
    shutil.rmtree(world.root / "Moss (2019)")
    scan(world.library)
    yield Level.WARNING
    call_command("scan", str(world.root), "--confirm")
    run_until_idle(threads=0, kinds=["scanner.walk"])


def a_failed_scan(world):
    Scan.objects.create(library=world.library, state="failed", reason="The folder cannot be read.")
    yield Level.WARNING
    _scan_here(world)


def a_library_that_was_not_scanned(world):
    Scan.objects.update(ended_at=timezone.now() - dt.timedelta(days=3))
    yield Level.WARNING
    _scan_here(world)


def a_folder_that_was_not_recognised(world):
    match = make_match(world.library, "Odd", state="unmatched")
    yield Level.NOTICE
    matches.pick(match, "movie", 603, actor="anna")


def a_file_that_cannot_be_read(world):
    MediaFile.objects.update(state="error", last_error="Input/output error")
    yield Level.WARNING
    put(world.root, "Moss (2019)/Moss (2019).mkv", size=2_000)  # replaced
    _scan_here(world)
    run_until_idle(threads=0, kinds=["scanner.inspect"])


def a_file_in_which_something_is_broken(world):
    file = MediaFile.objects.get()
    MediaInfo.objects.update_or_create(file=file, defaults={"problem": "It ends in the middle."})
    yield Level.WARNING
    found = world.worst("files-damaged")
    assert file.path.rpartition("/")[2] in found.message
    assert found.act.url == "/library/?state=damaged"
    put(world.root, "Moss (2019)/Moss (2019).strm")  # a whole copy of another kind
    (world.root / "Moss (2019)" / "Moss (2019).mkv").unlink()
    _scan_here(world)


def nearly_as_many_folders_as_can_be_watched(world):
    limit = world.data / "max_user_watches"
    limit.write_text("100\n")
    world.patch.setattr(watched, "LIMIT", limit)
    Watch.objects.update(folders=95)
    yield Level.WARNING
    said = world.worst("inotify-limit").cure
    limit.write_text(said.partition("max_user_watches=")[2].partition(" ")[0])  # what the command makes of it


def _watched(world, **row):
    """What the watcher wrote of the library."""
    world.patch.setattr(Facts, "watches", {world.library.pk: row})


def a_folder_that_is_not_watched(world):
    _watched(world, watching=False, problem="The kernel lets 8192 folders be watched.", cure="As root: sysctl -w x")
    yield Level.WARNING
    _watched(world, watching=True, problem="", cure="")  # it looks again by itself


def a_watcher_that_is_gone(world):
    _watched(world)
    yield Level.WARNING
    world.restart()
    _watched(world, watching=True, problem="", cure="")


def a_folder_on_a_share(world):
    kind = disks.kind_at
    world.patch.setattr(disks, "kind_at", lambda _path: "nfs4")
    yield Level.NOTICE
    world.patch.setattr(disks, "kind_at", kind)  # nothing has to be done; it goes when it is no share any more


CASES = [
    ("libraries", no_library_yet),
    ("library-folder", a_folder_that_is_away),
    ("library-folder", a_folder_that_a_scan_could_not_read),
    ("library-folder", a_share_that_does_not_answer),
    ("library-empty", an_empty_folder),
    ("library-write", a_folder_that_takes_no_files),
    ("library-write", a_folder_that_is_to_take_no_files),
    ("library-nested", a_library_in_a_library),
    ("library-nested", a_library_twice_by_a_link),
    ("library-space", a_full_media_disk),
    ("scan-held", a_held_scan_whose_files_are_back),
    ("scan-held", a_held_scan_that_is_confirmed),
    ("scan-failed", a_failed_scan),
    ("scan-old", a_library_that_was_not_scanned),
    ("unmatched", a_folder_that_was_not_recognised),
    ("files-damaged", a_file_in_which_something_is_broken),
    ("files-broken", a_file_that_cannot_be_read),
    ("watch", a_folder_that_is_not_watched),
    ("watch", a_watcher_that_is_gone),
    ("inotify-limit", nearly_as_many_folders_as_can_be_watched),
    ("library-remote", a_folder_on_a_share),
]
