"""The library: walk, names, matching, metadata and the files beside the media."""

from importlib import import_module

from django.apps import AppConfig


class ScannerConfig(AppConfig):
    name = "scanner"
    verbose_name = "Library"

    def ready(self) -> None:
        """Register the handlers of this app."""
        import_module("scanner.handlers")
