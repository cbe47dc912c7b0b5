"""Wish lists, indexers, clients, HTTP downloads and imports (from 0.2 on)."""

from django.apps import AppConfig


class DownloadsConfig(AppConfig):
    name = "downloads"
    verbose_name = "Downloads"
