"""The health checks: an app of its own for the one table they keep."""

from importlib import import_module

from django.apps import AppConfig


class HealthConfig(AppConfig):
    name = "mediasync.health"
    label = "health"
    verbose_name = "Health"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register the job that looks after everything, and its schedule."""
        import_module("mediasync.health.handlers")
