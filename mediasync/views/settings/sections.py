"""The sections of Settings, and who may open them."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _

SECTIONS = (
    ("settings-libraries", _("Folders"), True),
    ("settings-metadata", _("Metadata"), True),
    ("settings-sources", _("Sources"), True),
    ("settings-notices", _("Notices"), True),
    ("settings-people", _("People"), True),
    ("settings-programs", _("Programs"), True),
    ("settings-appearance", _("Appearance"), False),
)
View = Callable[..., HttpResponse]


def for_staff(view: View) -> View:
    """Let only staff open a view; others are told whom to ask."""

    @wraps(view)
    def checked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not request.user.is_staff:
            raise PermissionDenied
        return view(request, *args, **kwargs)

    return checked


def settings(request: HttpRequest) -> HttpResponse:
    """Lead to the first section that is this person's."""
    return redirect("settings-libraries" if request.user.is_staff else "settings-appearance")


def show(request: HttpRequest, name: str, context: dict[str, Any], *, status: int = 200) -> HttpResponse:
    """Show one section beside the list of those that this person may open."""
    mine = [(url, word) for url, word, staff in SECTIONS if request.user.is_staff or not staff]
    if not request.user.is_superuser:
        mine = [(url, word) for url, word in mine if url != "settings-people"]
    frame = {"section": "settings", "sections": mine, "here": f"settings-{name}"}
    return render(request, f"mediasync/settings/{name}.html", frame | context, status=status)
