"""Keys of programs that use the API: made, shown once, taken back."""

from __future__ import annotations

import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from mediasync import keys
from mediasync.models import ApiKey
from mediasync.views.settings.sections import for_staff, show
from pages.asking import Sure, ask
from pages.query import whole


@never_cache
@require_http_methods(["GET", "POST"])
@for_staff
def programs(request: HttpRequest) -> HttpResponse:
    """List the keys and make one; the answer to making it is the only page that ever shows it."""
    context: dict[str, Any] = {"scopes": ApiKey.Scope.choices, "made": "", "trouble": "", "asked": {}}
    if request.method == "POST":
        days = whole(request.POST.get("days"), 0)
        expires = timezone.now() + datetime.timedelta(days=days) if 0 < days < 36_500 else None
        wanted = {"scope": request.POST.get("scope", ""), "actor": request.user.get_username()}
        try:
            row, context["made"] = keys.create(request.POST.get("name", ""), expires_at=expires, **wanted)
            keys.forget_double(row, actor=wanted["actor"])
        except keys.BadKey as error:
            context |= {"trouble": str(error), "asked": request.POST}
    status = 422 if context["trouble"] else 200
    return show(request, "programs", context | {"keys": keys.known()}, status=status)


@require_http_methods(["GET", "POST"])
@for_staff
def key_revoke(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask, then take a key back, at once and for good."""
    found = get_object_or_404(ApiKey, pk=pk)
    if request.method != "POST":
        effect = _("Whatever uses it is turned away at once, and for good: it needs a new key then.")
        question = _("Take back the key of %s?") % found.name
        sure = Sure(question, effect, _("Take back"), reverse("settings-programs"))
        return ask(request, sure, section="settings")
    if keys.revoke(found, actor=request.user.get_username()):
        messages.success(request, _("The key of %s opens nothing any more.") % found)
    return redirect("settings-programs")
