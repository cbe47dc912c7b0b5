"""The library: walk, names, matching, metadata and the files beside the media."""

from datetime import time
from importlib import import_module

from django.apps import AppConfig

# Identifying and describing read what lies beside the media, so they count too.
POOLS_WITH_FILES = ("scan", "metadata", "refresh", "artwork", "files", "inspect")


class ScannerConfig(AppConfig):
    name = "scanner"
    verbose_name = "Library"

    def ready(self) -> None:
        """Register the handlers, sources, schedules and the reseed of this app."""
        import_module("scanner.handlers")
        import_module("scanner.providers.tmdb").register_sources()
        schedules, queue = import_module("jobs.schedules"), import_module("jobs.queue")
        schedules.declare("quick scan of all libraries", kind="scanner.scan_all", every_s=15 * 60, at_once=False)
        schedules.declare("refresh of stale titles", kind="scanner.refresh_all", daily_at=time(3))
        schedules.declare("look for lost pictures", kind="scanner.pictures", key="all", daily_at=time(5))
        schedules.declare("library upkeep", kind="scanner.upkeep", every_s=10 * 60)
        libraries = import_module("scanner.services.libraries")
        import_module("jobs.sight").declare(POOLS_WITH_FILES, libraries.are_all_here)
        queue.reseeds.register("scanner", import_module("scanner.services.reseeding").reseed)
