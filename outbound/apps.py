"""The only way to the network: budgets, breakers, timeouts, statistics."""

from django.apps import AppConfig


class OutboundConfig(AppConfig):
    name = "outbound"
    verbose_name = "Network sources"
