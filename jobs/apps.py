"""The only queue: durable, deduplicated, prioritised, leased."""

from importlib import import_module

from django.apps import AppConfig


class JobsConfig(AppConfig):
    name = "jobs"
    verbose_name = "Queue"

    def ready(self) -> None:
        """Register the queue's own kinds."""
        import_module("jobs.handlers")
