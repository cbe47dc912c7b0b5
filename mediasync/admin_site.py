"""The admin of a household: its own parts first, and not the tables of the machinery."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.contrib.admin import AdminSite
from django.contrib.admin.apps import AdminConfig
from django.db.models import Model
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

# django-q starts processes and axes counts failed sign-ins: neither holds anything to be edited by hand.
MACHINERY = frozenset({"django_q", "axes"})
ORDER = ("scanner", "jobs", "outbound", "health", "journal", "auth")


class Site(AdminSite):
    """Named after the program; what a person looks for most stands first."""

    site_header = site_title = "mediasync"
    index_title = _("Everything by hand")
    enable_nav_sidebar = False  # it moves the page when it opens, and leaves a tablet no room for a table

    def register(self, model_or_iterable: Any, admin_class: Any = None, **options: Any) -> None:
        """Register models, those of the machinery left out."""
        models: Iterable[type[Model]] = (
            [model_or_iterable] if isinstance(model_or_iterable, type) else list(model_or_iterable)
        )
        shown = [model for model in models if model._meta.app_label not in MACHINERY]
        super().register(shown, admin_class, **options)

    def get_app_list(self, request: HttpRequest, app_label: str | None = None) -> list[Any]:
        """Return the parts in the order of their use."""
        rank = {label: place for place, label in enumerate(ORDER)}
        return sorted(super().get_app_list(request, app_label), key=lambda app: rank.get(app["app_label"], len(ORDER)))


class Config(AdminConfig):
    """In place of django.contrib.admin among the installed apps."""

    default_site = "mediasync.admin_site.Site"
