"""The library: walk, names, matching, metadata and the files beside the media."""

from django.apps import AppConfig


class ScannerConfig(AppConfig):
    name = "scanner"
    verbose_name = "Library"
