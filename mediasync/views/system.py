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

from mediasync import system as household
from mediasync.health import acts, looking
from mediasync.health.checks import CHECKS
from mediasync.health.facts import Facts
from mediasync.health.finding import Level
from pages import live, moment


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
def system_act(request: HttpRequest) -> HttpResponse:
    """Do what a button of the page says: its value is "verb@thing"; for staff."""
    if not request.user.is_staff:
        raise PermissionDenied
    verb, _at, thing = request.POST.get("do", "").partition("@")
    actor = request.user.get_username()
    if verb in acts.ACTS:
        said = acts.do(verb, thing[:160], actor=actor)
    elif verb in ("hide", "show") and thing.partition(":")[0] in CHECKS:
        said = _hide(thing, actor) if verb == "hide" else _show(thing, actor)
    else:
        raise Http404
    messages.success(request, said or _("That is not there any more."))
    moment.ended()
    response = redirect("system")
    response.status_code = 303
    return response


def _hide(thing: str, actor: str) -> str:
    code, _colon, subject = thing.partition(":")
    finding = looking.found(code, subject)
    if finding is None:
        return _("It is well in the meantime.")
    if finding.level == Level.ERROR:
        return _("What needs somebody cannot be hidden.")
    looking.hide(finding, actor=actor)
    return _("It is hidden until it changes.")


def _show(thing: str, actor: str) -> str:
    code, _colon, subject = thing.partition(":")
    return _("It is shown again.") if looking.show(code, subject, actor=actor) else _("It was not hidden.")
