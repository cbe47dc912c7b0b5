"""The System page: whether all is well, who works, what comes back by itself, disks, database, versions."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotModified
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe
from django.views.decorators.vary import vary_on_headers

from mediasync import context as frame
from mediasync import system as household
from mediasync.health import acts, looking
from mediasync.health.checks import CHECKS
from mediasync.health.facts import Facts
from mediasync.health.finding import Level
from pages import live


@require_safe
@vary_on_headers("HX-Request-Type")
def system(request: HttpRequest) -> HttpResponse:
    """Show it; the live part answers 304 while it would look the same."""
    facts = Facts()
    revision = live.revision_of(facts.pulse())
    if live.holds(request, revision):
        return HttpResponseNotModified()
    context: dict[str, Any] = {
        "section": "system",
        "revision": revision,
        "sheet": household.sheet(facts),
        "workers": household.workers(facts),
        "schedules": facts.schedules,
    }
    if not live.is_partial(request):
        context |= {
            "disks": list(household.rooms(facts)),
            "database": household.database(facts),
            "backups": facts.backups,
            "versions": household.versions(),
            "packages": household.packages(),
        }
    return live.show(request, "mediasync/system.html", "live", context)


@require_POST
def system_act(request: HttpRequest, verb: str) -> HttpResponse:
    """Do what the page offers beside a finding or a schedule, to the `thing` of the form; for staff."""
    if verb not in acts.ACTS:
        raise Http404
    said = acts.do(verb, request.POST.get("thing", "")[:120], actor=_staff(request))
    messages.success(request, said or _("That is not there any more."))
    return _back()


@require_POST
def finding_act(request: HttpRequest, code: str, verb: str) -> HttpResponse:
    """Hide a finding until it changes, or show it again; for staff."""
    actor, subject = _staff(request), request.POST.get("subject", "")[:120]
    if code not in CHECKS or verb not in ("hide", "show"):
        raise Http404
    if verb == "show":
        shown = looking.show(code, subject, actor=actor)
        messages.success(request, _("It is shown again.") if shown else _("It was not hidden."))
        return _back()
    finding = looking.found(code, subject)
    if finding is None:
        messages.success(request, _("It is well in the meantime."))
    elif finding.level == Level.ERROR:
        messages.error(request, _("What needs somebody cannot be hidden."))
    else:
        looking.hide(finding, actor=actor)
        messages.success(request, _("It is hidden until it changes."))
    return _back()


def _staff(request: HttpRequest) -> str:
    if not request.user.is_staff:
        raise PermissionDenied
    return request.user.get_username()


def _back() -> HttpResponse:
    frame.look_again()
    response = redirect("system")
    response.status_code = 303
    return response
