"""Registers the kinds of work that benches and tests watch."""

from importlib import import_module

from django.apps import AppConfig


class BenchWorkConfig(AppConfig):
    name = "benches.work"
    label = "bench_work"

    def ready(self) -> None:
        """Register the handlers."""
        import_module("benches.work.handlers")
