"""Settings, root URLs, the supervisor and the pages that belong to no single part."""

from django.apps import AppConfig


class MediasyncConfig(AppConfig):
    name = "mediasync"
    verbose_name = "mediasync"
