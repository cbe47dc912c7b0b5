"""Settings, root URLs, the supervisor and the pages that belong to no single part."""

from importlib import import_module

from django.apps import AppConfig


class MediasyncConfig(AppConfig):
    name = "mediasync"
    verbose_name = "mediasync"

    def ready(self) -> None:
        """Register the work of this app."""
        import_module("mediasync.backups.scheduled").register()
