"""The app of what all pages share."""

from django.apps import AppConfig


class PagesConfig(AppConfig):
    """Registers the preferences."""

    name = "pages"
    default_auto_field = "django.db.models.BigAutoField"
