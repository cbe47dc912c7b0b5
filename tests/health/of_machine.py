"""Troubles of the machine, and their cures."""

from __future__ import annotations

import resource
import sys
import time
from types import SimpleNamespace

import psutil
from django.core.management import call_command

from jobs.models import Drain
from mediasync.health import machine
from mediasync.health.finding import Level
from mediasync.health.models import Result
from scanner.streams import helper, probe


def a_worker_of_an_older_version(world):
    Drain.objects.update(version="0.0.9")
    yield Level.WARNING
    world.restart()


def an_update_without_a_restart(world):
    code = world.data / "code"
    (code / "mediasync").mkdir(parents=True)
    (code / "mediasync" / "__init__.py").write_text('"""x"""\n\n__version__ = "9.9"\n')
    base = world.settings.BASE_DIR
    world.settings.BASE_DIR = code
    yield Level.WARNING
    world.settings.BASE_DIR = base  # the process that starts anew is of the version that lies there


def style_sheets_that_are_missing(world):
    (world.data / "static" / "app.css").unlink()
    yield Level.ERROR
    call_command("doctor", "--fix")


def little_memory(world):
    look = psutil.virtual_memory
    world.patch.setattr(psutil, "virtual_memory", lambda: SimpleNamespace(available=50 << 20))
    yield Level.WARNING
    world.patch.setattr(psutil, "virtual_memory", look)


def no_library_of_media_info(world):
    command = helper.command
    world.patch.setattr(helper, "command", lambda: (sys.executable, "-c", f"raise SystemExit({probe.NO_LIBRARY})"))
    yield Level.WARNING
    world.patch.setattr(helper, "command", command)  # apt install libmediainfo0v5


def few_open_files(world):
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (300, hard))
    try:
        yield Level.WARNING
        resource.setrlimit(resource.RLIMIT_NOFILE, (machine.BETTER_FILES, hard))  # ulimit -n 4096
    finally:
        if resource.getrlimit(resource.RLIMIT_NOFILE)[0] == 300:
            resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


def no_time_zone(world):
    yield Level.NOTICE
    world.restart(TZ="Europe/Berlin")


def a_clock_that_was_set(world):
    world.findings("clock-set")
    now = {"boot": machine_boot(), "offset": time.time() - time.monotonic() - 3600, "by_s": 0.0, "at": 0.0}
    Result.objects.create(code="clock-set", facts=now)
    yield Level.NOTICE
    seen = {"by_s": 3600, "at": time.time() - machine.DAY_S - 1, "offset": time.time() - time.monotonic()}
    Result.objects.filter(code="clock-set").update(facts=now | seen)  # a day later


def machine_boot() -> str:
    with open("/proc/sys/kernel/random/boot_id") as file:
        return file.read().strip()


CASES = [
    ("version", a_worker_of_an_older_version),
    ("version", an_update_without_a_restart),
    ("static-files", style_sheets_that_are_missing),
    ("memory", little_memory),
    ("media-info", no_library_of_media_info),
    ("open-files", few_open_files),
    ("time-zone", no_time_zone),
    ("clock-set", a_clock_that_was_set),
]
