"""How often each source may be asked: the rules of its budget."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from mediasync.views.settings.sections import for_staff, show
from outbound import rules
from outbound.models import Source


@require_http_methods(["GET"])
@for_staff
def limits(request: HttpRequest) -> HttpResponse:
    """List the sources with the rules of their budgets."""
    return show(request, "sources", {"sources": _known()})


@require_POST
@for_staff
def limit(request: HttpRequest, name: str) -> HttpResponse:
    """Change the rules of one source; they hold at once."""
    source = get_object_or_404(Source, pk=name)
    try:
        rules.change(source, rules.parse(request.POST.get("rules", "")), actor=request.user.get_username())
    except rules.NotARule as error:
        context = {"sources": _known(), "wrong": name, "trouble": str(error), "given": request.POST.get("rules", "")}
        return show(request, "sources", context, status=422)
    messages.success(request, _("%s keeps to the new limit at once.") % name)
    return redirect("settings-sources")


def _known() -> list[Source]:
    found = list(Source.objects.order_by("name"))
    for source in found:
        source.said = rules.said(source.rules)  # type: ignore[attr-defined]
        source.said_by_settings = rules.said(source.declared_rules)  # type: ignore[attr-defined]
    return found
