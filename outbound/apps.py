"""The only way to the network: budgets, breakers, timeouts, statistics."""

from importlib import import_module

from django.apps import AppConfig


class OutboundConfig(AppConfig):
    name = "outbound"
    verbose_name = "Network sources"

    def ready(self) -> None:
        """Make the jobs known."""
        import_module("outbound.handlers")
