"""The notices: an app of its own for its one table."""

from importlib import import_module

from django.apps import AppConfig


class NotifyConfig(AppConfig):
    name = "mediasync.notify"
    label = "notify"
    verbose_name = "Notices"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register the jobs that send, and the schedule that looks for news."""
        import_module("mediasync.notify.handlers")
        import_module("jobs.schedules").declare("notices", kind="notify.look", every_s=60)
